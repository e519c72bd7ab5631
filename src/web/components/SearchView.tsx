/** Looks up what was typed and goes where it leads; where it leads nowhere, says what was not found and what can be. */
import { useEffect } from 'preact/hooks'
import type { Client } from '../../http/client.ts'
import { ApiFailure } from '../../http/client.ts'
import { usePage } from '../page.ts'
import { goTo, isAt, type Route } from '../route.ts'
import { meaningOf } from '../search.ts'
import type { State } from '../state.ts'
import { text } from '../strings.ts'
import { useAnswer } from '../use-answer.ts'
import { Says } from './Says.tsx'
import { Unanswered, View } from './View.tsx'

const words = text.search

/** Where a search leads, or why it leads nowhere. */
type Found = Route | { nothing: string }

export function SearchView({ text: asked }: { text: string }) {
  const { state } = usePage()
  const { value: found, failure } = useAnswer(asked, (client, signal) => lookUp(asked, state, client, signal))
  useEffect(() => {
    // The search itself is no place to come back to.
    if (found !== undefined && 'view' in found && isAt({ view: 'search', text: asked })) goTo(found, { replace: true })
  }, [found])
  if (found === undefined || 'view' in found) return <Unanswered heading={words.searching(asked)} failure={failure} />
  return (
    <View heading={words.heading(asked)}>
      <p role="status">{found.nothing}</p>
      <ul class="kinds">{words.kinds.map((kind) => <li key={kind}><Says text={kind} /></li>)}</ul>
    </View>
  )
}

async function lookUp(asked: string, state: State, client: Client, signal: AbortSignal): Promise<Found> {
  const { best, side } = state.view.value
  const blocks = [...best.toReversed(), ...[...side.values()].map(({ block }) => block)]
  const meaning = meaningOf(asked, state.accountsByName.value, blocks)
  switch (meaning.kind) {
    case 'account': return { view: 'account', account: meaning.account }
    case 'block': return { view: 'block', block: meaning.hash }
    case 'not-an-account': return { nothing: text.send.problems[meaning.problem] }
    case 'unknown': return { nothing: words.unknown }
    case 'height': {
      const block = await there(client.block(Number(meaning.height), { signal }))
      return block ? { view: 'block', block: block.hash } : { nothing: words.noHeight((await client.status({ signal })).height) }
    }
    case 'hash': {
      if (await there(client.block(meaning.hash, { signal }))) return { view: 'block', block: meaning.hash }
      if (await there(client.transaction(meaning.hash, { signal }))) return { view: 'transaction', id: meaning.hash }
      return { nothing: words.noHash }
    }
  }
}

/** What is asked for, or undefined where the node has no such thing. */
async function there<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 404) return undefined
    throw error
  }
}
