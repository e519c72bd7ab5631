/**
 * Gives the block as it is typed to the node, which judges it as it judges everybody's: what the page finds good is taken,
 * and what breaks a rule is refused, by the same word.
 */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { toAddress } from '../../consensus/account.ts'
import { toHex } from '../../consensus/hex.ts'
import { ApiFailure } from '../../http/client.ts'
import { messageOf } from '../actions.ts'
import { encodeBlock } from '../body-bytes.ts'
import { newCoinsAt } from '../coins.ts'
import type { Draft } from '../draft.ts'
import { nameOf, usePage } from '../page.ts'
import { blockLink } from '../route.ts'
import { text } from '../strings.ts'
import { Says } from './Says.tsx'

const words = text.trying

interface HandInProps {
  draft: Draft
  /** Whether it breaks no rule that the page knows of. */
  isGood: boolean
  searching: boolean
  /** Takes the next block as it is by now. */
  onRenew: () => void
}

type Answer = { outcome: 'mined'; height: number; hash: string; says: string } | { outcome: 'refused'; says: string }

export function HandIn({ draft, isGood, searching, onRenew }: HandInProps) {
  const { state, actions } = usePage()
  const handing = useSignal(false)
  const answer = useSignal<Answer | null>(null)
  const [header, body] = [draft.bytes.value, draft.body.value]
  const parameters = state.network.value?.parameters
  // What the node said was of another block, once something else is typed.
  useEffect(() => { answer.value = null }, [header, draft.root.value])

  const handIn = async (): Promise<void> => {
    if (header === undefined || body === undefined) return
    handing.value = true
    answer.value = null
    try {
      const { height, hash } = await actions.read((client) => client.submitBlock({ block: toHex(encodeBlock(header, body)) }))
      const fees = body.transactions.reduce((sum, { fee }) => sum + fee, 0)
      const coins = parameters === undefined ? 0 : newCoinsAt(height, parameters)
      answer.value = { outcome: 'mined', height, hash, says: words.pays(coins + fees, nameOf(state, toAddress(body.miner))) }
    } catch (error) {
      const code = error instanceof ApiFailure ? error.code : undefined
      answer.value = { outcome: 'refused', says: words.refused(messageOf(error), code) }
    } finally {
      handing.value = false
    }
  }

  const disabled = header === undefined || body === undefined || searching || handing.value || state.connection.value !== 'live'
  const told = answer.value
  if (told?.outcome === 'mined') {
    return (
      <p role="status" class="mined">
        <b>{words.done(told.height)}</b> {words.doneMore} {told.says}{' '}
        <a href={blockLink(told.hash)}>{words.look}</a>{' '}
        <button type="button" class="plain accent" onClick={onRenew}>{words.renew}</button>
      </p>
    )
  }
  return (
    <div class="hand-in">
      <button type="button" class={isGood ? undefined : 'soft'} disabled={disabled} onClick={() => void handIn()}>
        {handing.value ? words.handing : isGood ? words.handIn : words.handInAll}
      </button>
      <p role="status" class={told === null ? 'quiet' : 'failed'}>
        <Says text={told?.says ?? (header === undefined || body === undefined ? words.unencoded : isGood ? '' : words.notReady)} />
      </p>
    </div>
  )
}
