/**
 * A run written down: every block that was found while it was watched, who found it, and when it came to each node.
 *
 * @example
 *   const record = new Record(swarm)
 *   …
 *   writeFileSync('run.csv', csvOf(record))
 *   writeFileSync('run.svg', treeSvg(record))
 */
import type { Hex } from '../consensus/hex.ts'
import type { Swarm } from './swarm.ts'
import type { SwarmEvents } from './swarm-events.ts'

export interface RecordedBlock extends Omit<SwarmEvents['block:found'][0], 'at'> {
  /** When it was found, ms since the Unix epoch. */
  foundAt: number
  /** Name of the node that found it. */
  name: string
  /** Nodes that ran then. */
  running: number
  /** How long after that each other node had it, ms, in order. */
  arrivalsMs: number[]
}

export class Record {
  readonly #swarm: Pick<Swarm, 'events' | 'nodes' | 'running'>
  readonly #blocks = new Map<Hex, RecordedBlock>()
  /** The tip of each node that has changed it. */
  readonly #tips = new Map<number, { hash: Hex; height: number }>()

  /** Watches from now on. */
  constructor(swarm: Pick<Swarm, 'events' | 'nodes' | 'running'>) {
    this.#swarm = swarm
    swarm.events.on('block:found', (block) => this.#found(block))
    swarm.events.on('block:received', ({ at, hash }) => {
      const block = this.#blocks.get(hash)
      block?.arrivalsMs.push(Math.max(0, at - block.foundAt))
    })
    swarm.events.on('tip:changed', ({ node, hash, height }) => this.#tips.set(node, { hash, height }))
  }

  /** In the order in which they were found. */
  get blocks(): RecordedBlock[] {
    return [...this.#blocks.values()]
  }

  /** The recorded blocks of the chain that most nodes are on; of chains with as many nodes, the higher one. */
  best(): Set<Hex> {
    const votes = Map.groupBy(this.#tips.values(), ({ hash }) => hash)
    const [winner] = [...votes.values()].sort((a, b) => b.length - a.length || (b[0]?.height ?? 0) - (a[0]?.height ?? 0))
    const best = new Set<Hex>()
    for (let hash = winner?.[0]?.hash; hash !== undefined; hash = this.#blocks.get(hash)?.parent) {
      if (this.#blocks.has(hash)) best.add(hash)
    }
    return best
  }

  /**
   * How long a block took until a share of the nodes that ran when it was found had it, the finder among them.
   * @param share 0 to 1
   * @returns ms; undefined where so many did not get it
   */
  reachedMs({ arrivalsMs, running }: RecordedBlock, share: number): number | undefined {
    const others = Math.ceil(share * running) - 1
    return others <= 0 ? 0 : arrivalsMs[others - 1]
  }

  #found({ at, ...block }: SwarmEvents['block:found'][0]): void {
    const node = this.#swarm.nodes[block.node]
    const name = node?.running ? node.name : ''
    this.#blocks.set(block.hash, { ...block, foundAt: at, name, running: this.#swarm.running.length, arrivalsMs: [] })
  }
}
