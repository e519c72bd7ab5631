/** Makes an account more, under a name. The wallet's words hold its key too, so nothing new is to be written down. */
import { useSignal } from '@preact/signals'
import type { TargetedSubmitEvent } from 'preact'
import { nameProblem } from '../account-name.ts'
import { messageOf } from '../actions.ts'
import { usePage } from '../page.ts'
import { text } from '../strings.ts'
import { Field } from './Field.tsx'

const words = text.walletView.newAccount

export function NewAccount() {
  const { state, actions } = usePage()
  const typed = useSignal('')
  const making = useSignal(false)
  const result = useSignal<{ says: string; failed: boolean } | null>(null)
  const wallet = state.wallet.value
  if (wallet === null) return null
  const name = typed.value.trim()
  const problem = nameProblem(typed.value, wallet.accounts.map((account) => account.name))
  const locked = state.locked.value
  const ready = name !== '' && problem === undefined && !locked && !making.value && state.connection.value === 'live'

  const make = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    if (!ready) return
    making.value = true
    result.value = null
    try {
      await actions.addAccount(name)
      result.value = { says: words.done(name), failed: false }
      typed.value = ''
    } catch (error) {
      result.value = { says: messageOf(error), failed: true }
    } finally {
      making.value = false
    }
  }

  return (
    <details class="new-account">
      <summary>{words.heading}</summary>
      <form onSubmit={(event) => void make(event)} noValidate aria-label={words.heading}>
        <Field
          label={words.name} value={typed} placeholder={words.hint} hint={locked ? words.locked : words.note}
          problem={problem && words.problems[problem]}
        />
        <button type="submit" class="soft" disabled={!ready}>{making.value ? words.making : words.button}</button>
        <p role="status" class={result.value?.failed ? 'result failed' : 'result'}>{result.value?.says}</p>
      </form>
    </details>
  )
}
