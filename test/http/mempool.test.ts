/** The pool over HTTP: every refusal by its code, pages, and when a transaction will be mined. */
import { expect, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { encodeTransaction, type Transaction } from '../../src/consensus/types.ts'
import type { PendingTransaction } from '../../src/http/api.ts'
import { POLICIES, PolicyError, type PolicyCode } from '../../src/mempool/policy.ts'
import { createBlockBuilder, type Payment } from '../support/blocks.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { serve, type Served } from './serve.ts'

const START = 1_800_000_000_000
const blocks = createBlockBuilder({ seed: 5, funds: { alice: 1_000, bob: 100 } })
const pay = (from: string, nonce: number, payment: Partial<Payment> = {}): Transaction =>
  blocks.pay({ from, to: 'bob', amount: 1, nonce, ...payment })
const idOf = (transaction: Transaction): string => toHex(transactionId(transaction))

const served = (minFee = 0): Promise<Served> => serve({ network: blocks.params, minFee, clock: createManualClock(START) })
const submit = async ({ client }: Served, transaction: Transaction): Promise<string> => {
  const answer = client.submit({ ssz: toHex(encodeTransaction(transaction)) })
  return answer.then(({ id }) => id, ({ status, code }: { status: number; code: string }) => `${status} ${code}`)
}

/** By policy: what is taken before, and what is refused then. */
const REFUSALS: Record<Exclude<PolicyCode, 'mempool-full'>, { status: number; before?: Transaction[]; refused: Transaction }> = {
  'transaction-known': { status: 409, before: [pay('alice', 0, { fee: 1 })], refused: pay('alice', 0, { fee: 1 }) },
  'transaction-fee-too-low': { status: 422, refused: pay('alice', 0, { fee: 0 }) },
  'transaction-nonce-used': { status: 409, refused: pay('carol', 0, { fee: 1 }) },
  'transaction-nonce-gap': { status: 422, refused: pay('alice', 80, { fee: 1 }) },
  'transaction-insufficient-balance': { status: 422, refused: pay('alice', 0, { amount: 1_000, fee: 1 }) },
  'transaction-replacement-underpriced': { status: 409, before: [pay('alice', 0, { fee: 20 })], refused: pay('alice', 0, { fee: 21 }) },
  'transaction-sender-limit': {
    status: 422,
    before: Array.from({ length: 64 }, (_, at) => pay('alice', at + 1, { fee: 1 })),
    refused: pay('alice', 65, { fee: 1 }),
  },
}

test.each(Object.entries(REFUSALS))('%s', async (code, { status, before = [], refused }) => {
  await using node = await served(1)
  if (code === 'transaction-nonce-used') {
    blocks.block('c1', 'genesis', { miner: 'carol' })
    blocks.block('c2', 'c1', { transactions: [pay('carol', 0)] })
    for (const name of ['c1', 'c2']) await node.node.chain.add(blocks.get(name).block, 'gossip')
  }
  for (const transaction of before) expect(await submit(node, transaction)).toBe(idOf(transaction))
  expect(await submit(node, refused)).toBe(`${status} ${code}`)
})

test('mempool-full, and every policy has its test here', async () => {
  await using node = await served()
  // A pool that is really full is in test/integration/spam.test.ts.
  node.node.mempool.add = () => {
    throw new PolicyError('mempool-full', 'it is full')
  }
  expect(await submit(node, pay('alice', 0))).toBe('422 mempool-full')
  expect([...Object.keys(REFUSALS), 'mempool-full'].sort()).toEqual(Object.keys(POLICIES).sort())
})

test('pages: every transaction once, best first, also where the last of a page is gone meanwhile', async () => {
  await using node = await served()
  const { client } = node
  const all = Array.from({ length: 7 }, (_, nonce) => pay('alice', nonce, { fee: nonce % 3 }))
  for (const transaction of all) await submit(node, transaction)
  expect((await client.mempool()).next).toBeNull()
  const seen: PendingTransaction[] = []
  let next: string | undefined
  do {
    const page = await client.mempool({ limit: 3, after: next })
    expect(page).toMatchObject({ count: 7, bytes: 7 * 156 })
    seen.push(...page.transactions)
    next = page.next ?? undefined
  } while (next !== undefined)
  expect(seen.map(({ fee, nonce }) => [fee, nonce])).toEqual([[2, 2], [2, 5], [1, 1], [1, 4], [0, 0], [0, 3], [0, 6]])

  const first = await client.mempool({ limit: 2 })
  await submit(node, pay('alice', 5, { fee: 3 })) // replaces the last one of that page
  const second = await client.mempool({ limit: 2, after: first.next! })
  expect(second.transactions.map(({ fee, nonce }) => [fee, nonce])).toEqual([[1, 1], [1, 4]])
})

test('a cursor that is none is refused in a line', async () => {
  await using node = await served()
  await expect(node.stranger.mempool({ after: 'abc' })).rejects.toMatchObject({
    status: 400,
    code: 'bad-request',
    message: 'after must be the next of the page before, not "abc"',
  })
  await expect(node.stranger.estimate(-1)).rejects.toMatchObject({ status: 400, code: 'bad-request' })
})

test('when it will be mined: of each, of one, and of a fee that one means to pay', async () => {
  await using node = await serve({
    network: { ...blocks.params, maxBlockBytes: 1_024 }, // four plain payments
    clock: createManualClock(START),
  })
  const own = createBlockBuilder({ params: node.node.params, seed: 5 })
  const { client } = node
  for (const [nonce, fee] of [5, 5, 5, 5, 5, 2, 2].entries()) {
    await submit(node, own.pay({ from: 'alice', to: 'bob', amount: 1, fee, nonce }))
  }
  await submit(node, own.pay({ from: 'alice', to: 'bob', amount: 1, fee: 9, nonce: 20 }))
  const page = await client.mempool()
  const T = node.node.params.targetBlockTimeMs
  expect(page).toMatchObject({ minimumFee: 0, nextBlockFee: 6, blockTimeMs: T })
  const at = (nonce: number): PendingTransaction => page.transactions.find((each) => each.nonce === nonce)!
  const room = Math.floor((1_024 - 200) / 160)
  expect([0, room - 1].map((nonce) => at(nonce).minedInMs)).toEqual([T, T])
  expect(at(6).minedInMs).toBeGreaterThan(T)
  expect(at(20)).toMatchObject({ ready: false, minedInMs: null })
  expect(await client.transaction(at(6).id)).toMatchObject({ block: null, minedInMs: at(6).minedInMs })
  expect(await client.estimate(6)).toEqual({ fee: 6, minimumFee: 0, nextBlockFee: 6, blockTimeMs: T, blocks: 1, minedInMs: T })
  expect(await client.estimate(0)).toMatchObject({ blocks: 2, minedInMs: 2 * T })
})
