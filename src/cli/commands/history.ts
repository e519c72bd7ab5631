/** `cairn history [ACCOUNT]`: the transactions that paid or spent from an account, the newest first. */
import type { Command } from 'commander'
import type { AccountHistory, ApiTransaction, TransactionDetail } from '../../http/api.ts'
import { findAccount } from '../account-option.ts'
import { parseWhole } from '../amounts.ts'
import { connect } from '../connection.ts'
import type { Context } from '../context.ts'
import { formatAge, formatChange, formatCount } from '../format.ts'
import { examples } from '../help.ts'
import type { Column } from '../output.ts'

/** Most that the node gives at once. */
const PAGE = 100

type Entry = ApiTransaction & Partial<Pick<TransactionDetail, 'block'>>

export function configure(command: Command, context: Context): void {
  command
    .description('the transactions of an account, the newest first; what it mined is in its balance, not here')
    .argument('[ACCOUNT]', 'an account (cairn1…) or the name of one of this node’s (default: the one that mining pays)')
    .option('--limit <N>', 'how many transactions (default: 20)', '20')
    .addHelpText('after', examples('cairn history', 'cairn history cairn1… --limit 5 --json'))
    .action(async (which: string | undefined, options: { limit: string }) => {
      const limit = parseWhole('--limit', options.limit, 1)
      const address = await findAccount(which, context)
      const { client, status } = await connect(context)
      const account = await address(client, status)

      const first = await client.history(account, { limit: Math.min(PAGE, limit) }, { signal: context.signal })
      const history: AccountHistory = { ...first }
      while (history.next !== null && history.transactions.length < limit) {
        const page = { before: history.next, limit: Math.min(PAGE, limit - history.transactions.length) }
        const { transactions, next } = await client.history(account, page, { signal: context.signal })
        history.transactions.push(...transactions)
        history.next = next
      }
      if (context.options.json) return context.output.json(history)
      const entries: Entry[] = [...history.pending, ...history.transactions]
      context.output.table(columns(account, status.time), entries, 'no transactions yet')
    })
}

const columns = (account: string, now: number): Column<Entry>[] => [
  {
    title: 'when',
    value: ({ block }) => (block ? formatAge(block.timestamp, now) : 'pending'),
    align: 'right',
    paint: (text, { block }, paint) => (block ? text : paint('yellow', text)),
  },
  { title: 'block', value: ({ block }) => (block ? formatCount(block.height) : '–'), align: 'right', spare: 1 },
  {
    title: 'change',
    value: (entry) => formatChange(change(entry, account)),
    align: 'right',
    paint: (text, entry, paint) => paint(change(entry, account) > 0 ? 'green' : 'bold', text),
  },
  {
    title: 'with',
    value: ({ sender, recipient }) => (sender === recipient ? 'itself' : sender === account ? recipient : sender),
    cut: { where: 'middle', least: 15 },
  },
  { title: 'memo', value: ({ memo }) => memo ?? '(bytes)', cut: { where: 'end', least: 8 }, spare: 2 },
  { title: 'id', value: ({ id }) => id, cut: { where: 'middle', least: 15 } },
]

/** What a transaction did to the account: received − (sent + fee). */
const change = ({ sender, recipient, amount, fee }: Entry, account: string): number =>
  (recipient === account ? amount : 0) - (sender === account ? amount + fee : 0)
