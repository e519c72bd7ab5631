/**
 * Damage to a chain's file at rest: one bit flipped, or the file cut, at a random place.
 *
 * What a node does with such a file, in order: open it, load the index, answer every question (each block, transaction,
 * account, history, all headers), then switch to another branch, back to genesis and up again, which uses all undo data.
 * Each of these either gives the true answer or fails with one line that says that the file is damaged; the first that
 * says so ends the cycle. An answer that is wrong and that nobody noticed is counted by its kind, and `verify` must find
 * the damage: what neither notices is a failure.
 */
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ChainError } from '../../src/chain/chain-error.ts'
import { fromHex, type Hex, toHex } from '../../src/consensus/hex.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { verifyChain } from '../../src/node/verify-chain.ts'
import { StorageError } from '../../src/storage/storage-error.ts'
import { type BlockBuilder, createBlockBuilder, type NamedBlock } from '../support/blocks.ts'
import { createRandom, type Random } from '../support/random.ts'
import type { Fault, Outcome } from './fault.ts'
import { type OpenChain, openChain, removeChain } from './replay.ts'

const HEIGHT = 60
const PEOPLE = 300
const PAYMENTS_PER_BLOCK = 8

/** How a verdict begins where an answer was wrong. */
const UNNOTICED = 'unnoticed until verified: a wrong'

/** A chain in a file, closed, with another branch of the same work in it, and one block that makes that one the best. */
interface Specimen {
  path: string
  blocks: BlockBuilder
  /** Every answer of an undamaged file, by question. */
  answers: Map<string, unknown>
  switch: NamedBlock
  /** The accounts after the switch. */
  switched: Map<string, unknown>
  /** Which table or index a byte belongs to. */
  ownerOf(byte: number): string
}

async function createSpecimen(folder: string): Promise<Specimen> {
  const random = createRandom(7)
  const blocks = createBlockBuilder({ seed: 98, funds: { bank: 10_000_000 } })
  const someone = (): string => `person ${random.below(PEOPLE)}`
  blocks.block('b1', 'genesis')
  blocks.blocks('c', 'b1', HEIGHT)
  for (let height = 1; height <= HEIGHT; height++) {
    const parent = height === 1 ? 'genesis' : `a${height - 1}`
    const payment = () => ({ from: 'bank', to: someone(), amount: 1_000, fee: 1 })
    const transactions = Array.from({ length: PAYMENTS_PER_BLOCK }, payment)
    // Whoever has been paid pays on, so that accounts have nonces.
    const rich = [...Array(PEOPLE).keys()].map((at) => `person ${at}`)
      .find((name) => height % 2 === 0 && (blocks.balances(parent)[name] ?? 0) > 0)
    if (rich !== undefined) transactions.push({ from: rich, to: someone(), amount: 10, fee: 1 })
    blocks.block(`a${height}`, parent, { transactions, miner: someone() })
  }
  const path = join(folder, 'specimen.sqlite')
  removeChain(path)
  const open = openChain(path, blocks.params)
  const last = blocks.get(`c${HEIGHT}`)
  const stored = [...blocks.path(`a${HEIGHT}`), ...blocks.path(last.name).slice(0, -1)]
  for (const { block } of stored) await open.chain.add(block, 'sync')
  assert.equal(open.chain.tip.hash, blocks.get(`a${HEIGHT}`).hex)
  const answers = new Map(questions(open, blocks))
  await open.stop()

  const copy = join(folder, 'switched.sqlite')
  copyFileSync(path, copy)
  const other = openChain(copy, blocks.params)
  await other.chain.add(last.block, 'sync')
  assert.equal(other.chain.tip.hash, last.hex)
  const switched = new Map(accounts(other, blocks))
  await other.stop()
  removeChain(copy)
  return { path, blocks, answers, switch: last, switched, ownerOf: ownerOf(path) }
}

function ownerOf(path: string): Specimen['ownerOf'] {
  const database = new DatabaseSync(path, { returnArrays: true })
  const pages = database.prepare('SELECT pageno, name FROM dbstat').all() as unknown as [number, string][] // as selected
  const owners = new Map(pages)
  const [[pageBytes]] = database.prepare('PRAGMA page_size').all() as unknown as [[number]] // one row, one number
  database.close()
  return (byte) => (byte < 100 ? 'file header' : owners.get(Math.floor(byte / pageBytes) + 1) ?? 'a free page')
}

/** What can be asked of a chain, with the answers, one by one. */
function* questions(open: OpenChain, blocks: BlockBuilder): Iterable<[question: string, answer: unknown]> {
  const { chain, store } = open
  yield ['tip', chain.tip]
  yield ['headers', store.bestHeaders(0, 2 * HEIGHT)]
  for (const name of [...blocks.path(`a${HEIGHT}`), ...blocks.path(`c${HEIGHT - 1}`)]) {
    yield [`block ${name.name}`, chain.block(name.hex)]
    yield [`block at ${name.height}`, chain.hashAt(name.height)]
    for (const transaction of name.block.body.transactions) {
      const id = toHex(transactionId(transaction))
      yield [`transaction ${id}`, chain.transaction(id)]
    }
  }
  yield* accounts(open, blocks)
  for (const account of everybody(blocks)) yield [`history ${account}`, chain.history(fromHex(account), { limit: 1_000 })]
}

function* accounts({ chain }: OpenChain, blocks: BlockBuilder): Iterable<[question: string, answer: unknown]> {
  for (const account of everybody(blocks)) yield [`account ${account}`, chain.account(fromHex(account))]
}

const everybody = (blocks: BlockBuilder): Iterable<Hex> => blocks.ledger(`a${HEIGHT}`).keys()

/** Uses a damaged file as a node does. */
async function use(path: string, { blocks, answers, switch: last, switched }: Specimen): Promise<string> {
  let open: OpenChain
  try {
    open = openChain(path, blocks.params)
  } catch (error) {
    return `refused at opening: ${codeOf(error)}`
  }
  try {
    const empty = open.chain.tip.height === 0
    if (empty) return 'a new chain' // nothing was left of the file
    for (const [question, answer] of questions(open, blocks)) {
      try {
        assert.deepEqual(answer, answers.get(question))
      } catch {
        return `${UNNOTICED} ${question.split(' ')[0]}`
      }
    }
    await open.chain.add(last.block, 'sync')
    for (const [question, answer] of accounts(open, blocks)) {
      try {
        assert.deepEqual(answer, switched.get(question))
      } catch {
        return `${UNNOTICED} account after a switch`
      }
    }
    return 'harmless: every answer is true'
  } catch (error) {
    return `refused when read: ${codeOf(error)}`
  } finally {
    await open.stop()
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof StorageError || error instanceof ChainError)) throw error
  assert.match(error.message, /^[a-z-]+: [^\n]+$/, 'one line with its code')
  return error.code
}

const damage = (harm: (path: string, bytes: number, random: Random) => number): Fault => (folder) => {
  let specimen: Specimen | undefined
  const data = join(folder, 'data')
  const damaged = join(data, 'chain.sqlite')
  const used = join(folder, 'used.sqlite')
  return async (random): Promise<Outcome> => {
    mkdirSync(data, { recursive: true })
    specimen ??= await createSpecimen(folder)
    copyFileSync(specimen.path, damaged)
    const { size } = statSync(damaged)
    const at = harm(damaged, size, random)
    removeChain(used)
    copyFileSync(damaged, used)
    const verdict = await use(used, specimen)
    if (verdict.startsWith(UNNOTICED)) {
      await assert.rejects(verifyChain({ dataDir: data, params: specimen.blocks.params }), { code: 'storage-damaged' }, verdict)
    }
    return { verdict, detail: `byte ${at} of ${size}, in ${specimen.ownerOf(at)}` }
  }
}

export const flip: Fault = damage((path, bytes, random) => {
  const file = readFileSync(path)
  const at = random.below(bytes)
  file[at]! ^= 1 << random.below(8) // within the file
  writeFileSync(path, file)
  return at
})

export const truncate: Fault = damage((path, bytes, random) => {
  const at = random.below(bytes)
  truncateSync(path, at)
  return at
})
