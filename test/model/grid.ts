/**
 * A model over block time and size, from a LAN to an internet-wide network: the cells of the table and of the picture.
 *
 * Small networks run more blocks than large ones, so that each cell takes seconds. Blocks of any size go whole, and those of
 * more than a few payments as compact ones too.
 */
import { modelNetwork, type ModelFigures } from '../../src/swarm/model/model-network.ts'
import { INTERNET, LAN, MEASURED_HOP, type Surroundings } from '../../src/swarm/model/options.ts'
import { parseTopology } from '../../src/swarm/topology.ts'

export interface GridOptions {
  nodes: readonly number[]
  blockMs: readonly number[]
  blockBytes: readonly number[]
  seed: number
  /** @default a LAN up to 100 nodes, the internet above */
  surroundings?: 'lan' | 'internet' | undefined
  /** Of a node's line, Mbit/s. @default as the surroundings have it */
  uploadMbit?: number | undefined
  /** As `cairn swarm` takes it. @default random, of 16 */
  topology?: string | undefined
  /** Time of a node for a block, besides the part that does not grow with it. @default as measured */
  msPerMegabyte?: number | undefined
  /** As `modelNetwork` takes them. @default as nodes are today */
  isInTurn?: boolean | undefined
  isMeshOnly?: boolean | undefined
  /** In a cell. @default by the number of nodes */
  blocks?: number | undefined
}

export interface Cell {
  nodes: number
  where: 'LAN' | 'internet'
  uploadBytesPerSecond: number
  blockMs: number
  blockBytes: number
  isCompact: boolean
  figures: ModelFigures
}

export const GRID = { nodes: [30, 1_000, 10_000], blockMs: [2_000, 10_000, 60_000, 600_000], blockBytes: [1_000, 200_000, 1_048_576] }

const MOST_LAN = 100
/** A smaller block holds so few payments that their ids save nothing worth a rule. */
const LEAST_COMPACT_BYTES = 10_000
/** Nodes times blocks of a cell, and the bounds of its blocks. */
const [NODE_BLOCKS, LEAST_BLOCKS, MOST_BLOCKS] = [200_000, 30, 1_000]

/** Cell by cell, as they are done. @throws RangeError naming what does not fit, and what would */
export function* cellsOf({ nodes, blockMs, blockBytes, seed, topology, ...asked }: GridOptions): Generator<Cell> {
  for (const count of nodes) {
    const isLan = (asked.surroundings ?? (count <= MOST_LAN ? 'lan' : 'internet')) === 'lan'
    const surroundings = withUpload(isLan ? LAN : INTERNET, asked.uploadMbit)
    const blocks = asked.blocks ?? Math.max(LEAST_BLOCKS, Math.min(MOST_BLOCKS, Math.floor(NODE_BLOCKS / count)))
    for (const bytes of blockBytes) {
      for (const compact of bytes < LEAST_COMPACT_BYTES ? [false] : [false, true]) {
        for (const everyMs of blockMs) {
          const figures = modelNetwork({
            nodes: count, blockMs: everyMs, blockBytes: bytes, blocks, compact, surroundings, seed,
            hop: { ...MEASURED_HOP, ...(asked.msPerMegabyte !== undefined && { msPerMegabyte: asked.msPerMegabyte }) },
            sending: asked.isInTurn === true ? 'in turn' : 'fairly', floodPublish: asked.isMeshOnly !== true,
            ...(topology !== undefined && { topology: parseTopology(topology) }),
          })
          yield {
            nodes: count, where: isLan ? 'LAN' : 'internet', uploadBytesPerSecond: surroundings.line.uploadBytesPerSecond,
            blockMs: everyMs, blockBytes: bytes, isCompact: compact, figures,
          }
        }
      }
    }
  }
}

function withUpload({ latency, line }: Surroundings, uploadMbit: number | undefined): Surroundings {
  if (uploadMbit === undefined) return { latency, line }
  return { latency, line: { ...line, uploadBytesPerSecond: (uploadMbit * 1e6) / 8 } }
}
