/**
 * Two groups of real nodes build a chain each, never having met; then one node of one dials one of the other, and the
 * clock runs until all have the same tip. A task: `node convergence-task.ts converge '{"rounds":50,"group":5,"seed":1}'`.
 */
import { createNode, type Node } from '../../../src/node/node.ts'
import { converged } from '../../support/converged.ts'
import { createRandom, type Random } from '../../support/random.ts'

export interface Convergence {
  /** One a round: from the dial to the last node on the common tip, ms; null where that took longer than the limit. */
  milliseconds: (number | null)[]
}

/** Far above the goal, so that a slow round is told as slow. */
const LIMIT_MS = 60_000
/** A group mines at most so many blocks. */
const MOST_BLOCKS = 40

interface Options {
  rounds: number
  /** Nodes in each of the two groups. */
  group: number
  seed: number
}

const [, , , json = '{}'] = process.argv
const { rounds, group, seed } = JSON.parse(json) as Options // what runTask was given
const random = createRandom(seed)
const milliseconds: (number | null)[] = []
for (let round = 0; round < rounds; round++) milliseconds.push(await converge(group, random))
console.log(JSON.stringify({ milliseconds } satisfies Convergence))
process.exit()

async function converge(group: number, random: Random): Promise<number | null> {
  const [left, right] = [await startGroup(group, random), await startGroup(group, random)]
  const all = [...left, ...right]
  await using stopping = new AsyncDisposableStack()
  for (const node of all) stopping.defer(() => node.stop())
  const most = 1 + random.below(MOST_BLOCKS)
  // Never the same number: of two chains with the same work each keeps its own, by the rules.
  await Promise.all([mine(left, most, random), mine(right, random.below(most), random)])
  const [from, to] = [pick(left, random), pick(right, random)]
  const [address = ''] = to.network.addresses
  const began = performance.now()
  await from.network.dial(address)
  try {
    await converged(all, AbortSignal.timeout(LIMIT_MS))
    return performance.now() - began
  } catch {
    return null
  }
}

/** Each node dials the one before and one more. */
async function startGroup(size: number, random: Random): Promise<Node[]> {
  const nodes: Node[] = []
  for (let at = 0; at < size; at++) {
    const node = createNode({ network: 'local', transport: 'memory', threads: 1 })
    await node.start()
    for (const other of new Set([nodes.at(-1), nodes[random.below(nodes.length)]])) {
      const [address] = other?.network.addresses ?? []
      if (address !== undefined) await node.network.dial(address)
    }
    nodes.push(node)
  }
  return nodes
}

/** Blocks by nodes drawn at random, each on what the group has by then. */
async function mine(nodes: readonly Node[], count: number, random: Random): Promise<void> {
  for (let height = 1; height <= count; height++) {
    const miner = pick(nodes, random)
    await miner.mine(1)
    await converged(nodes, AbortSignal.timeout(LIMIT_MS))
  }
}

function pick(nodes: readonly Node[], random: Random): Node {
  const node = nodes[random.below(nodes.length)]
  if (node === undefined) throw new Error('no node to draw from')
  return node
}
