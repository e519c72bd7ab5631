/** Handing in a transaction that is signed already: by its fields, SSZ encoded, twice, and too often. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { encodeTransaction } from '../../src/consensus/types.ts'
import { blocks, serveDrawn } from './drawn-chain.ts'
import { serve, type Served, TOKEN } from './serve.ts'

let served: Served
beforeAll(async () => {
  served = await serveDrawn()
})
afterAll(() => served[Symbol.asyncDispose]())

const payment = (nonce: number) => blocks.pay({ from: 'bob', to: 'alice', amount: 1, fee: 1, nonce, memo: 'ünï' })
const fields = (nonce: number) => {
  const { sender, recipient, memo: _, signature, ...numbers } = payment(nonce)
  return { ...numbers, sender: toAddress(sender), recipient: toAddress(recipient), memo: 'ünï', signature: toHex(signature) }
}

test('a signed transaction is taken without the token, by its fields', async () => {
  const taken = await served.stranger.submit(fields(1))
  expect(taken).toEqual({ ...fields(1), id: toHex(transactionId(payment(1))) })
  expect(served.node.mempool.get(taken.id)).toBeDefined()
})

test('or SSZ encoded', async () => {
  const taken = await served.stranger.submit({ ssz: toHex(encodeTransaction(payment(2))) })
  expect(taken.id).toBe(toHex(transactionId(payment(2))))
})

test('but once', async () => {
  await expect(served.stranger.submit(fields(1))).rejects.toMatchObject({ status: 409, code: 'transaction-known' })
})

test('and only so many a second, but the token’s owner may', async () => {
  const stopped = { now: () => blocks.get('a3').block.header.timestamp, after: () => () => {} }
  await using still = await serve({ network: blocks.params, clock: stopped })
  const send = async (headers: Record<string, string> = {}) =>
    still.ask('POST', '/api/v1/transactions', {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(fields(0)),
    })
  const statuses = new Map<number, number>()
  for (let i = 0; i < 203; i++) {
    const { status } = await send()
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  expect(Object.fromEntries(statuses)).toEqual({ 201: 1, 409: 199, 429: 3 })
  const { headers, json } = await send()
  expect([headers['retry-after'], json().error.code]).toEqual(['1', 'too-many-requests'])
  expect((await send({ authorization: `Bearer ${TOKEN}` })).status, 'refused as known, not as too many').toBe(409)
})