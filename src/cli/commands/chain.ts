/** `cairn chain`: blocks of the best chain, the newest first. */
import type { Command } from 'commander'
import type { BlockPage, BlockSummary } from '../../http/api.ts'
import type { Client } from '../../http/client.ts'
import { parseWhole } from '../amounts.ts'
import { connect } from '../connection.ts'
import type { Context } from '../context.ts'
import { formatAge, formatCount, formatMetric } from '../format.ts'
import { examples } from '../help.ts'
import { type Column, paintHash } from '../output.ts'

/** Most that the node gives at once. */
const PAGE = 100

export function configure(command: Command, context: Context): void {
  command
    .option('--from <HEIGHT>', 'begin with the block of this height (default: the latest)')
    .option('--limit <N>', 'how many blocks, going back (default: 20)', '20')
    .addHelpText('after', examples('cairn chain', 'cairn chain --from 100 --limit 10', 'cairn chain --limit 1 --json'))
    .action(async (options: { from?: string; limit: string }) => {
      const from = options.from === undefined ? undefined : parseWhole('--from', options.from, 0, 0xffff_ffff)
      const limit = parseWhole('--limit', options.limit, 1)
      const { client, status } = await connect(context)
      const page = await read(client, from, limit, context.signal)
      if (context.options.json) context.output.json(page)
      else context.output.table(columns(status.time), page.blocks, 'no blocks')
    })
}

async function read(client: Client, from: number | undefined, limit: number, signal: AbortSignal): Promise<BlockPage> {
  const blocks: BlockSummary[] = []
  let next: number | null | undefined = from === undefined ? undefined : from + 1
  do {
    const page: BlockPage = await client.blocks({ before: next, limit: Math.min(PAGE, limit - blocks.length) }, { signal })
    blocks.push(...page.blocks)
    next = page.next
  } while (next !== null && blocks.length < limit)
  return { blocks, next }
}

const columns = (now: number): Column<BlockSummary>[] => [
  {
    title: 'height',
    value: ({ height }) => formatCount(height),
    align: 'right',
    paint: (text, _block, paint) => paint('bold', text),
  },
  {
    title: 'hash',
    value: ({ hash }) => hash,
    cut: { where: 'middle', least: 15 },
    paint: (text, _block, paint) => paintHash(text, paint),
  },
  { title: 'found', value: ({ height, timestamp }) => (height === 0 ? '–' : formatAge(timestamp, now)), align: 'right' },
  { title: 'difficulty', value: ({ difficulty }) => formatMetric(difficulty), align: 'right', spare: 2 },
  { title: 'tx', value: ({ transactionCount }) => formatCount(transactionCount), align: 'right', spare: 1 },
  {
    title: 'miner',
    value: ({ height, miner, minerName }) => (height === 0 ? 'genesis' : (minerName ?? miner)),
    cut: { where: 'middle', least: 15 },
  },
]
