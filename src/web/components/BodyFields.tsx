/** What the body root is made of: who mines, and the payments, whose amounts one may change. */
import { useSignal } from '@preact/signals'
import { toAddress } from '../../consensus/account.ts'
import type { BodyTransaction } from '../body-bytes.ts'
import type { Draft } from '../draft.ts'
import { parseAmount } from '../format.ts'
import { nameOf, usePage } from '../page.ts'
import { text } from '../strings.ts'
import { Dot } from './Dot.tsx'
import { Field } from './Field.tsx'
import { Hash } from './Hash.tsx'
import { Says } from './Says.tsx'

const words = text.trying
const AT_ONCE = 5

interface BodyFieldsProps {
  draft: Draft
  disabled: boolean
}

export function BodyFields({ draft, disabled }: BodyFieldsProps) {
  const shown = useSignal(AT_ONCE)
  const { transactions } = draft.original.body
  const root = draft.root.value
  const fits = root === draft.header.value?.bodyRoot
  return (
    <section class="body-fields">
      <h4>{words.body}</h4>
      <Field label={words.miner} value={draft.miner} problem={draft.minerProblem.value && words.minerWrong} code />
      {transactions.length === 0 && <p class="empty"><Says text={words.noTransactions} /></p>}
      {transactions.length > 0 && (
        <ol class="rows">
          {transactions.slice(0, shown.value).map((transaction, at) => (
            <Payment key={at} draft={draft} transaction={transaction} at={at} disabled={disabled} />
          ))}
        </ol>
      )}
      {shown.value < transactions.length && (
        <button type="button" class="more" onClick={() => { shown.value += AT_ONCE }}>{text.showMore}</button>
      )}
      {root !== undefined && (
        <p class={fits ? 'root holds' : 'root failed'}>
          {words.root} <Hash hash={root} /> {fits ? words.rootFits : words.rootDiffers}{' '}
          {!fits && (
            <button type="button" class="plain accent" disabled={disabled} onClick={() => { draft.fields.bodyRoot.value = root }}>
              {words.takeRoot}
            </button>
          )}
        </p>
      )}
    </section>
  )
}

function Payment({ draft, transaction, at, disabled }: BodyFieldsProps & { transaction: BodyTransaction; at: number }) {
  const { state } = usePage()
  const { amount, fee } = transaction
  const [sender, recipient] = [toAddress(transaction.sender), toAddress(transaction.recipient)]
  const typed = draft.amounts.value.get(at)
  const [from, to] = [nameOf(state, sender), nameOf(state, recipient)]
  const isWrong = typed !== undefined && parseAmount(typed) === undefined
  return (
    <li class="row">
      <Dot account={sender} />
      <span class="who">{from} → {to}</span>
      {isWrong && <span class="failed">{words.amountWrong}</span>}
      {!isWrong && draft.forged.value.includes(at) && <span class="failed">{words.amountWas(amount)}</span>}
      <input
        aria-label={words.amountOf(from, to)} aria-invalid={isWrong} inputMode="numeric" autoComplete="off" readOnly={disabled}
        value={typed ?? String(amount)}
        onInput={({ currentTarget }) => { draft.amounts.value = new Map(draft.amounts.value).set(at, currentTarget.value) }}
      />
      <span class="quiet">{words.fee(fee)}</span>
    </li>
  )
}
