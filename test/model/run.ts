/**
 * `npm run model [-- --nodes N,… --block-ms MS,… --block-bytes BYTES,… --surroundings lan|internet --upload-mbit N
 * --topology TOPOLOGY --ms-per-megabyte N --in-turn --mesh-only --blocks N --seed S --svg FILE --csv FILE]`: a model of
 * networks from a LAN to the internet, over block time and size, as a table (Markdown), a picture and a CSV. Without options
 * the whole grid, in some minutes. The same options give the same table.
 *
 * Another network than today's: `--in-turn` sends one copy after the other, `--mesh-only` does not send a block that was found
 * to every peer at once, `--ms-per-megabyte 0` passes blocks on before they are checked whole.
 *
 *   to 50 %, 95 %, 99 %   until so many of the nodes have a block of the chain, median; p95: of nineteen blocks in twenty
 *   lost, counted         blocks beside the chain: by the equation from the delay, and in the run
 *   kB/s, busiest         what a node sends of blocks, on average, and the one that sends most
 *   payments, line        what gossip of the payments in them costs besides, kB/s; and both, of what a line carries
 */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { optionsOrExit } from '../support/options-or-exit.ts'
import { type Cell, cellsOf, GRID } from './grid.ts'
import { scaleSvg } from './scale-svg.ts'
import { csvOf, tableHead, tableRow } from './table.ts'

const [text, flag] = [{ type: 'string' }, { type: 'boolean', default: false }] as const
const { values } = optionsOrExit({
  options: {
    nodes: text, 'block-ms': text, 'block-bytes': text, surroundings: text, 'upload-mbit': text, topology: text, blocks: text, seed: text,
    'ms-per-megabyte': text, 'in-turn': flag, 'mesh-only': flag, svg: text, csv: text,
  },
})

/** Ends with one line and status 2. */
function refuse(message: string): never {
  console.error(message)
  process.exit(2)
}

function numberOf(name: string, given: string): number {
  if (!/^\d+(\.\d+)?$/.test(given)) refuse(`--${name}: must be a number, is “${given}”`)
  return Number(given)
}

const listOf = (name: 'nodes' | 'block-ms' | 'block-bytes', all: readonly number[]): readonly number[] =>
  values[name]?.split(',').map((one) => numberOf(name, one)) ?? all
const oneOf = (name: 'upload-mbit' | 'ms-per-megabyte' | 'blocks' | 'seed'): number | undefined => values[name] === undefined ? undefined : numberOf(name, values[name])

const { surroundings, topology, svg, csv } = values
if (surroundings !== undefined && surroundings !== 'lan' && surroundings !== 'internet') refuse(`--surroundings: must be lan or internet, is “${surroundings}”`)
const seed = oneOf('seed') ?? 1
const cells: Cell[] = []
const began = performance.now()
try {
  const grid = cellsOf({
    nodes: listOf('nodes', GRID.nodes), blockMs: listOf('block-ms', GRID.blockMs), blockBytes: listOf('block-bytes', GRID.blockBytes),
    seed, surroundings, topology, uploadMbit: oneOf('upload-mbit'), msPerMegabyte: oneOf('ms-per-megabyte'),
    isInTurn: values['in-turn'], isMeshOnly: values['mesh-only'], blocks: oneOf('blocks'),
  })
  for (const cell of grid) {
    if (cells.length === 0) console.log(tableHead())
    cells.push(cell)
    console.log(tableRow(cell))
  }
} catch (error) {
  if (error instanceof RangeError) refuse(error.message)
  throw error
}
for (const [file, made] of [[svg, scaleSvg], [csv, csvOf]] as const) {
  if (file === undefined) continue
  try {
    writeFileSync(file, made(cells))
  } catch (error) {
    console.error(`${file} cannot be written (${(error as Error).message}): give a file in a folder that is there`) // it throws nothing else
    process.exit(1)
  }
}
const steps = cells.reduce((sum, { figures }) => sum + figures.events, 0)
const hash = createHash('sha256').update(csvOf(cells)).digest('hex').slice(0, 16)
console.log(`\nSeed ${seed}: ${cells.length} cells, ${(steps / 1e6).toFixed(1)} million steps, ${Math.round((performance.now() - began) / 1_000)} s; table ${hash}.`)
