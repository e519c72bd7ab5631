/** `cairn block HEIGHT|HASH`: one block with its transactions. */
import type { Command } from 'commander'
import type { ApiTransaction, BlockDetail } from '../../http/api.ts'
import { parseWhole } from '../amounts.ts'
import { TRANSACTION_COLUMNS } from '../columns.ts'
import { connect } from '../connection.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../failure.ts'
import { formatAge, formatCount, formatCountOf, formatMetric, formatTime } from '../format.ts'
import { examples } from '../help.ts'
import { type Column, paintHash } from '../output.ts'
import { quote, stripControls } from '../text.ts'

export function configure(command: Command, context: Context): void {
  command
    .argument('<HEIGHT|HASH>', 'which block: its height on the best chain, or its hash')
    .addHelpText('after', examples('cairn block 12', 'cairn block 0 --json'))
    .action(async (which: string) => {
      const key = blockKey(which)
      const { client, status } = await connect(context)
      const block = await client.block(key, { signal: context.signal })
      if (context.options.json) context.output.json(block)
      else print(block, status.time, context)
    })
}

/** A height as a number, or a hash in lower case. */
export function blockKey(text: string): number | string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase()
  if (/^[\d.+-]/.test(text) && text.length < 64) return parseWhole('height', text, 0, 0xffff_ffff)
  throw new Refusal(`${quote(text)} is neither a height nor a hash: a hash has 64 hexadecimal digits`)
}

function print(block: BlockDetail, now: number, { output }: Context): void {
  const { paint } = output
  const time = block.height === 0 ? '' : `  ${paint('dim', formatAge(block.timestamp, now))}`
  output.fields([
    ['block', `${paint('bold', formatCount(block.height))}${block.best ? '' : paint('yellow', '  on a side branch')}`],
    ['hash', paintHash(block.hash, paint)],
    ['parent', paintHash(block.parent, paint)],
    ['time', `${formatTime(block.timestamp)}${time}`],
    ['difficulty', `${formatMetric(block.difficulty)} hashes  ${paint('dim', `bits ${block.bits}, nonce ${block.nonce}`)}`],
    ['miner', block.height === 0 ? 'nobody: this is where the network begins' : block.miner],
    ['', block.minerName === null ? undefined : paint('bold', stripControls(block.minerName))],
    ['contents', `${formatCountOf(block.transactionCount, 'transaction')} in ${formatCountOf(block.bytes, 'byte')}`],
    ['fees', formatCount(block.fees)],
  ])
  if (block.transactions.length === 0) return
  output.line()
  output.table(columns, block.transactions, '')
}

const columns: Column<ApiTransaction>[] = [
  ...TRANSACTION_COLUMNS,
  { title: 'memo', value: ({ memo }) => memo ?? '(bytes)', cut: { where: 'end', least: 8 }, spare: 2 },
]
