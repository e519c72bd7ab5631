/**
 * Send: checked as one types, by the rules the node will apply; what will happen is shown before; the node's answer is
 * read out where it fails all the same.
 */
import { useSignal } from '@preact/signals'
import type { TargetedSubmitEvent } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { ApiTransaction } from '../../http/api.ts'
import { messageOf } from '../actions.ts'
import { count, span } from '../format.ts'
import type { OwnAccount } from '../own-accounts.ts'
import { nameOf, usePage, walletNameOf } from '../page.ts'
import { checkPayment, MAX_MEMO_BYTES } from '../payment-check.ts'
import { linkTo } from '../route.ts'
import { text } from '../strings.ts'
import { suggestedFee, useEstimate } from '../use-estimate.ts'
import { Choice } from './Choice.tsx'
import { Field } from './Field.tsx'
import { KnownAccounts } from './KnownAccounts.tsx'
import { SendPreview } from './SendPreview.tsx'

const words = text.send

interface SendFormProps {
  /** In a view of its own: with the account that pays, and words for the recipient. @default false */
  whole?: boolean
}

export function SendForm({ whole = false }: SendFormProps) {
  const { state, actions } = usePage()
  const from = useSignal('')
  const to = useSignal('')
  const amountText = useSignal('')
  const feeText = useSignal('1')
  const memo = useSignal('')
  const sending = useSignal(false)
  const sent = useSignal<ApiTransaction | null>(null)
  const failure = useSignal('')

  const accounts = state.own.value
  const payer = accounts.find(({ account }) => account === from.value) ?? accounts[0]
  const spendable = payer?.spendable ?? 0
  const typed = { to: to.value, amount: amountText.value, fee: feeText.value, memo: memo.value }
  const names = new Map(accounts.flatMap(({ name, account }) => (name === null ? [] : [[name, account]])))
  const isUsed = whole || to.value !== '' || amountText.value !== '' || memo.value !== ''
  const { fee: asked } = checkPayment(typed, { spendable, minimumFee: 0, names })
  // Its sender's payments are mined in order: behind one that pays less, it waits as long as that one.
  const lowest = Math.min(asked ?? 0, ...pendingFeesOf(payer))
  const behind = asked !== undefined && lowest < asked ? lowest : undefined
  const estimate = useEstimate(isUsed && state.mayAct.value ? lowest : undefined)
  const checked = checkPayment(typed, { spendable, minimumFee: estimate?.minimumFee ?? 0, names })
  const suggested = suggestedFee(estimate)

  // A fee that nobody typed follows the proposal, until all is filled in: what is about to be sent does not change by itself.
  const proposed = useRef(feeText.value)
  useEffect(() => {
    if (checked.ready || feeText.value !== proposed.current) return
    proposed.current = feeText.value = String(suggested)
  }, [suggested, checked.ready])

  if (!state.mayAct.value || payer === undefined) return null
  const { problems, recipient, amount, fee, ready } = checked
  const locked = state.locked.value
  const Heading = whole ? 'h3' : 'h2'

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    if (!ready || recipient === undefined || amount === undefined || sending.value || locked) return
    sending.value = true
    sent.value = null
    failure.value = ''
    try {
      sent.value = await actions.send({ recipient, amount, fee, sender: payer.account, memo: memo.value === '' ? undefined : memo.value })
      amountText.value = ''
      memo.value = ''
    } catch (error) {
      failure.value = messageOf(error)
    } finally {
      sending.value = false
    }
  }

  return (
    <section>
      <Heading>{words.heading}</Heading>
      <form onSubmit={(event) => void submit(event)} noValidate aria-label={words.heading}>
        {whole && accounts.length > 1 && (
          <Choice label={words.from} value={payer.account} onChoose={(account) => { from.value = account }}>
            {accounts.map(({ account, spendable }) => (
              <option key={account} value={account}>{words.payer(walletNameOf(state, account), spendable)}</option>
            ))}
          </Choice>
        )}
        <Field
          label={words.to} value={to} placeholder={words.toHint} list="known-accounts" code
          problem={problems.to && words.problems[problems.to]}
        />
        <KnownAccounts payer={payer.account} />
        <div class="pair">
          <Field label={words.amount} value={amountText} problem={amountProblem()} inputMode="numeric" />
          <Field label={words.fee} value={feeText} problem={feeProblem()} hint={proposal()} inputMode="numeric" />
        </div>
        {whole && (
          <Field
            label={words.memo} value={memo} hint={memo.value === '' ? undefined : words.memoBytes(checked.memoBytes, MAX_MEMO_BYTES)}
            problem={problems.memo && words.memoTooLong(checked.memoBytes, MAX_MEMO_BYTES)}
          />
        )}
        <SendPreview checked={checked} payer={payer} estimate={estimate} behind={behind} />
        {locked && (
          <p class="failed">
            {words.locked} {whole ? words.unlockAbove : <a class="link" href={linkTo({ view: 'wallet' })}>{words.unlockThere}</a>}
          </p>
        )}
        <button type="submit" disabled={!ready || locked || sending.value || state.connection.value !== 'live'}>
          {sending.value ? words.sending : words.button(amount)}
        </button>
        <p role="status" class={failure.value === '' ? 'result' : 'result failed'}>
          {sent.value === null ? failure.value : saying(sent.value)}
        </p>
      </form>
    </section>
  )

  /** Of a payment that was sent here: where it stands by now. */
  function saying({ id, amount, recipient }: ApiTransaction): string {
    return words.done(amount, nameOf(state, recipient), state.payments.value.get(id)?.standing.kind)
  }

  function pendingFeesOf(own: OwnAccount | undefined): number[] {
    return [...state.pending.value.values()].filter(({ sender }) => sender === own?.account).map(({ fee }) => fee)
  }

  function amountProblem(): string | undefined {
    switch (problems.amount) {
      case 'not-whole': return words.notWhole
      case 'too-much': return words.tooMuch(spendable)
      default: return undefined
    }
  }

  function feeProblem(): string | undefined {
    switch (problems.fee) {
      case 'not-whole': return words.feeNotWhole
      case 'too-low': return words.feeTooLow(estimate?.minimumFee ?? 0)
      default: return undefined
    }
  }

  /** The proposed fee, where another one was typed; else what it buys, until the amount is typed and all is shown. */
  function proposal() {
    if (estimate === undefined || fee === undefined) return undefined
    if (fee === suggested) {
      const { value, unit } = span(estimate.minedInMs)
      return amount === undefined ? words.minedIn(`${value} ${unit}`, estimate.blocks) : undefined
    }
    return (
      <button type="button" class="plain accent" onClick={() => { feeText.value = String(suggested) }}>
        {words.proposed(count(suggested))}
      </button>
    )
  }
}
