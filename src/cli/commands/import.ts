/** `cairn import FILE`: a chain file into a data folder, every rule checked. */
import type { Command } from 'commander'
import { importChain, type Imported } from '../../node/import-chain.ts'
import type { ChainProgress } from '../../node/chain-progress.ts'
import type { Context } from '../context.ts'
import { Interrupted } from '../failure.ts'
import { formatCount, formatCountOf } from '../format.ts'
import { examples } from '../help.ts'
import { askedNetwork } from '../network-option.ts'
import { type Output, paintHash } from '../output.ts'
import { trackWork } from '../work-progress.ts'
import { keepYoungGenerationSmall } from '../young-generation.ts'

const DESCRIPTION = `
Needs the folder for itself: stop the node on it first. A new folder gets the
file's network. Blocks that are there already are passed over, so an import
that was stopped goes on where it was.`

export function configure(command: Command, { options, output, signal }: Context): void {
  command
    .argument('<FILE>', 'a file that cairn export wrote')
    .addHelpText('after', DESCRIPTION)
    .addHelpText('after', examples('cairn import club.cairn', 'cairn import club.cairn --data ./club --json'))
    .action(async (file: string) => {
      keepYoungGenerationSmall()
      const progress = trackWork('importing', process.stderr)
      let last: ChainProgress | undefined
      const onProgress = (now: ChainProgress): void => progress.update((last = now))
      try {
        const params = askedNetwork(options.network)
        const imported = await importChain({ file, dataDir: options.data, params, signal, onProgress })
        progress.end()
        if (options.json) {
          const { blocks, added, height, tip } = imported
          output.json({ file, blocks, added, height, tip })
        } else print(file, imported, output)
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error
        const all = last && `${formatCount(last.blocks)} of ${formatCount(last.of)}`
        const kept = all === undefined ? 'nothing' : `${all} blocks, which are kept`
        throw new Interrupted(`interrupted: imported ${kept}; the same command goes on from there`)
      } finally {
        progress.end()
      }
    })
}

function print(file: string, imported: Imported, { paint, line, fields }: Output): void {
  const { blocks, added, height, tip, network, dataDir, networkFile } = imported
  const known = blocks === added ? '' : `, ${formatCount(blocks - added)} were there already`
  line(`${paint('green', '■')} imported ${formatCountOf(added, 'block')} of ${file}${known}`)
  fields([
    ['network', paint('bold', network)],
    ['parameters', networkFile && `${networkFile}  ${paint('dim', 'give it to cairn start with --network')}`],
    ['data', dataDir],
    ['height', formatCount(height)],
    ['tip', paintHash(tip, paint)],
  ])
}
