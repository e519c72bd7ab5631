/**
 * A node's network with a real chain, mempool and store under it, in this process, as tests want it: every log line is
 * kept, and whatever is waited for is waited for by events.
 *
 * @example
 *   const world = createWorld(createBlockBuilder())
 *   const [a, b] = [await world.node('a'), await world.node('b')]
 *   await b.network.dial(a.address)
 *   await a.mined('a1'); await b.at('a1')
 *   await world.end()
 */
import { EventEmitter } from 'node:events'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { pino } from 'pino'
import { Chain, type ChainComponents } from '../../src/chain/chain.ts'
import { type Clock, systemClock } from '../../src/chain/clock.ts'
import { Mempool } from '../../src/mempool/pool.ts'
import { Network, type NetworkOptions } from '../../src/network/network.ts'
import { until } from '../../src/node/until.ts'
import { SqliteStore } from '../../src/storage/sqlite-store.ts'
import type { BlockBuilder } from './blocks.ts'
import { memoryPath } from './chain.ts'

export interface LogLine {
  level: number
  msg: string
  code?: string
  peer?: string
  hash?: string
  [field: string]: unknown
}

export interface NodeOptions extends Partial<NetworkOptions> {
  clock?: Clock
  privateKey?: PrivateKey
  /** Where the chain is kept. @default a new one in memory */
  path?: string
  /** Put between the chain and its store. */
  wrap?: (store: SqliteStore) => ChainComponents['store']
}

export interface TestNode {
  readonly chain: Chain
  readonly mempool: Mempool
  readonly network: Network
  readonly store: SqliteStore
  readonly log: LogLine[]
  /** The first address that it listens on, with its peer id. */
  readonly address: string
  readonly peerId: string
  /** Adds blocks up to the named one that it does not have yet, as if it had mined them. */
  mined(name: string): Promise<void>
  /** Resolves when the tip is the named block. */
  at(name: string): Promise<void>
  /** Resolves when it holds; looked at whenever something happens to this node. */
  until(what: string, holds: () => boolean): Promise<void>
  /** Resolves with the first log line of a code, past or to come. */
  logged(code: string): Promise<LogLine>
  stop(): Promise<void>
}

export interface World {
  node(name: string, options?: NodeOptions): Promise<TestNode>
  /** Stops every node that still runs. */
  end(): Promise<void>
}

/** No wait takes longer on a busy machine, not even what only the next status brings; one that does has failed. */
const LIMIT_MS = 25_000
let worlds = 0

export function createWorld(blocks: BlockBuilder): World {
  const world = (worlds += 1)
  const nodes = new Set<TestNode>()
  return {
    async node(name, options = {}) {
      const node = await createTestNode(blocks, name, `/memory/world-${world}-${name}`, options)
      nodes.add(node)
      return node
    },
    async end() {
      await Promise.all([...nodes].map((node) => node.stop()))
      nodes.clear()
    },
  }
}

async function createTestNode(blocks: BlockBuilder, name: string, listen: string, options: NodeOptions): Promise<TestNode> {
  const { params, genesis } = blocks
  const { clock = systemClock, path = memoryPath(), wrap = (store) => store } = options
  const lines: LogLine[] = []
  const news = new EventEmitter<{ line: [] }>()
  const log = pino({ level: 'debug', base: undefined }, {
    write(line: string) {
      lines.push(JSON.parse(line) as LogLine)
      news.emit('line')
    },
  })

  const store = SqliteStore.open(path, params)
  const chain = new Chain({ params, clock, log, store: wrap(store), findChecked: (encoded) => mempool.findChecked(encoded) })
  const mempool = new Mempool({ genesisHash: genesis.hash, account: (key) => chain.account(key), now: clock.now, log })
  chain.events.on('block:connected', (event) => mempool.blockConnected(event.block, event.transactionIds, event.checked))
  chain.events.on('block:disconnected', ({ block }) => mempool.blockDisconnected(block))
  chain.events.on('tip:changed', () => mempool.settle())
  chain.start()

  const network = new Network(
    { chain, mempool, clock, log, peerBook: store.peers, privateKey: options.privateKey ?? (await generateKeyPair('Ed25519')) },
    { name, account: blocks.account(name), agent: `test ${name}`, listen: [listen], peers: [], mdns: false, transport: 'memory', ...options },
  )
  await network.start()

  const sources = [
    [news, 'line'], [chain.events, 'tip:changed'], [mempool.events, 'transaction:added'], [mempool.events, 'transaction:removed'],
    [network.events, 'peer:connected'], [network.events, 'peer:updated'], [network.events, 'peer:disconnected'],
    [network.events, 'sync:progress'],
  ] as const
  let stopped: Promise<void> | undefined

  const node: TestNode = {
    chain,
    mempool,
    network,
    store,
    log: lines,
    get address() {
      const [address] = network.addresses
      if (address === undefined) throw new Error(`${name} listens on nothing`)
      return address
    },
    peerId: network.peerId,
    async mined(last) {
      for (const { block, hex } of blocks.path(last)) if (chain.record(hex) === undefined) await chain.add(block, 'local')
    },
    at: (last) => node.until(`tip ${last}`, () => chain.tip.hash === blocks.get(last).hex),
    async until(what, holds) {
      try {
        await until(sources, holds, AbortSignal.timeout(LIMIT_MS))
      } catch {
        const tail = lines.slice(-15).map((line) => JSON.stringify(line)).join('\n')
        const now = `height ${chain.tip.height}, ${network.peers().length} peers`
        throw new Error(`${name}: not within ${LIMIT_MS} ms: ${what}; ${now}\n${tail}`)
      }
    },
    async logged(code) {
      const find = (): LogLine | undefined => lines.find((line) => line.code === code)
      await node.until(`a log line with code ${code}`, () => find() !== undefined)
      return find() as LogLine // it was there a moment ago, and lines are never removed
    },
    stop: () =>
      (stopped ??= (async () => {
        await network.stop()
        await chain.stop()
        store.close()
      })()),
  }
  return node
}
