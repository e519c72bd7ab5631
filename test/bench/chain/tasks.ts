/**
 * What is measured in a process of its own, so that one measurement's memory and caches are not another's:
 *
 *   node --expose-gc tasks.ts NAME JSON        prints one line of JSON
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pino } from 'pino'
import { Chain } from '../../../src/chain/chain.ts'
import { systemClock } from '../../../src/chain/clock.ts'
import { VerifierPool } from '../../../src/chain/verifier-pool.ts'
import { blockBytes, bodyRoot } from '../../../src/consensus/block.ts'
import type { FindChecked } from '../../../src/consensus/checked-transaction.ts'
import { type Ancestors, nextBits } from '../../../src/consensus/difficulty.ts'
import { genesisOf } from '../../../src/consensus/genesis.ts'
import { sha256 } from '../../../src/consensus/hash.ts'
import { blockHash, checkHeader, checkHeaderContext } from '../../../src/consensus/header.ts'
import { fromHex } from '../../../src/consensus/hex.ts'
import { type NetworkParams, networkParams } from '../../../src/consensus/params.ts'
import { signTransaction } from '../../../src/consensus/transaction.ts'
import {
  type Block, decodeBlock, decodeHeader, EMPTY_BLOCK_BYTES, encodeBlock, encodedBodyIn, encodeHeader,
} from '../../../src/consensus/types.ts'
import { Mempool } from '../../../src/mempool/pool.ts'
import { addBlocks, type NextBlock } from '../../../src/node/add-blocks.ts'
import { SCHEMA_VERSION } from '../../../src/storage/schema.ts'
import { SqliteStore } from '../../../src/storage/sqlite-store.ts'
import { mine } from '../../support/blocks.ts'
import { timed } from '../figure.ts'
import { accountOf, blocksIn, type Fixture, fixtureFile, headersFile, keepFolder, paramsOf, sendersOf } from './fixture.ts'
import { recorded, writeRaw } from './raw-writes.ts'

const log = pino({ level: 'silent' })

interface OpenChain extends AsyncDisposable {
  chain: Chain
  store: SqliteStore
  path: string
}

/** A chain with verifying threads in a fresh file. */
function openChain(params: NetworkParams, template?: string, findChecked?: FindChecked): OpenChain {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-bench-'))
  const path = join(folder, 'chain.sqlite')
  if (template !== undefined) copyFileSync(template, path)
  const store = SqliteStore.open(path, params)
  const verifier = new VerifierPool({ log })
  const chain = new Chain({ params, store, clock: systemClock, log, verifier, findChecked })
  chain.start()
  return {
    chain, store, path,
    async [Symbol.asyncDispose]() {
      await chain.stop()
      await verifier.stop()
      store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/**
 * Adds a row of blocks as an import does.
 * @returns the outcome of the last one
 */
async function addAll(chain: Chain, blocks: Iterable<Block>): Promise<string | undefined> {
  function* row(): Iterable<NextBlock> {
    for (const block of blocks) yield { height: block.header.height, block, bytes: blockBytes(block) }
  }
  let last: string | undefined
  await addBlocks(chain, row(), (_, { outcome }) => (last = outcome))
  return last
}

/** Every block of a fixture into a fresh file, every check included. */
async function importChain(fixture: Fixture): Promise<unknown> {
  await using opened = openChain(paramsOf(sendersOf(fixture)))
  const { chain } = opened
  const ms = await timed(() => addAll(chain, blocksIn(fixtureFile(fixture))))
  if (chain.tip.height !== fixture.blocks) throw new Error(`imported ${chain.tip.height} of ${fixture.blocks} blocks`)
  const { user, system } = process.cpuUsage()
  return { ms, mainAndThreadsCpuMs: (user + system) / 1000, maxRssMb: process.resourceUsage().maxRSS / 1024 }
}

/** The same rows and bytes into a fresh file, a transaction a block, with nothing checked, hashed or read. */
async function writeOnly(fixture: Fixture): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-bench-'))
  try {
    const writes = await recorded(paramsOf(sendersOf(fixture)), blocksIn(fixtureFile(fixture)))
    return { ms: writeRaw(join(folder, 'chain.sqlite'), writes) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A file in which that many accounts have a balance, besides those that genesis funds. */
function fileWithAccounts(fixture: Fixture): string {
  const senders = sendersOf(fixture)
  const path = join(keepFolder(), `accounts-${SCHEMA_VERSION}-${genesisOf(paramsOf(senders)).id}-${fixture.accounts}.sqlite`)
  if (existsSync(path)) return path
  SqliteStore.open(path, paramsOf(senders)).close()
  const sqlite = new DatabaseSync(path)
  sqlite.exec('PRAGMA cache_size = -262144; BEGIN')
  const insert = sqlite.prepare('INSERT INTO settled_accounts (account, balance, nonce) VALUES (?, 1, 0)')
  for (let at = senders.length; at < fixture.accounts; at++) insert.run(accountOf(at, senders))
  sqlite.exec('COMMIT')
  sqlite.close()
  return path
}

const WARM_UP_BLOCKS = 80

/** Blocks on a ledger of many accounts: the first few warm up, the rest are timed. */
async function costAmongAccounts(fixture: Fixture): Promise<unknown> {
  await using opened = openChain(paramsOf(sendersOf(fixture)), fileWithAccounts(fixture))
  const blocks = [...blocksIn(fixtureFile(fixture))]
  const warmUp = WARM_UP_BLOCKS
  await addAll(opened.chain, blocks.slice(0, warmUp))
  const ms = await timed(() => addAll(opened.chain, blocks.slice(warmUp)))
  return { msPerBlock: ms / (blocks.length - warmUp) }
}

/** Connects one branch, stores another without its last block, and adds that. */
async function reorganise(fixture: Fixture): Promise<unknown> {
  await using opened = openChain(paramsOf(sendersOf(fixture)))
  const { chain } = opened
  const connectMs = await timed(() => addAll(chain, blocksIn(fixtureFile(fixture))))
  const other = [...blocksIn(fixtureFile({ ...fixture, blocks: fixture.blocks + 1, seed: 1 }))]
  await addAll(chain, other.slice(0, -1))
  let outcome: string | undefined
  const reorganiseMs = await timed(async () => (outcome = await addAll(chain, other.slice(-1))))
  if (outcome !== 'reorganised') throw new Error(`the heavier branch was ${outcome}`)
  return { connectMs, reorganiseMs }
}

/** Headers alone, each by every rule that needs no body, as a sync checks them. */
async function checkHeaders({ count }: { count: number }): Promise<unknown> {
  const params = { ...networkParams('local'), halfLifeBlocks: networkParams('lan').halfLifeBlocks }
  const { hash, block } = genesisOf(params)
  const headers: Uint8Array[] = []
  const first: Ancestors = { height: 0, bits: params.initialBits, timestamp: block.header.timestamp, parentTimestamp: 0 }
  for (let parent = hash, ancestors = first; headers.length < count; ) {
    const height = ancestors.height + 1
    const timestamp = ancestors.timestamp + params.targetBlockTimeMs - 100 + (height % 7) * 33 // hovers about the target
    const header = { version: 1, height, parent, bodyRoot: hash, timestamp, bits: nextBits(ancestors, params), nonce: 0 }
    mine(header)
    headers.push(encodeHeader(header))
    parent = blockHash(header)
    ancestors = { height, bits: header.bits, timestamp, parentTimestamp: ancestors.timestamp }
  }
  const check = (): void => {
    let ancestors = first
    for (const encoded of headers) {
      const header = decodeHeader(encoded)
      checkHeader(header, sha256(encoded), params)
      checkHeaderContext(header, ancestors, params, Number.MAX_SAFE_INTEGER)
      ancestors = { height: header.height, bits: header.bits, timestamp: header.timestamp, parentTimestamp: ancestors.timestamp }
    }
  }
  return { headersPerSecond: (1000 * count) / await timed(check) }
}

/** A chain's start: what it takes to read every header of its file, and what of it stays in memory. */
async function loadHeaders({ count }: { count: number }): Promise<unknown> {
  const params = networkParams('local')
  const store = SqliteStore.open(headersFile(count), params)
  const chain = new Chain({ params, store, clock: systemClock, log })
  const before = bytesInUse()
  const ms = await timed(() => chain.start())
  if (chain.tip.height !== count) throw new Error(`loaded ${chain.tip.height} of ${count} headers`)
  const mb = (bytesInUse() - before) / 1e6
  await chain.stop()
  store.close()
  return { ms, mb }
}

/** Of this process: objects, and what they hold outside of V8's heap. */
function bytesInUse(): number {
  if (gc === undefined) throw new Error('needs node --expose-gc: garbage would be measured')
  gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/**
 * Full blocks of transactions that are pending here, each from its bytes to the mempool without them, with the chain and
 * the mempool wired as in a node. The first one warms up.
 */
async function knownBlocks({ accounts, each, blocks }: { accounts: number; each: number; blocks: number }): Promise<unknown> {
  const senders = sendersOf({ accounts, blocks: 0, transactions: 0 })
  const params = paramsOf(senders)
  const genesisHash = genesisOf(params).hash
  await using opened = openChain(params, undefined, (encoded) => mempool.findChecked(encoded))
  const { chain } = opened
  const mempool = new Mempool({ genesisHash, account: (key) => chain.account(key), now: systemClock.now, log })
  chain.events.on('block:connected', (event) => mempool.blockConnected(event.block, event.transactionIds, event.checked))
  chain.events.on('tip:changed', () => mempool.settle())
  const fill = (): void => {
    for (let i = 0; i < each; i++) {
      for (const [at, keys] of senders.entries()) {
        const recipient = accountOf((at * 7 + i) % accounts, senders)
        const nonce = mempool.nextNonce(keys.publicKey)
        const payment = { sender: keys.publicKey, recipient, amount: 1, fee: 1, nonce, memo: new Uint8Array(0) }
        mempool.add(signTransaction(payment, keys, genesisHash), 'gossip')
      }
    }
  }
  const runs: number[] = []
  for (let height = 1; height <= blocks; height++) {
    fill()
    const selected = mempool.select(params.maxBlockBytes - EMPTY_BLOCK_BYTES)
    const body = { miner: accountOf(0, senders), transactions: selected.map(({ transaction }) => transaction) }
    const timestamp = params.genesisTimestamp + height
    const parent = fromHex(chain.tip.hash)
    const header = { version: 1, height, parent, bodyRoot: bodyRoot(body), timestamp, bits: params.initialBits, nonce: 0 }
    mine(header)
    const encoded = encodeBlock({ header, body })
    if (encoded.length < params.maxBlockBytes - 1_000) throw new Error(`a block of ${encoded.length} bytes is not full`)
    runs.push(await timed(() => chain.add(decodeBlock(encoded), 'gossip', { encodedBody: encodedBodyIn(encoded) })))
    if (chain.tip.height !== height) throw new Error('the block was not taken')
  }
  return { runs: runs.slice(1) }
}

const TASKS: Record<string, (options: never) => Promise<unknown>> = {
  importChain, writeOnly, costAmongAccounts, reorganise, checkHeaders, loadHeaders, knownBlocks,
}

const [name = '', options = '{}'] = process.argv.slice(2)
const task = TASKS[name]
if (task === undefined) throw new Error(`usage: tasks.ts ${Object.keys(TASKS).join('|')} JSON`)
console.log(JSON.stringify(await task(JSON.parse(options) as never))) // what chain.ts of the benchmarks gives
