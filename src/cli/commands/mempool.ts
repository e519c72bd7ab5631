/** `cairn mempool`: the transactions that wait for a block, the best-paying first. */
import type { Command } from 'commander'
import type { MempoolPage } from '../../http/api.ts'
import { TRANSACTION_COLUMNS } from '../columns.ts'
import { connect } from '../connection.ts'
import type { Context } from '../context.ts'
import { formatAge, formatCount, formatCountOf, formatDuration } from '../format.ts'
import { examples } from '../help.ts'
import type { Column } from '../output.ts'

export function configure(command: Command, context: Context): void {
  command.addHelpText('after', examples('cairn mempool', 'cairn mempool --json')).action(async () => {
    const { client, status } = await connect(context)
    const page = await client.mempool({}, { signal: context.signal })
    if (context.options.json) return context.output.json(page)
    const { minimumFee, nextBlockFee } = page
    context.output.table(columns(status.time), page.transactions, 'nothing is pending')
    if (nextBlockFee > 0) context.output.line(`a fee of ${formatCount(nextBlockFee)} is in the next block`)
    if (minimumFee > 0) context.output.line(`this node takes no fee below ${formatCount(minimumFee)}`)
    const unseen = page.count - page.transactions.length
    if (unseen > 0) context.output.line(context.output.paint('dim', `and ${formatCountOf(unseen, 'transaction')} that pay less`))
  })
}

const columns = (now: number): Column<MempoolPage['transactions'][number]>[] => [
  ...TRANSACTION_COLUMNS,
  { title: 'came', value: ({ receivedAt }) => formatAge(receivedAt, now), align: 'right', spare: 2 },
  {
    title: 'mined in',
    // One that is not ready has a nonce that leaves a gap: another of its sender must come first.
    value: ({ minedInMs }) => (minedInMs === null ? 'after another' : `about ${formatDuration(minedInMs)}`),
    align: 'right',
  },
]
