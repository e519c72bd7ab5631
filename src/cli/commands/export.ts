/** `cairn export FILE`: the best chain of a data folder as one file. */
import type { Command } from 'commander'
import { exportChain } from '../../node/export-chain.ts'
import { dataFolder } from '../connection.ts'
import type { Context } from '../context.ts'
import { formatCountOf } from '../format.ts'
import { examples } from '../help.ts'
import { askedNetwork } from '../network-option.ts'
import { paintHash } from '../output.ts'
import { trackWork } from '../work-progress.ts'

const DESCRIPTION = `
Works whether a node runs on the folder or not, and takes the chain as it is
when the command begins. The file holds the network's parameters and every
block, no keys; cairn import checks all of it.`

export function configure(command: Command, { options, output, signal }: Context): void {
  command
    .argument('<FILE>', 'the file to write')
    .option('--force', 'write over a file of that name')
    .addHelpText('after', DESCRIPTION)
    .addHelpText('after', examples('cairn export club.cairn', 'cairn export club.cairn --data ./club --force --json'))
    .action(async (file: string, { force }: { force?: boolean }) => {
      const [dataDir, params] = [await dataFolder(options), askedNetwork(options.network)]
      const progress = trackWork('exporting', process.stderr)
      try {
        const { update: onProgress } = progress
        const { network, ...exported } = await exportChain({ dataDir, params, file, force, signal, onProgress })
        progress.end()
        if (options.json) return output.json({ file, ...exported })
        const { blocks, tip, bytes } = exported
        const { paint } = output
        const [count, size] = [formatCountOf(blocks, 'block'), formatCountOf(bytes, 'byte')]
        output.line(`${paint('green', '■')} exported ${count} of network ${paint('bold', network)}: ${size}`)
        output.line(`tip  ${paintHash(tip, paint)}`)
      } finally {
        progress.end()
      }
    })
}
