/** A block to change by hand: which one, and how to begin. */
import { useSignal } from '@preact/signals'
import { fromHex } from '../../consensus/hex.ts'
import { encodeBlock, readBody } from '../body-bytes.ts'
import { usePage } from '../page.ts'
import { goTo, linkTo } from '../route.ts'
import { text } from '../strings.ts'
import { useAnswer } from '../use-answer.ts'
import { Lesson } from './Lesson.tsx'

const words = text.trying

/** @param asked a height or a hash; the next block unless it is given */
export function TryIt({ asked }: { asked: string | undefined }) {
  const { state } = usePage()
  const account = state.status.value?.account ?? ''
  /** Which one of the next blocks: there is another whenever somebody asks. */
  const turn = useSignal(0)
  const key = `${asked} ${turn.value}`
  const { value: block, failure } = useAnswer(key, async (client, signal) => {
    if (asked !== undefined) return { key, encoded: await client.encodedBlock(asked, { signal }) }
    const { header, body } = await client.template(account, { body: true, signal })
    return { key, encoded: encodeBlock(fromHex(header), readBody(fromHex(body ?? ''))) }
  })
  return (
    <section class="trying">
      <h3 tabIndex={-1}>{words.heading}</h3>
      <ol class="steps">{words.steps.map((step) => <li key={step}>{step}</li>)}</ol>
      <Choose asked={asked} />
      {failure !== undefined && (
        <p class="failed" role="status">
          {text.views.failed(failure)}{' '}
          <button type="button" class="plain accent" onClick={() => { turn.value += 1 }}>{words.again}</button>
        </p>
      )}
      {block !== undefined && (
        <Lesson key={block.key} encoded={block.encoded} isNext={asked === undefined} onRenew={() => { turn.value += 1 }} />
      )}
    </section>
  )
}

function Choose({ asked }: { asked: string | undefined }) {
  const { state } = usePage()
  const other = useSignal(asked ?? '')
  const tip = state.tip.value
  const isTip = tip !== undefined && (asked === tip.hash || asked === String(tip.height))
  return (
    <form
      class="choose" aria-label={words.choose}
      onSubmit={(event) => {
        event.preventDefault()
        const block = other.value.trim().replace(/[\s\u202f]/g, '')
        if (block !== '') goTo({ view: 'mining', block })
      }}
    >
      <a class="button soft" href={linkTo({ view: 'mining' })} aria-current={asked === undefined ? 'true' : undefined}>{words.next}</a>
      {tip !== undefined && tip.height > 0 && (
        <a class="button soft" href={linkTo({ view: 'mining', block: tip.hash })} aria-current={isTip ? 'true' : undefined}>{words.tip(tip.height)}</a>
      )}
      <label>
        {words.other}
        <input
          value={other.value} placeholder={words.otherHint} autoComplete="off" spellcheck={false} class="code"
          onInput={(event) => { other.value = event.currentTarget.value }}
        />
      </label>
      <button type="submit" class="soft">{words.open}</button>
    </form>
  )
}
