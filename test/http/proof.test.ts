/** `GET /api/v1/transactions/:id/proof`, over the chain of drawn-chain.ts. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { verifyProof } from '../../src/consensus/verify-proof.ts'
import { blocks, pendingId, serveDrawn, tea, teaId } from './drawn-chain.ts'
import type { Served } from './serve.ts'

let served: Served
beforeAll(async () => {
  served = await serveDrawn()
})
afterAll(() => served[Symbol.asyncDispose]())

const { params } = blocks
const path = (id: string): string => `/api/v1/transactions/${id}/proof`
const notText = toHex(transactionId(blocks.get('a2').block.body.transactions[1]!))

test('what a stranger is given proves the transaction, with the headers after its block', async () => {
  const proven = verifyProof(await served.stranger.proof(teaId), { params })
  expect(proven).toMatchObject({
    id: teaId,
    transaction: tea,
    block: { hash: blocks.get('a2').hex, height: 2, position: 0, transactionCount: 2, miner: blocks.account('miner') },
    confirmations: 2,
    claimedConfirmations: 2,
    last: blocks.get('a3').hex,
  })
  expect(verifyProof(await served.client.proof(notText), { params }).block.position).toBe(1)
})

test('as many headers as are asked for, and there are', async () => {
  const counts = await Promise.all([0, 1, 1000].map(async (headers) => (await served.client.proof(teaId, { headers })).headers.length))
  expect(counts).toEqual([0, 1, 1])
  const { status, json } = await served.ask('GET', `${path(teaId)}?headers=1001`)
  expect([status, json().error.code]).toEqual([400, 'bad-request'])
})

test('not of what is pending, unknown or no id: each says what to do', async () => {
  for (const [id, status, code] of [
    [pendingId, 409, 'transaction-pending'],
    ['00'.repeat(32), 404, 'transaction-not-found'],
    ['tea', 400, 'hash-malformed'],
  ] as const) {
    const answer = await served.ask('GET', path(id))
    expect([answer.status, answer.json().error.code]).toEqual([status, code])
  }
  expect((await served.ask('GET', path(pendingId))).json().error.message).toContain('wait until one is mined')
})
