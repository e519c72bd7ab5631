/**
 * Chains of signed payments for the benchmarks: made once for each set of parameters, and kept in the system's folder for
 * temporary files. A file holds blocks one after the other, each as u32 length (little-endian) and SSZ.
 */
import { existsSync, mkdirSync, openSync, readSync, closeSync, renameSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bodyRoot } from '../../../src/consensus/block.ts'
import { genesisOf } from '../../../src/consensus/genesis.ts'
import { sha256 } from '../../../src/consensus/hash.ts'
import { blockHash } from '../../../src/consensus/header.ts'
import { toHex } from '../../../src/consensus/hex.ts'
import { connect, connectGenesis } from '../../../src/consensus/ledger.ts'
import { type NetworkParams, networkParams } from '../../../src/consensus/params.ts'
import { type KeyPair, keyPair } from '../../../src/consensus/signature.ts'
import { signTransaction } from '../../../src/consensus/transaction.ts'
import { type Block, decodeBlock, encodeBlock, MAX_ALLOCATIONS } from '../../../src/consensus/types.ts'
import { writeChainFile } from '../../../src/node/chain-file.ts'
import { SCHEMA_VERSION } from '../../../src/storage/schema.ts'
import { SqliteStore } from '../../../src/storage/sqlite-store.ts'
import { mine } from '../../support/blocks.ts'
import { createRandom } from '../../support/random.ts'

export interface Fixture {
  /** Accounts that are paid, at random. */
  accounts: number
  /** As many of them, funded by genesis, pay. @default all of them, 60 000 at most */
  senders?: number
  blocks: number
  /** In each block. */
  transactions: number
  /** The first blocks, and as many transactions in each of them. @default none: all are alike */
  first?: { blocks: number; transactions: number }
  /** Blocks of another seed are other blocks on the same genesis. @default 0 */
  seed?: number
}

/** Changes with the format, so that files of an older one are not taken for this one's. */
const FORMAT = 1
const MAX_SENDERS = Math.min(60_000, MAX_ALLOCATIONS)

/** The folder of all that the benchmarks keep between runs. */
export function keepFolder(): string {
  const folder = join(tmpdir(), 'cairn-bench')
  mkdirSync(folder, { recursive: true })
  return folder
}

const seedOf = (name: string): Uint8Array => sha256(new TextEncoder().encode(name))
export const sendersOf = ({ accounts, senders = Math.min(accounts, MAX_SENDERS) }: Fixture): KeyPair[] =>
  Array.from({ length: senders }, (_, at) => keyPair(seedOf(`sender ${at}`)))

/** The accounts that are paid: those that pay, then such as nobody has a key of. */
export const accountOf = (at: number, senders: KeyPair[]): Uint8Array => senders[at]?.publicKey ?? seedOf(`account ${at}`)

/** A network of two hashes a block that funds whoever pays. */
export const paramsOf = (senders: KeyPair[]): NetworkParams => ({
  ...networkParams('local'),
  allocations: senders.map(({ publicKey }) => ({ account: publicKey, amount: 1_000_000 })),
})

/** Path of the fixture's file, made where there is none. */
export function fixtureFile(fixture: Fixture): string {
  const { accounts, blocks, transactions, first, seed = 0 } = fixture
  const senders = sendersOf(fixture)
  const begin = first === undefined ? '' : `-${first.blocks}-${first.transactions}`
  const path = join(keepFolder(), `blocks-${FORMAT}-${accounts}-${senders.length}-${blocks}-${transactions}-${seed}${begin}.bin`)
  if (existsSync(path)) return path
  const file = openSync(`${path}.new`, 'w')
  for (const block of chainOf(fixture, senders)) {
    const encoded = encodeBlock(block)
    const length = new Uint8Array(4)
    new DataView(length.buffer).setUint32(0, encoded.length, true)
    writeSync(file, length)
    writeSync(file, encoded)
  }
  closeSync(file)
  renameSync(`${path}.new`, path)
  return path
}

function* chainOf({ accounts, blocks, transactions, first, seed = 0 }: Fixture, senders: KeyPair[]): Iterable<Block> {
  const params = paramsOf(senders)
  const genesis = genesisOf(params)
  const random = createRandom(seed)
  const nonces = new Uint32Array(senders.length)
  let parent = genesis.hash
  for (let height = 1; height <= blocks; height++) {
    const count = first !== undefined && height <= first.blocks ? first.transactions : transactions
    const payments = Array.from({ length: count }, () => {
      const at = random.below(senders.length)
      const keys = senders[at]! // below the length
      const recipient = accountOf(random.below(accounts), senders)
      const nonce = nonces[at]!
      nonces[at] = nonce + 1
      const payment = { sender: keys.publicKey, recipient, amount: 1, fee: 1, nonce, memo: new Uint8Array(0) }
      return signTransaction(payment, keys, genesis.hash)
    })
    const body = { miner: accountOf(height % accounts, senders), transactions: payments }
    const timestamp = params.genesisTimestamp + height * params.targetBlockTimeMs + seed
    const header = { version: 1, height, parent, bodyRoot: bodyRoot(body), timestamp, bits: params.initialBits, nonce: 0 }
    mine(header)
    parent = blockHash(header)
    yield { header, body }
  }
}

/** Path of the same blocks as `cairn export` writes them. */
export async function chainFile(fixture: Fixture): Promise<string> {
  const blocks = fixtureFile(fixture)
  const path = `${blocks.slice(0, -'.bin'.length)}.cairn`
  if (existsSync(path)) return path
  const file = await open(`${path}.new`, 'w')
  const params = paramsOf(sendersOf(fixture))
  await writeChainFile(file, { params, blocks: fixture.blocks }, encodedIn(blocks))
  await file.close()
  renameSync(`${path}.new`, path)
  return path
}

/** The blocks of a file, read and decoded one at a time. */
export function* blocksIn(path: string): Iterable<Block> {
  for (const encoded of encodedIn(path)) yield decodeBlock(encoded)
}

function* encodedIn(path: string): Iterable<Uint8Array> {
  const file = openSync(path, 'r')
  const length = new Uint8Array(4)
  try {
    while (readSync(file, length) === 4) {
      const encoded = new Uint8Array(new DataView(length.buffer).getUint32(0, true))
      readSync(file, encoded)
      yield encoded
    }
  } finally {
    closeSync(file)
  }
}

/** Path of a chain's file with so many blocks that hold nothing but their miner’s reward, made where there is none. */
export function headersFile(count: number): string {
  const params = networkParams('local')
  const genesis = genesisOf(params)
  const path = join(keepFolder(), `headers-${SCHEMA_VERSION}-${genesis.id}-${count}.sqlite`)
  if (existsSync(path)) return path
  const store = SqliteStore.open(`${path}.new`, params)
  const body = { miner: accountOf(0, []), transactions: [] }
  store.write((batch) => {
    batch.insert(toHex(genesis.hash), genesis.block)
    batch.connect(toHex(genesis.hash), { block: genesis.block, transactionIds: [] }, connectGenesis(params))
    let parent = genesis.hash
    for (let height = 1; height <= count; height++) {
      const timestamp = params.genesisTimestamp + height * params.targetBlockTimeMs
      const header = { version: 1, height, parent, bodyRoot: bodyRoot(body), timestamp, bits: params.initialBits, nonce: 0 }
      mine(header)
      parent = blockHash(header)
      const block = { header, body }
      batch.insert(toHex(parent), block)
      batch.connect(toHex(parent), { block, transactionIds: [] }, connect(body, height, params, (keys) => store.readAccounts(keys)))
    }
  })
  store.close()
  renameSync(`${path}.new`, path)
  return path
}
