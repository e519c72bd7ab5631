/** Transactions that wait for a block, the best-paying first: the order in which miners take them. */
import { nameOf, usePage } from '../page.ts'
import { transactionLink } from '../route.ts'
import { text } from '../strings.ts'
import { Dot } from './Dot.tsx'

const SHOWN = 8

export function PendingList() {
  const { state } = usePage()
  const pending = state.pendingByFee.value
  const rest = state.pendingCount.value - SHOWN
  return (
    <section>
      <h2>{text.pending.heading}</h2>
      {pending.length === 0 && <p class="empty">{text.pending.empty}</p>}
      <ol class="rows pending">
        {pending.slice(0, SHOWN).map(({ id, sender, recipient, amount, fee, memo }) => (
          <li key={id}>
            <a class="row" href={transactionLink(id)} title={memo ?? id}>
              <Dot account={sender} />
              <span class="who">{nameOf(state, sender)} → {nameOf(state, recipient)}</span>
              <span class="quiet">{text.pending.amount(amount, fee)}</span>
            </a>
          </li>
        ))}
      </ol>
      {rest > 0 && <p class="quiet">{text.pending.more(rest)}</p>}
    </section>
  )
}
