/** Payments to and from this node's accounts, each with where it stands, as that changes. */
import { useEffect } from 'preact/hooks'
import { signed, span } from '../format.ts'
import { changeOf } from '../history-rows.ts'
import { usePage, walletNameOf } from '../page.ts'
import { listed, type Payment, type PaymentReading, type PaymentStanding, readPayments, withRead } from '../payments.ts'
import { accountLink, transactionLink } from '../route.ts'
import type { State } from '../state.ts'
import { text } from '../strings.ts'
import { type Answer, useAnswer } from '../use-answer.ts'
import { Dot } from './Dot.tsx'
import { Says } from './Says.tsx'

const words = text.walletView.payments
const SHOWN = 10

export function PaymentList() {
  const { state } = usePage()
  const { value: read, failure } = useReading()
  const payments = listed(state.payments.value).slice(0, SHOWN)
  const [newest] = payments
  const own = state.own.value
  return (
    <section>
      <h3>{words.heading}</h3>
      {failure !== undefined && <p class="failed">{text.views.failed(failure)}</p>}
      {payments.length === 0 && failure === undefined && (
        <p class="empty">
          <Says text={read === undefined ? text.views.loading : state.mayAct.value ? words.empty : words.emptyReading} />
        </p>
      )}
      <ol class="rows payments">
        {payments.map((payment) => <Row key={payment.transaction.id} payment={payment} />)}
      </ol>
      <p class="unseen" role="status">{newest && `${saying(state, newest)}: ${words.kinds[newest.standing.kind]}`}</p>
      {payments.length > 0 && (
        <p class="quiet">
          {words.all}{' '}
          {own.map(({ account }, at) => (
            <span key={account}>{at > 0 && ', '}<a class="link" href={accountLink(account)}>{walletNameOf(state, account)}</a></span>
          ))}
        </p>
      )}
    </section>
  )
}

/**
 * Reads them from the node when the list opens, and again when events say that one of them stands differently now, or
 * that the estimate of one that waits does: that is, with each block while one waits.
 */
function useReading(): Answer<PaymentReading> {
  const { state } = usePage()
  const own = state.own.value
  const waiting = [...state.payments.value.values()].filter(({ standing }) => standing.kind === 'pending')
  const unplaced = [...state.payments.value.values()].filter(({ standing }) => standing.kind === 'mined' && standing.block === null)
  const key = [
    ...own.map(({ account, balance, nonce }) => `${account} ${balance} ${nonce}`),
    ...[...waiting, ...unplaced].map(({ transaction, standing }) => `${transaction.id} ${standing.kind}`),
    waiting.length > 0 ? state.tip.value?.hash : '',
    state.news.value.find(({ kind }) => kind === 'switched')?.key,
  ].join()
  const answer = useAnswer(key, async (client, signal): Promise<PaymentReading> => {
    const asked = state.payments.value
    return { asked, read: await readPayments(client, own.map(({ account }) => account), SHOWN, signal) }
  })
  useEffect(() => {
    if (answer.value !== undefined) state.payments.value = withRead(state.payments.value, answer.value, state.now.value)
  }, [answer.value])
  return answer
}

function Row({ payment }: { payment: Payment }) {
  const { state } = usePage()
  const { transaction, standing } = payment
  const own = state.own.value
  const change = own.reduce((sum, { account }) => sum + changeOf(transaction, account), 0)
  const isOurs = own.some(({ account }) => account === transaction.sender)
  const row = (
    <>
      <Dot account={isOurs ? transaction.recipient : transaction.sender} />
      <span class="who">
        {saying(state, payment)}{transaction.memo ? <> <q>{transaction.memo}</q></> : null}
        <span key={standing.kind} class="standing" data-kind={standing.kind}>{standingOf(state, standing)}</span>
      </span>
      <span class={standing.kind === 'dropped' ? 'number undone' : 'number'}>{signed(change)}</span>
    </>
  )
  // The node has forgotten what it dropped.
  if (standing.kind === 'dropped') return <li><span class="row">{row}</span></li>
  return <li><a class="row" href={transactionLink(transaction.id)}>{row}</a></li>
}

/** Who pays whom. */
function saying(state: State, { transaction: { sender, recipient, amount } }: Payment): string {
  const own = new Set(state.own.value.map(({ account }) => account))
  const [from, to] = [walletNameOf(state, sender), walletNameOf(state, recipient)]
  if (own.has(sender) && own.has(recipient)) return words.within(from, to, amount)
  return own.has(sender) ? text.account.to(to) : text.account.from(from)
}

function standingOf(state: State, standing: PaymentStanding): string {
  switch (standing.kind) {
    case 'pending': {
      if (standing.minedInMs === null) return words.waits
      if (standing.minedInMs === undefined) return words.kinds.pending
      const { value, unit } = span(standing.minedInMs)
      return words.expectedIn(`${value} ${unit}`)
    }
    case 'mined': {
      const { block } = standing
      const tip = state.tip.value
      if (block === null || tip === undefined) return words.kinds.mined
      // A block above the tip is about to be left, or the tip to be told.
      return text.transaction.confirmed(block.height, Math.max(1, tip.height - block.height + 1))
    }
    case 'dropped': return words.dropped(standing.reason)
  }
}
