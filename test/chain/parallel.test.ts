/** Blocks whose signatures are verified beside the chain: the same answers, in the same order, as one after the other. */
import { setImmediate as turn } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import type { SignatureVerifier } from '../../src/chain/signature-verifier.ts'
import { VerifierPool } from '../../src/chain/verifier-pool.ts'
import { isEncodedSigned } from '../../src/consensus/encoded-signature.ts'
import { sha256 } from '../../src/consensus/hash.ts'
import { equalBytes, toHex } from '../../src/consensus/hex.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { decodeTransaction, encodeTransaction, type Transaction } from '../../src/consensus/types.ts'
import { type BlockBuilder, createBlockBuilder } from '../support/blocks.ts'
import { openChain, type TestChain } from '../support/chain.ts'
import { checkedOf } from '../support/checked.ts'

const COUNT = 40 // enough that a verifier is asked

const pool = new VerifierPool({ log: pino({ level: 'silent' }) }, { threads: 2 })
afterAll(() => pool.stop())

/** A chain of `length` blocks, a1, a2, …, of COUNT payments each. */
function payments(seed: number, length: number): BlockBuilder {
  const blocks = createBlockBuilder({ seed, funds: { alice: 1_000_000 } })
  const transactions = Array.from({ length: COUNT }, () => ({ from: 'alice', to: 'bob', amount: 1 }))
  blocks.blocks('a', 'genesis', length, { transactions })
  return blocks
}

/** Payments of alice, those at the places given with a signature that is not theirs. */
function forgedAt(blocks: BlockBuilder, ...bad: number[]): Transaction[] {
  return Array.from({ length: COUNT }, (_, nonce) => {
    const payment = blocks.pay({ from: 'alice', to: 'bob', amount: 1, nonce })
    return bad.includes(nonce) ? { ...payment, signature: payment.signature.with(0, 1) } : payment
  })
}

interface HeldVerifier extends SignatureVerifier {
  /** One for each call that is not answered yet, in the order of the calls. */
  held: { count: number; answer(bad?: number): void; fail(error: Error): void }[]
  calls: number
}

/** A verifier that answers when the test says so. */
function held(): HeldVerifier {
  const verifier: HeldVerifier = {
    held: [],
    calls: 0,
    firstBad: ({ length: count }) =>
      new Promise((answer, fail) => {
        verifier.calls += 1
        verifier.held.push({ count, answer, fail })
      }),
  }
  return verifier
}
const verdictOf = (adding: Promise<{ outcome: string }>): Promise<string> =>
  adding.then(({ outcome }) => outcome, (error: unknown) => (error as { code?: string }).code ?? String(error))
const addAll = (node: TestChain, blocks: BlockBuilder, names: string[]): Promise<string>[] =>
  names.map((name) => verdictOf(node.chain.add(blocks.get(name).block, 'sync')))

test('threads take the same blocks as the rules in place do', async () => {
  const blocks = payments(1, 12)
  const node = openChain(blocks, { verifier: pool })
  const path = blocks.path('a12').map(({ name }) => name)
  expect(await Promise.all(addAll(node, blocks, path))).toEqual(path.map(() => 'connected'))
  expect(node.chain.tip.hash).toBe(blocks.get('a12').hex)
})

test.for([[0], [17, 39], [39]])('threads refuse a bad signature as the rules in place do: bad are %j', async (bad) => {
  const blocks = createBlockBuilder({ seed: 2, funds: { alice: 1_000 } })
  blocks.block('forged', 'genesis', { transactions: forgedAt(blocks, ...bad) })
  const { block } = blocks.get('forged')
  const refusal = (node: TestChain): Promise<unknown> =>
    node.chain.add(block, 'gossip').then(() => 'taken', ({ code, fault, message }) => ({ code, fault, message }))
  const inPlace = await refusal(openChain(blocks))
  expect(await refusal(openChain(blocks, { verifier: pool }))).toEqual(inPlace)
  expect(inPlace).toMatchObject({ code: 'transaction-bad-signature', message: expect.stringContaining(`transaction ${bad[0]} `) })
})

test('no signature is verified before the work of its block is known to be done', async () => {
  const blocks = createBlockBuilder({ seed: 3, funds: { alice: 1_000 } })
  const transactions = forgedAt(blocks, 0)
  blocks.block('workless', 'genesis', { transactions, mined: false })
  blocks.block('rootless', 'genesis', { transactions, mutate: ({ header }) => void (header.bodyRoot = new Uint8Array(32)) })
  blocks.block('twice', 'genesis', { transactions: [...transactions, transactions[3]!] })
  const verifier = held()
  const node = openChain(blocks, { verifier })
  expect(await Promise.all(addAll(node, blocks, ['workless', 'rootless', 'twice']))).toEqual([
    'block-bad-pow', 'block-bad-body-root', 'block-duplicate-nonce',
  ])
  expect(verifier.calls).toBe(0)
})

test('verdicts may come in any order: blocks are taken, and answers given, in the order of the calls', async () => {
  const blocks = payments(4, 4)
  const verifier = held()
  const node = openChain(blocks, { verifier })
  const answered: string[] = []
  const names = ['a1', 'a2', 'a3', 'a4']
  const adding = addAll(node, blocks, names).map(async (one, at) => answered.push(`${names[at]} ${await one}`))
  expect(verifier.held.map(({ count }) => count)).toEqual([COUNT, COUNT, COUNT, COUNT])
  for (const { answer } of verifier.held.toReversed()) answer()
  await Promise.all(adding)
  expect(answered).toEqual(names.map((name) => `${name} connected`))
  expect(node.heard().filter((line) => line.startsWith('+'))).toEqual(names.map((name) => `+ ${name}`))
})

test('of blocks added without waiting, the first that is bad is refused for itself and the next for it', async () => {
  const blocks = createBlockBuilder({ seed: 5, funds: { alice: 1_000 } })
  blocks.block('good', 'genesis', { transactions: forgedAt(blocks) })
  blocks.block('forged', 'genesis', { transactions: forgedAt(blocks, 3) })
  blocks.block('child', 'forged', { transactions: [{ from: 'alice', to: 'bob', amount: 1, nonce: COUNT }] })
  blocks.block('grandchild', 'child')
  blocks.block('next', 'good')
  const verifier: SignatureVerifier = {
    firstBad: async (encoded, genesisHash) => {
      const bad = encoded.findIndex((transaction) => !isEncodedSigned(transaction, genesisHash))
      return bad === -1 ? undefined : bad
    },
  }
  const node = openChain(blocks, { verifier })
  expect(await Promise.all(addAll(node, blocks, ['forged', 'child', 'good', 'grandchild', 'next']))).toEqual([
    'transaction-bad-signature', 'block-invalid-parent', 'connected', 'block-invalid-parent', 'connected',
  ])
  expect(node.tip()).toBe('next')
})

test('only a few blocks are verified ahead, however many are added', async () => {
  const blocks = payments(6, 30)
  const verifier = held()
  const node = openChain(blocks, { verifier })
  const names = blocks.path('a30').map(({ name }) => name)
  const adding = addAll(node, blocks, names)
  const unanswered: number[] = []
  for (const one of adding) {
    await turn() // it is in hand
    unanswered.push(verifier.held.length)
    verifier.held.shift()?.answer()
    expect(await one).toBe('connected')
  }
  expect(Math.max(...unanswered)).toBe(9) // one in hand and eight ahead
})

test('stopping waits for the block in hand, verdict included, and refuses those behind it', async () => {
  const blocks = payments(7, 5)
  const verifier = held()
  const node = openChain(blocks, { verifier })
  const adding = addAll(node, blocks, ['a1', 'a2', 'a3', 'a4', 'a5'])
  await turn() // the first one is in hand
  const stopping = node.chain.stop()
  expect(await Promise.all(adding.slice(1))).toEqual(Array.from({ length: 4 }, () => 'chain-not-running'))
  verifier.held[0]?.answer()
  await stopping
  expect(await adding[0]).toBe('connected')
  for (const { fail } of verifier.held.slice(1)) fail(new Error('the verifier is stopped')) // nobody waits for it any more
  expect(node.chain.tip.height).toBe(1)
})

test('a verifier that calls a good signature bad does not get a block refused: the rule decides', async () => {
  const blocks = payments(8, 1)
  const forged = createBlockBuilder({ seed: 8, funds: { alice: 1_000_000 } })
  forged.block('f1', 'genesis', { transactions: forgedAt(forged, 30) })
  const wrong: SignatureVerifier = { firstBad: async () => 4 }
  expect(await openChain(blocks, { verifier: wrong }).add('a1')).toBe('connected')
  expect(await openChain(forged, { verifier: wrong }).add('f1')).toBe('transaction-bad-signature')
})

test('a verifier that fails is no verdict: the error goes to the caller, and the block may come again', async () => {
  const blocks = payments(9, 1)
  const verifier = held()
  const node = openChain(blocks, { verifier })
  const failing = node.chain.add(blocks.get('a1').block, 'gossip')
  verifier.held.shift()?.fail(new Error('out of memory'))
  await expect(failing).rejects.toThrow('out of memory')
  const again = node.add('a1')
  verifier.held.shift()?.answer()
  expect(await again).toBe('connected')
})

test('what the mempool verified is not handed over, and a few signatures are verified in place', async () => {
  const blocks = payments(10, 3)
  const [a1, a2] = ['a1', 'a2'].map((name) => blocks.get(name).block.body.transactions)
  if (a1 === undefined || a2 === undefined) throw new Error('two blocks')
  const known = new Set([...a1, ...a2.slice(0, 10)].map((transaction) => toHex(transactionId(transaction))))
  const asked: Uint8Array[][] = []
  const verifier: SignatureVerifier = {
    firstBad: async (encoded) => {
      asked.push([...encoded])
      return undefined
    },
  }
  const node = openChain(blocks, { verifier, findChecked: (encoded) => (known.has(toHex(sha256(encoded))) ? checkedOf(encoded) : undefined) })
  expect(await node.addAll('a1', 'a2', 'a3')).toEqual(['connected', 'connected', 'connected'])
  expect(asked.map(({ length }) => length)).toEqual([30, 40])
  expect(asked[0]?.every((encoded, at) => equalBytes(encoded, encodeTransaction(a2[at + 10]!)))).toBe(true)
  expect(decodeTransaction(asked[0]![0]!)).toEqual(a2[10])
  const few = createBlockBuilder({ seed: 11, funds: { alice: 100 } })
  few.block('b1', 'genesis', { transactions: Array.from({ length: 16 }, () => ({ from: 'alice', to: 'bob', amount: 1 })) })
  const unasked = held()
  expect(await openChain(few, { verifier: unasked }).add('b1')).toBe('connected')
  expect(unasked.calls).toBe(0)
})

test('a block that is added twice at the same time is taken once', async () => {
  const blocks = payments(12, 1)
  const verifier = held()
  const node = openChain(blocks, { verifier })
  const both = addAll(node, blocks, ['a1', 'a1'])
  for (const { answer } of verifier.held) answer()
  expect(await Promise.all(both)).toEqual(['connected', 'known'])
})
