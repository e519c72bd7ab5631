/** Bodies that are no JSON, not called JSON, or too large. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { serve, type Served, TOKEN } from './serve.ts'

const CAROL = toAddress(new Uint8Array(32).fill(7))

let served: Served
beforeAll(async () => {
  served = await serve()
  await served.client.mineBlocks(2) // 100 units
})
afterAll(() => served[Symbol.asyncDispose]())

const post = (body: string | Uint8Array, type?: string) =>
  served.ask('POST', '/api/v1/wallet/send', {
    headers: { authorization: `Bearer ${TOKEN}`, ...(type && { 'content-type': type }) },
    body,
  })

test.each([
  ['cut', '{"recipient":'],
  ['of words', 'hello'],
  ['with a comma too many', '{"amount":1,}'],
  ['empty', ''],
  ['with a prototype', '{"__proto__":{"amount":1}}'],
  ['of bytes that are no text', Uint8Array.of(0x22, 0xff, 0x00)],
])('JSON %s: 400', async (_name, body) => {
  const { status, json } = await post(body, 'application/json')
  expect([status, json().error.code]).toEqual([400, 'bad-json'])
})

test.each([
  ['text/plain'],
  ['application/x-www-form-urlencoded'],
  ['multipart/form-data; boundary=x'],
  ['application/json5'],
  ['text/json'],
  ['nonsense'],
  [undefined],
])('a body of type %s: 415', async (type) => {
  const { status, json } = await post(JSON.stringify({ recipient: CAROL, amount: 1 }), type)
  expect([status, json().error.code]).toEqual([415, 'unsupported-media-type'])
})

test('a charset beside the type is fine', async () => {
  const { status } = await post(JSON.stringify({ recipient: CAROL, amount: 1 }), 'application/json; charset=UTF-8')
  expect(status).toBe(201)
})

test('a body of 10 MB: 413, read or not, and nothing of it is kept', async () => {
  const body = JSON.stringify({ recipient: CAROL, amount: 1, memo: 'x'.repeat(10_000_000) })
  await expect(served.client.send(JSON.parse(body))).rejects.toMatchObject({ status: 413, code: 'body-too-large' })
  const { status, json } = await post(body, 'application/json')
  expect([status, json().error.code]).toEqual([413, 'body-too-large'])
  await expect(served.client.status()).resolves.toMatchObject({ height: 2 })
})

test('a body just within the limit is read', async () => {
  const body = JSON.stringify({ recipient: CAROL, amount: 1, memo: '' }).padEnd(65_536, ' ')
  expect((await post(body, 'application/json')).status).toBe(201)
  expect((await post(`${body} `, 'application/json')).status).toBe(413)
})
