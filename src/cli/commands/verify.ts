/** `cairn verify`: every rule again from genesis, every table, and every side branch of the chain in a data folder. */
import type { Command } from 'commander'
import { verifyChain } from '../../node/verify-chain.ts'
import { dataFolder } from '../connection.ts'
import type { Context } from '../context.ts'
import { formatCountOf } from '../format.ts'
import { examples } from '../help.ts'
import { askedNetwork } from '../network-option.ts'
import { paintHash } from '../output.ts'
import { trackWork } from '../work-progress.ts'
import { keepYoungGenerationSmall } from '../young-generation.ts'

const DESCRIPTION = `
Reads the folder's chain as it is now, whether a node runs on it or not, and
changes nothing: every block from genesis on by every rule, then balances, the
index of transactions, account history and undo data against what the blocks
did, then the blocks of side branches by every rule that needs no balances. The
first thing that is wrong ends it with status 1, its height, and what to do.`

export function configure(command: Command, { options, output, signal }: Context): void {
  command
    .addHelpText('after', DESCRIPTION)
    .addHelpText('after', examples('cairn verify', 'cairn verify --data ./club --json'))
    .action(async () => {
      const [dataDir, params] = [await dataFolder(options), askedNetwork(options.network)]
      keepYoungGenerationSmall()
      const progress = trackWork('verifying', process.stderr)
      try {
        const { network, ...verified } = await verifyChain({ dataDir, params, signal, onProgress: progress.update })
        progress.end()
        if (options.json) return output.json({ ...verified, ok: true })
        const { height, tip, sideBlocks, transactions, accounts } = verified
        const { paint } = output
        const counts = [
          formatCountOf(height, 'block'), formatCountOf(transactions, 'transaction'), formatCountOf(accounts, 'account'),
          ...(sideBlocks > 0 ? [`${formatCountOf(sideBlocks, 'block')} of side branches`] : []),
        ]
        output.line(`${paint('green', '■')} everything holds on network ${paint('bold', network)}: ${counts.join(', ')}`)
        output.line(`tip  ${paintHash(tip, paint)}`)
      } finally {
        progress.end()
      }
    })
}
