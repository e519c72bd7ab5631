/** `cairn mempool`: the transactions that wait for a block, the best-paying first. */
import type { Command } from 'commander'
import type { MempoolPage } from '../../http/api.ts'
import { TRANSACTION_COLUMNS } from '../columns.ts'
import { connect } from '../connection.ts'
import type { Context } from '../context.ts'
import { formatAge, formatCountOf } from '../format.ts'
import { examples } from '../help.ts'
import type { Column } from '../output.ts'

export function configure(command: Command, context: Context): void {
  command.addHelpText('after', examples('cairn mempool', 'cairn mempool --json')).action(async () => {
    const { client, status } = await connect(context)
    const page = await client.mempool({}, { signal: context.signal })
    if (context.options.json) return context.output.json(page)
    context.output.table(columns(status.time), page.transactions, 'nothing is pending')
    const unseen = page.count - page.transactions.length
    if (unseen > 0) context.output.line(context.output.paint('dim', `and ${formatCountOf(unseen, 'transaction')} that pay less`))
  })
}

const columns = (now: number): Column<MempoolPage['transactions'][number]>[] => [
  ...TRANSACTION_COLUMNS,
  {
    title: 'waits',
    // One that is not ready has a nonce that leaves a gap: another of its sender must come first.
    value: ({ ready, receivedAt }) => (ready ? formatAge(receivedAt, now) : 'for another'),
    align: 'right',
  },
]
