/** An account: what it has, how to pay it, and what touched it, with the balance after each. */
import { useSignal } from '@preact/signals'
import type { AccountHistory, ApiTransaction } from '../../http/api.ts'
import type { Client } from '../../http/client.ts'
import { count, signed } from '../format.ts'
import { changeOf, type HistoryRow, historyRows } from '../history-rows.ts'
import { nameOf, usePage } from '../page.ts'
import { blockLink, transactionLink } from '../route.ts'
import type { State } from '../state.ts'
import { text } from '../strings.ts'
import { useAnswer } from '../use-answer.ts'
import { Ago } from './Ago.tsx'
import { Copy } from './Copy.tsx'
import { Dot } from './Dot.tsx'
import { Fact } from './Fact.tsx'
import { Json } from './Json.tsx'
import { QrCode } from './QrCode.tsx'
import { Unanswered, View } from './View.tsx'

const words = text.account
/** Transactions shown at first, and more at each "show more"; the node gives at most 100 at once. */
const AT_FIRST = 20
const STEP = 50
const PAGE = 100

export function AccountView({ account: asked }: { account: string }) {
  const { state } = usePage()
  const shown = useSignal(AT_FIRST)
  // Blocks move it, and so does what is sent to it or from it.
  const pending = [...state.pending.value.values()].filter(({ sender, recipient }) => sender === asked || recipient === asked)
  const key = `${asked} ${shown.value} ${state.tip.value?.hash} ${pending.map(({ id }) => id).join()}`
  const { value, failure } = useAnswer(key, async (client, signal) => {
    const [account, history] = await Promise.all([client.account(asked, { signal }), readHistory(client, asked, shown.value, signal)])
    return { account, history }
  })
  if (value === undefined) return <Unanswered heading={text.views.account} failure={failure} />
  const { account, history } = value
  const fields = words.fields
  const rows = historyRows(account, history)
  const isOwn = state.own.value.some((own) => own.account === account.account)
  return (
    <View
      heading={<><Dot account={account.account} /> {nameOf(state, account.account)}</>}
      says={account.account === state.status.value?.account ? words.own : isOwn ? words.inWallet : undefined}
    >
      <div class="beside-qr">
        <dl class="fields">
          <Fact is={fields.account}><Copy whole={account.account} title={text.wallet.copyTitle} /></Fact>
          <Fact is={fields.balance}><b>{count(account.balance)}</b></Fact>
          <Fact is={fields.spendable}>{count(account.spendable)}</Fact>
          <Fact is={fields.pending}>{signed(account.pending)}</Fact>
          <Fact is={fields.nonce}>{count(account.nonce)}</Fact>
        </dl>
        <QrCode of={account.account} label={words.qr} />
      </div>
      <section>
        <h3>{words.history}</h3>
        {rows.length === 0 ? <p class="empty">{words.empty}</p> : <History rows={rows} account={account.account} />}
        {history.next !== null && (
          <button type="button" class="more" onClick={() => { shown.value += STEP }}>{text.showMore}</button>
        )}
      </section>
      <Json route={`/api/v1/accounts/${account.account}`} value={account} />
      <Json route={`/api/v1/accounts/${account.account}/transactions`} value={history} summary={text.views.historyJson} />
    </View>
  )
}

/** The newest transactions, as many as are to be shown. */
async function readHistory(client: Client, account: string, limit: number, signal: AbortSignal): Promise<AccountHistory> {
  const history = await client.history(account, { limit: Math.min(limit, PAGE) }, { signal })
  while (history.next !== null && history.transactions.length < limit) {
    const rest = Math.min(PAGE, limit - history.transactions.length)
    const { transactions, next } = await client.history(account, { before: history.next, limit: rest }, { signal })
    history.transactions.push(...transactions)
    history.next = next
  }
  return history
}

function History({ rows, account }: { rows: readonly HistoryRow[]; account: string }) {
  const { state } = usePage()
  return (
    <table class="history">
      <thead><tr>{words.columns.map((column) => <th key={column} scope="col">{column}</th>)}</tr></thead>
      <tbody>
        {rows.map((row) => (row.kind === 'mined'
          ? (
            <tr key={`mined ${row.key}`} class="quiet">
              <td /><td>{words[row.place]}</td><td class="number">{signed(row.change)}</td><td class="number">{count(row.balance)}</td>
            </tr>
          )
          : (
            <tr key={row.transaction.id}>
              <td>
                {row.block === null
                  ? <span class="quiet">{words.waits}</span>
                  : <a href={blockLink(row.block.hash)}><Ago at={row.block.timestamp} /></a>}
              </td>
              <td><a href={transactionLink(row.transaction.id)}><Saying state={state} transaction={row.transaction} account={account} /></a></td>
              <td class="number">{signed(changeOf(row.transaction, account))}</td>
              <td class="number">{row.balance !== null && count(row.balance)}</td>
            </tr>
          )))}
      </tbody>
    </table>
  )
}

interface SayingProps {
  state: State
  transaction: ApiTransaction
  account: string
}

/** Who was on the other side, and the sender's words. */
function Saying({ state, transaction: { sender, recipient, fee, memo }, account }: SayingProps) {
  const other = sender === account ? recipient : sender
  const says = sender === recipient ? words.itself
    : sender === account ? words.to(nameOf(state, other))
    : words.from(nameOf(state, other))
  return (
    <>
      <Dot account={other} /> {says}
      {sender === account && fee > 0 && <span class="quiet"> · {words.fee(fee)}</span>}
      {memo ? <> <q>{memo}</q></> : null}
    </>
  )
}
