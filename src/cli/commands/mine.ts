/**
 * `cairn mine [N]`: mines blocks now, one after the other.
 *
 * Each block is a request of its own: what was mined is known exactly when Ctrl-C comes, and closing the connection
 * cancels the one in hand.
 */
import type { Command } from 'commander'
import type { MinedBlocks } from '../../http/api.ts'
import type { Client } from '../../http/client.ts'
import { parseWhole } from '../amounts.ts'
import { connect } from '../connection.ts'
import type { Context } from '../context.ts'
import { Interrupted } from '../failure.ts'
import { formatCount, formatCountOf, formatDuration, formatHashRate } from '../format.ts'
import { examples } from '../help.ts'
import { paintHash } from '../output.ts'
import { createProgressLine, type ProgressLine } from '../progress.ts'

export function configure(command: Command, context: Context): void {
  command
    .argument('[N]', 'how many blocks (default: 1)', '1')
    .addHelpText('after', examples('cairn mine', 'cairn mine 3 --data ./node-a --json'))
    .action(async (text: string) => {
      const count = parseWhole('N', text, 1, 1_000_000)
      const { client } = await connect(context)
      const blocks = await mine(client, count, context)
      if (context.options.json) context.output.json({ blocks })
    })
}

async function mine(client: Client, count: number, { options, output, signal }: Context): Promise<MinedBlocks['blocks']> {
  const progress = createProgressLine(process.stderr)
  const blocks: MinedBlocks['blocks'] = []
  const done = new AbortController()
  const watching = watch(client, progress, () => `block ${blocks.length + 1} of ${count}`, AbortSignal.any([signal, done.signal]))
  try {
    while (blocks.length < count) {
      const mined = await client.mineBlocks(1, { signal })
      blocks.push(...mined.blocks)
      progress.clear()
      if (options.json) continue
      const { paint } = output
      for (const { height, hash } of mined.blocks) {
        output.line(`${paint('green', '■')} block ${paint('bold', formatCount(height))}  ${paintHash(hash, paint)}`)
      }
    }
    return blocks
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    throw new Interrupted(`interrupted: mined ${blocks.length} of ${formatCountOf(count, 'block')}`)
  } finally {
    done.abort()
    await watching
    progress.clear()
  }
}

/** Keeps the progress line up to date until the signal aborts. It is an ornament: if the events fail, mining goes on. */
async function watch(client: Client, progress: ProgressLine, what: () => string, signal: AbortSignal): Promise<void> {
  if (!process.stderr.isTTY) return
  progress.show(`mining ${what()} …`)
  try {
    for await (const { event, data } of client.events({ signal })) {
      if (event !== 'mining:progress') continue
      if (data.waiting) progress.show(`mining ${what()} waits until this node has caught up · Ctrl-C cancels`)
      if (data.hashRate === 0) continue
      const expected = data.expectedMs === null ? '' : ` · one takes about ${formatDuration(data.expectedMs)}`
      progress.show(`mining ${what()} · ${formatHashRate(data.hashRate)}${expected} · Ctrl-C cancels`)
    }
  } catch {
    // The signal, or a node that went away: the request for blocks says so.
  }
}
