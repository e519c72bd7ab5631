/**
 * A node under attack, and what that costs it, each in a process of its own; the attackers are in others:
 *
 *   node --expose-gc hostile-tasks.ts NAME JSON        prints one line of JSON
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { systemClock } from '../../../src/chain/clock.ts'
import { nextBits } from '../../../src/consensus/difficulty.ts'
import { blockHash } from '../../../src/consensus/header.ts'
import { networkParams } from '../../../src/consensus/params.ts'
import { toCompact } from '../../../src/consensus/target.ts'
import { encodeHeader } from '../../../src/consensus/types.ts'
import type { Peer, Peers } from '../../../src/network/peers.ts'
import { MAX_CANDIDATE_HEADERS, MAX_HEADERS } from '../../../src/network/protocols.ts'
import { Sync } from '../../../src/network/sync.ts'
import type { SqliteStore } from '../../../src/storage/sqlite-store.ts'
import { type BlockBuilder, createBlockBuilder, mine } from '../../support/blocks.ts'
import { openChain } from '../../support/chain.ts'
import { createWorld, type TestNode } from '../../support/network-node.ts'

const ATTACKS = fileURLToPath(new URL('./hostile-attacks.ts', import.meta.url))
const run = promisify(execFile)
const MB = 1_000_000

/** Memory that is in use, all garbage away, bytes. */
function used(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** The most that is in use above what was before, while something goes on, MB. */
async function growthOf(work: () => Promise<unknown>): Promise<number> {
  const before = used()
  let most = before
  const look = setInterval(() => (most = Math.max(most, used())), 1_000) // a collection of a large heap takes a tenth of that
  await work()
  clearInterval(look)
  return (Math.max(most, used()) - before) / MB
}

/** A node that writes down how often it writes, on a chain of one block. */
async function victim(): Promise<{ node: TestNode; writes: { count: number } }> {
  const blocks = createBlockBuilder()
  blocks.block('a1', 'genesis')
  const writes = { count: 0 }
  const node = await createWorld(blocks).node('victim', {
    transport: 'tcp', listen: ['/ip4/127.0.0.1/tcp/0'], wrap: (store) => counting(store, writes),
  })
  await node.mined('a1')
  writes.count = 0
  return { node, writes }
}

/** The store, which counts from now on how often it is written to. */
function counting(store: SqliteStore, writes: { count: number }): SqliteStore {
  const write = store.write.bind(store)
  store.write = (work) => {
    writes.count += 1
    return write(work)
  }
  return store
}

const attack = async (name: string, options: object): Promise<Record<string, never>> => {
  const { stdout } = await run(process.execPath, [ATTACKS, name, JSON.stringify(options)], { maxBuffer: 2 ** 24 })
  return JSON.parse(stdout) as Record<string, never> // each task knows what its attack prints
}

/** An attack that sends and counts; and whether the node is as it was. */
async function attacked({ name, ...options }: { name: string }): Promise<unknown> {
  const { node, writes } = await victim()
  const tip = node.chain.tip.hash
  let told = {}
  const growthMb = await growthOf(async () => (told = await attack(name, { ...options, address: node.address })))
  // Bans count those that are remembered of those that came.
  return { ...told, growthMb, writes: writes.count, bans: node.network.bans().length, unmoved: node.chain.tip.hash === tip }
}

/** What an honest peer waits for an answer, alone and while others ask without end. */
async function flooded({ peers, count }: { peers: number; count: number }): Promise<unknown> {
  const { node } = await victim()
  const { address } = node
  const alone = await attack('honest', { address, count })
  const flood = spawn(process.execPath, [ATTACKS, 'requests', JSON.stringify({ address, peers })], { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(flood.stdout, 'data')
  const beside = await attack('honest', { address, count })
  flood.kill('SIGKILL')
  return { alone, beside, refusedOnes: node.log.filter(({ code }) => code === 'peer-score-low').length }
}

/**
 * A network whose first blocks are work and where the rest is cheap for whoever waits: a branch of cheap blocks may go on
 * for all that is kept of one, and still has less work than ours.
 *
 *   genesis ── a1 ── a2 ── a3 ── … ── a8       ours: 2^17 hashes each
 *                     └── f ── f ── f ── …     forged: 2^17 for the first, and two hashes each from there on
 */
function cheapBranch(): { blocks: BlockBuilder; forged: (count: number) => Uint8Array[] } {
  const params = { ...networkParams('local'), initialBits: toCompact(1n << 239n), halfLifeBlocks: 1 }
  const blocks = createBlockBuilder({ params })
  blocks.blocks('a', 'genesis', 8)
  const gap = 100 * params.targetBlockTimeMs
  const { block } = blocks.block('f', 'a2', { timestamp: blocks.get('a2').block.header.timestamp + gap })
  return {
    blocks,
    forged(count) {
      let { header } = block
      let ancestors = blocks.ancestors('f')
      const encoded = [encodeHeader(header)]
      while (encoded.length < count) {
        const parent = blockHash(header)
        header = { ...header, height: header.height + 1, parent, timestamp: header.timestamp + params.targetBlockTimeMs, bits: nextBits(ancestors, params), nonce: 0 }
        mine(header)
        const { height, bits, timestamp } = header
        ancestors = { height, bits, timestamp, parentTimestamp: ancestors.timestamp }
        encoded.push(encodeHeader(header))
      }
      return encoded
    },
  }
}

/** So many headers from a peer that claims the world, to a sync that never waits: a branch with less work than ours, or noise. */
async function forgedHeaders({ count, valid }: { count: number; valid: boolean }): Promise<unknown> {
  const { blocks, forged } = cheapBranch()
  const opened = openChain(blocks)
  for (const { block } of blocks.path('a8')) await opened.chain.add(block, 'sync')
  const branch = valid ? forged(Math.min(count, MAX_CANDIDATE_HEADERS)) : []
  // Everything about it is right but its work.
  const noise = encodeHeader(blocks.block('next', 'a8', { mined: false }).block.header)
  const given = { headers: 0 }
  let at = 0
  let bodies = 0
  const writes = { count: 0 }
  counting(opened.store, writes)
  const codes: Record<string, number> = {}
  const peer = { key: 'liar', status: { work: 2n ** 200n, height: 1_000_000 } } as unknown as Peer // all that a sync looks at
  const over = { wake: (): void => {} }
  const sync = new Sync({
    chain: opened.chain, clock: systemClock, log: pino({ level: 'silent' }), score: () => 0, credit: () => {}, ended: () => {},
    peers: { accepted: () => [peer], get: () => peer, has: () => true } as unknown as Peers, // nor at more of these
    requests: {
      headers: async () => {
        const answer = valid ? branch.slice(at, at + MAX_HEADERS) : Array<Uint8Array>(MAX_HEADERS).fill(noise)
        at += answer.length
        given.headers += answer.length
        return answer
      },
      bodies: async () => void (bodies += 1),
    },
    judge: (_peer, code) => (codes[code] = (codes[code] ?? 0) + 1),
    progress({ state }) {
      if (state === 'idle') over.wake()
    },
  })
  const growthMb = await growthOf(async () => {
    while (given.headers < count) {
      at = 0
      await new Promise<void>((resolve) => {
        over.wake = resolve
        sync.consider(peer as Parameters<Sync['consider']>[0])
      })
      await new Promise(setImmediate)
    }
  })
  return { given: given.headers, growthMb, writes: writes.count, bodies, codes, height: opened.chain.tip.height }
}

const TASKS: Record<string, (options: never) => Promise<unknown>> = { attacked, flooded, forgedHeaders }

const [name = '', options = '{}'] = process.argv.slice(2)
const task = TASKS[name]
if (task === undefined) throw new Error(`usage: hostile-tasks.ts ${Object.keys(TASKS).join('|')} JSON`)
process.stdout.write(`${JSON.stringify(await task(JSON.parse(options) as never))}\n`, () => process.exit(0)) // what hostile.ts gives
