/** Send: checked as one types, by the rules the node will apply; its answer is read out where it fails all the same. */
import { useSignal } from '@preact/signals'
import type { TargetedSubmitEvent } from 'preact'
import { messageOf } from '../actions.ts'
import { addressProblem } from '../address.ts'
import { parseAmount } from '../format.ts'
import { nameOf, usePage } from '../page.ts'
import { text } from '../strings.ts'
import { Field } from './Field.tsx'

const words = text.send

export function SendForm() {
  const { state, actions } = usePage()
  const to = useSignal('')
  const amountText = useSignal('')
  const feeText = useSignal('1')
  const sending = useSignal(false)
  const result = useSignal<{ says: string; failed: boolean } | null>(null)
  if (!state.mayAct.value) return null

  const amount = parseAmount(amountText.value)
  const fee = parseAmount(feeText.value)
  const spendable = state.spendable.value
  const addressWrong = addressProblem(to.value)
  const toProblem = to.value.trim() === '' || addressWrong === undefined ? undefined : words.problems[addressWrong]
  const wholeAmount = amount !== undefined && amount >= 1
  const amountProblem = amountText.value === '' ? undefined
    : !wholeAmount ? words.notWhole
    : amount + (fee ?? 0) > spendable ? words.tooMuch(spendable)
    : undefined
  const feeProblem = fee === undefined ? words.feeNotWhole : undefined
  const ready = addressWrong === undefined && wholeAmount && amountProblem === undefined && fee !== undefined

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    if (!ready || sending.value) return
    sending.value = true
    result.value = null
    try {
      const recipient = to.value.trim()
      await actions.send({ recipient, amount, fee })
      result.value = { says: words.done(amount, nameOf(state, recipient)), failed: false }
      amountText.value = ''
    } catch (error) {
      result.value = { says: messageOf(error), failed: true }
    } finally {
      sending.value = false
    }
  }

  return (
    <section>
      <h2>{words.heading}</h2>
      <form onSubmit={(event) => void submit(event)} noValidate aria-label={words.heading}>
        <Field label={words.to} value={to} problem={toProblem} placeholder={words.toHint} list="known-accounts" code />
        <KnownAccounts />
        <div class="pair">
          <Field label={words.amount} value={amountText} problem={amountProblem} inputMode="numeric" />
          <Field label={words.fee} value={feeText} problem={feeProblem} inputMode="numeric" />
        </div>
        <button type="submit" disabled={!ready || sending.value || state.connection.value !== 'live'}>
          {sending.value ? words.sending : words.button(wholeAmount ? amount : undefined)}
        </button>
        <p role="status" class={result.value?.failed ? 'result failed' : 'result'}>{result.value?.says}</p>
      </form>
    </section>
  )
}

/** Who mined lately, to choose from while typing. */
function KnownAccounts() {
  const { state } = usePage()
  return (
    <datalist id="known-accounts">
      {[...state.miners.value].map(([account, height]) => (
        <option key={account} value={account}>{words.minerOf(nameOf(state, account), height)}</option>
      ))}
    </datalist>
  )
}
