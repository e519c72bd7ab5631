import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Garbage } from '../../src/http/garbage.ts'
import { serve } from './serve.ts'

const server = createServer()
let port: number
const timers: { at: number; callback: () => void }[] = []
let now: number
let garbage: Garbage

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  port = (server.address() as AddressInfo).port // it listens on TCP
})
afterAll(() => void server.close())

beforeEach(() => {
  now = 1_000_000
  timers.splice(0)
  garbage = new Garbage({
    now: () => now,
    after(delayMs, callback) {
      const timer = { at: now + delayMs, callback }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), 1)
    },
  })
})

/** Both ends of a connection. */
async function pair(): Promise<{ client: Socket; socket: Socket }> {
  const client = connect(port, '127.0.0.1')
  const [socket] = (await once(server, 'connection')) as [Socket] // what the event gives
  for (const end of [client, socket]) end.on('error', () => {}) // of the other end, which does not wait
  return { client, socket }
}

const malformed = (): Error => Object.assign(new Error('Parse Error'), { code: 'HPE_INVALID_METHOD' })

/** So many that nobody sees. */
async function flood(count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    const { client, socket } = await pair()
    garbage.answer(malformed(), socket)
    client.destroy()
  }
}

test('a few are answered at once; a flood of them 250 a second, in order', async () => {
  await flood(50)
  expect(timers).toEqual([])
  const last = [await pair(), await pair(), await pair()]
  for (const { socket } of last) garbage.answer(malformed(), socket)
  expect(timers.map(({ at }) => at - now)).toEqual([4, 8, 12])
  expect(last.map(({ socket }) => socket.writableEnded)).toEqual([false, false, false])
  timers[0]?.callback()
  expect(last.map(({ socket }) => socket.writableEnded)).toEqual([true, false, false])
  const [first] = last
  const text = (await first!.client.setEncoding('utf8').toArray()).join('')
  expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
  for (const { client } of last) client.destroy()
})

test('after a pause some are answered at once again', async () => {
  await flood(50)
  now += 40
  await flood(10)
  expect(timers).toEqual([])
  const { client, socket } = await pair()
  garbage.answer(malformed(), socket)
  expect(timers.map(({ at }) => at - now)).toEqual([4])
  client.destroy()
})

test('whoever leaves while it waits is forgotten', async () => {
  await flood(50)
  const { client, socket } = await pair()
  garbage.answer(malformed(), socket)
  expect(timers).toHaveLength(1)
  client.destroy()
  socket.resume()
  if (!socket.closed) await once(socket, 'close')
  expect(timers).toEqual([])
})

test('a connection is judged once, whatever else comes on it', async () => {
  await flood(50)
  const { client, socket } = await pair()
  for (let at = 0; at < 3; at++) garbage.answer(malformed(), socket)
  expect(timers).toHaveLength(1)
  client.destroy()
})

test('nobody waits long for a clock that was set back', async () => {
  await flood(50)
  now -= 3_600_000
  const { client, socket } = await pair()
  garbage.answer(malformed(), socket)
  expect(timers.map(({ at }) => at - now)).toEqual([4_100])
  client.destroy()
})

test('in a flood of them each gets its answer, also who has said its last word', async () => {
  await using served = await serve()
  const { hostname, port } = new URL(served.server.url)
  const answers = await Promise.all(Array.from({ length: 70 }, async () => {
    const socket = connect(Number(port), hostname)
    socket.end('hello\r\n\r\n')
    return (await socket.setEncoding('utf8').toArray()).join('')
  }))
  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 400 .*"code":"bad-request"/s)
  await expect(served.client.status()).resolves.toMatchObject({ height: 0 })
})
