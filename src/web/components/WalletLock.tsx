/**
 * Whether the wallet can pay: not encrypted, locked, or unlocked for a while; and what to do about it. A passphrase is
 * taken only where nobody can listen on its way to the node: on the node's own machine.
 */
import { useSignal } from '@preact/signals'
import type { TargetedSubmitEvent } from 'preact'
import { useId } from 'preact/hooks'
import { messageOf } from '../actions.ts'
import { timeOfDay } from '../format.ts'
import { usePage } from '../page.ts'
import { text } from '../strings.ts'
import { Says } from './Says.tsx'

const words = text.walletView.lock

export function WalletLock() {
  const { state } = usePage()
  const wallet = state.wallet.value
  if (wallet === null) return <Says text={words.reading} />
  if (!wallet.encrypted) return <Says text={words.unencrypted} />
  if (!state.locked.value) return <Unlocked until={wallet.unlockedUntil} />
  return <Unlock />
}

function Unlocked({ until }: { until: number | null }) {
  const { state, actions } = usePage()
  const failure = useSignal('')
  const lock = async (): Promise<void> => {
    try {
      await actions.lockWallet()
    } catch (error) {
      failure.value = messageOf(error)
    }
  }
  return (
    <>
      <span role="status">{until === null ? words.unlocked : words.unlockedUntil(timeOfDay(until))}</span>{' '}
      <button type="button" class="plain accent" disabled={state.connection.value !== 'live'} onClick={() => void lock()}>{words.lock}</button>
      <span role="status" class="failed"> {failure.value}</span>
    </>
  )
}

function Unlock() {
  const { state, actions } = usePage()
  const passphrase = useSignal('')
  const unlocking = useSignal(false)
  const failure = useSignal('')
  const id = useId()
  if (!isSecureContext) return <b><Says text={words.lockedElsewhere} /></b>
  const unlock = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    if (passphrase.value === '' || unlocking.value) return
    unlocking.value = true
    failure.value = ''
    try {
      await actions.unlockWallet({ passphrase: passphrase.value })
    } catch (error) {
      failure.value = messageOf(error)
    } finally {
      passphrase.value = ''
      unlocking.value = false
    }
  }
  return (
    <>
      <b><Says text={words.locked} /></b>
      <form class="unlock" onSubmit={(event) => void unlock(event)} noValidate aria-label={words.heading}>
        <div class="field">
          <label for={id}>{words.passphrase}</label>
          <input
            id={id} type="password" value={passphrase.value} autoComplete="off" aria-describedby={`${id}-note`}
            onInput={(event) => { passphrase.value = event.currentTarget.value }}
          />
          <p id={`${id}-note`} class="hint">{words.note}</p>
        </div>
        <button type="submit" disabled={passphrase.value === '' || unlocking.value || state.connection.value !== 'live'}>
          {unlocking.value ? words.unlocking : words.unlock}
        </button>
        <p role="status" class="result failed">{failure.value}</p>
      </form>
    </>
  )
}
