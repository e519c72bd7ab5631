/**
 * A network that never rests: real nodes, each with a file, that come and go in the midst of whatever they do, mine and pay
 * each other, for as long as asked.
 *
 *   every 1 to 5 s    a node leaves, or one that had left comes back with what it has (a third of them with nothing)
 *   every second      one that is there mines a block
 *   every half second one pays another
 *
 * A quarter of the nodes never leave: what leaks in a node that lives long is theirs to show. At the end all nodes come
 * back, one that has the most work mines the last block, and all must be on one tip. (A block of one that is behind may
 * have no more work than what others have, and of equals each node keeps the first it saw, until the next block.) Memory
 * is what is left after a collection.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { PolicyError } from '../../src/mempool/policy.ts'
import { createNode, type Node } from '../../src/node/node.ts'
import { converged } from '../support/converged.ts'
import { createRandom, type Random } from '../support/random.ts'

export interface SoakOptions {
  nodes: number
  durationMs: number
  seed: number
  /** For the nodes' files; must exist. */
  folder: string
  /** Bytes in use after a collection. */
  memory: () => number
}

export interface Sample {
  elapsedMs: number
  running: number
  height: number
  /** Different tips among the running nodes. */
  tips: number
  bytes: number
  leaves: number
  joins: number
  payments: number
}

export interface Outcome {
  /** From the last node's return to one tip everywhere, ms; null where that took longer than a minute. */
  convergedMs: number | null
  /** Which nodes are on which tip then: `7 (37f247ab…): 0 1 4`, by height and hash. */
  nodesByTip: string[]
  samples: Sample[]
}

const SAMPLE_MS = 5_000
const MINE_MS = 1_000
const PAY_MS = 500
const LIMIT_MS = 60_000
/** Peers that a node is told of when it starts; whom else it meets is the network's doing. */
const TOLD = 3

/** Runs it, telling each sample as it is taken. */
export async function soak(options: SoakOptions, tell: (sample: Sample) => void): Promise<Outcome> {
  const crowd = new Crowd(options)
  try {
    await crowd.startAll()
    const samples: Sample[] = []
    const began = performance.now()
    const sample = (): void => {
      const taken = crowd.sample(performance.now() - began, options.memory())
      samples.push(taken)
      tell(taken)
    }
    const busy = [
      every(() => 1_000 + 4_000 * crowd.random.next(), () => crowd.change(), began, options.durationMs),
      every(() => MINE_MS, () => crowd.mine(), began, options.durationMs),
      every(() => PAY_MS, () => crowd.pay(), began, options.durationMs),
      every(() => SAMPLE_MS, sample, began, options.durationMs),
    ]
    await Promise.all(busy)
    await crowd.startAll()
    const ended = performance.now()
    await crowd.mineLast()
    const converged = await crowd.converged(AbortSignal.timeout(LIMIT_MS))
    const convergedMs = converged ? performance.now() - ended : null
    sample()
    return { convergedMs, nodesByTip: crowd.nodesByTip(), samples }
  } finally {
    await crowd.stopAll()
  }
}

class Crowd {
  readonly random: Random
  readonly #options: SoakOptions
  readonly #running = new Map<number, Node>()
  #leaves = 0
  #joins = 0
  #payments = 0

  constructor(options: SoakOptions) {
    this.#options = options
    this.random = createRandom(options.seed)
  }

  async startAll(): Promise<void> {
    for (let at = 0; at < this.#options.nodes; at++) if (!this.#running.has(at)) await this.#join(at)
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.values()].map((node) => node.stop()))
    this.#running.clear()
  }

  /** One leaves or comes back, so that three quarters are there at least. */
  async change(): Promise<void> {
    const { nodes } = this.#options
    const away = Array.from({ length: nodes }, (_, at) => at).filter((at) => !this.#running.has(at))
    const mayLeave = [...this.#running.keys()].filter((at) => at >= nodes / 4)
    const leaves = away.length === 0 || (this.#running.size > 0.75 * nodes && this.random.next() < 0.5)
    if (leaves) await this.#leave(this.#draw(mayLeave))
    else await this.#join(this.#draw(away))
  }

  async mine(): Promise<void> {
    const node = this.#node()
    try {
      await node.mine(1)
    } catch (error) {
      if ([...this.#running.values()].includes(node)) throw error // else it left while it mined
    }
  }

  /** A block with more work than any other. */
  async mineLast(): Promise<void> {
    const [first] = [...this.#running.values()].sort((a, b) => Number(b.chain.tip.work - a.chain.tip.work))
    await first?.mine(1)
  }

  pay(): void {
    const [from, to] = [this.#node(), this.#node()]
    try {
      from.send({ recipient: to.wallet.default.account, amount: 1, fee: 1 })
      this.#payments += 1
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error // it has nothing yet, or too much is under way
    }
  }

  async converged(signal: AbortSignal): Promise<boolean> {
    try {
      await converged([...this.#running.values()], signal)
      return true
    } catch {
      return false
    }
  }

  sample(elapsedMs: number, bytes: number): Sample {
    const tips = [...this.#running.values()].map(({ chain }) => chain.tip)
    return {
      elapsedMs,
      running: tips.length,
      height: Math.max(...tips.map(({ height }) => height)),
      tips: new Set(tips.map(({ hash }) => hash)).size,
      bytes,
      leaves: this.#leaves,
      joins: this.#joins,
      payments: this.#payments,
    }
  }

  nodesByTip(): string[] {
    const groups = Map.groupBy(this.#running, ([, { chain }]) => `${chain.tip.height} (${chain.tip.hash.slice(0, 8)}…)`)
    return [...groups].map(([tip, nodes]) => `${tip}: ${nodes.map(([at]) => at).join(' ')}`)
  }

  async #join(at: number): Promise<void> {
    const dataDir = join(this.#options.folder, String(at))
    if (this.random.next() < 1 / 3) rmSync(dataDir, { recursive: true, force: true })
    const others = [...this.#running.keys()]
    const peers = Array.from({ length: Math.min(TOLD, others.length) }, () => addressOf(this.#draw(others)))
    const node = createNode({ network: 'local', transport: 'memory', listen: [addressOf(at)], peers: [...new Set(peers)], dataDir, threads: 1 })
    await node.start()
    this.#running.set(at, node)
    this.#joins += 1
  }

  async #leave(at: number): Promise<void> {
    const node = this.#running.get(at)
    this.#running.delete(at)
    this.#leaves += 1
    await node?.stop()
  }

  #node(): Node {
    return this.#draw([...this.#running.values()])
  }

  #draw<T>(from: readonly T[]): T {
    const drawn = from[this.random.below(from.length)]
    if (drawn === undefined) throw new Error('nothing to draw from')
    return drawn
  }
}

const addressOf = (at: number): string => `/memory/soak-${at}`

/** Does something again and again until the time is over, one after another. */
async function every(waitMs: () => number, work: () => unknown, began: number, durationMs: number): Promise<void> {
  for (;;) {
    const wait = waitMs()
    if (performance.now() - began + wait > durationMs) return
    await new Promise((resolve) => setTimeout(resolve, wait))
    await work()
  }
}
