/** How many connections there are, and answers that are not taken, on a clock that only the test moves. */
import { EventEmitter, once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type ConnectionOptions, Connections } from '../../src/http/connections.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { serve } from './serve.ts'

const opened: { server: Server; sockets: Socket[] }[] = []
afterEach(() => {
  for (const { server, sockets } of opened.splice(0)) {
    for (const socket of sockets) socket.destroy()
    server.closeAllConnections()
    server.close()
  }
})

/** A server that answers `/`, and keeps any other answer open for the test to write. */
async function serving(options: ConnectionOptions) {
  const clock = createManualClock(0)
  const held = new Map<string, ServerResponse>()
  const server = createServer((request, response) => {
    if (request.url === '/') response.end('hello')
    else held.set(request.url ?? '', response)
    server.emit('asked')
  }).listen(0, '127.0.0.1')
  const connections = new Connections({ server, clock }, options)
  connections.start()
  await once(server, 'listening')
  const sockets: Socket[] = []
  opened.push({ server, sockets })
  return {
    clock, connections, held,
    /** A connection that the server knows by the time this resolves. */
    async open(): Promise<Socket> {
      const known = once(server, 'connection')
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
      socket.on('error', () => {}) // it is reset where it is not taken
      sockets.push(socket)
      await known
      return socket
    },
    async ask(socket: Socket, path = '/'): Promise<void> {
      const asked = once(server, 'asked')
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
      await asked
      if (path === '/') await once(socket, 'data')
    },
  }
}

const closed = async (socket: Socket): Promise<void> => {
  if (!socket.closed) await once(socket.resume(), 'close')
}

test('one more than there may be: one that never asked goes, before one that did', async () => {
  const { open, ask, connections } = await serving({ max: 3 })
  const [asker, silent, later] = [await open(), await open(), await open()]
  await ask(asker)
  const fourth = await open()
  await closed(silent)
  await ask(fourth)
  const fifth = await open()
  await closed(later)
  await ask(fifth)
  await ask(asker)
  expect(connections.size).toBe(3)
})

test('a thousand that say nothing are kept: to close them would only make them come again', () => {
  const server = new EventEmitter() as Server // nothing but its events is used
  const connections = new Connections({ server, clock: createManualClock(0) })
  const gone: number[] = []
  for (let at = 0; at < 1_025; at++) {
    const socket = Object.assign(new EventEmitter(), {
      destroy() {
        gone.push(at)
        socket.emit('close')
      },
    })
    server.emit('connection', socket)
    if (at === 1_023) expect(gone).toEqual([])
  }
  expect(gone).toEqual([0])
  expect(connections.size).toBe(1_024)
})

test('of those that asked, the one that was quiet longest', async () => {
  const { open, ask } = await serving({ max: 2 })
  const [first, second] = [await open(), await open()]
  await ask(first)
  await ask(second)
  await ask(first)
  const third = await open()
  await closed(second)
  await ask(third)
  await ask(first)
})

test('one with an answer under way stays; where all have one, nobody else gets in', async () => {
  const { open, ask, held } = await serving({ max: 2 })
  const [busy, other] = [await open(), await open()]
  await ask(busy, '/busy')
  await ask(other, '/other')
  await closed(await open())
  held.get('/other')!.end('done')
  await once(other, 'data')
  const next = await open()
  await closed(other)
  await ask(next)
  held.get('/busy')!.end('done')
  expect(String((await once(busy, 'data'))[0])).toContain('done')
})

const MB = 1_048_576
/** More than the buffers between two sockets hold. */
const MUCH = 64

test('a client that does not take its answer is dropped', async () => {
  const { open, ask, held, clock } = await serving({ stallMs: 8_000 })
  const socket = await open()
  socket.pause()
  await ask(socket, '/much')
  const response = held.get('/much')!
  const gone = once(response, 'close')
  response.write(Buffer.alloc(MUCH * MB))
  clock.advance(2_000) // seen waiting
  clock.advance(6_000)
  expect(response.destroyed).toBe(false)
  clock.advance(2_000)
  await gone
})

test('one that takes some of it in time stays, however long it needs', async () => {
  const { open, ask, held, clock } = await serving({ stallMs: 8_000, minBytes: MB })
  const socket = await open()
  socket.pause()
  await ask(socket, '/much')
  const response = held.get('/much')!
  // So much at once that the client must have read before the next is needed.
  for (let piece = 0; piece < 5; piece++) {
    const taken = Promise.withResolvers<void>()
    response.write(Buffer.alloc(MUCH * MB), () => taken.resolve())
    clock.advance(7_000)
    socket.resume()
    await taken.promise
    socket.pause()
  }
  expect(response.destroyed).toBe(false)
  clock.advance(100_000)
  expect(response.destroyed, 'nothing waits to be taken').toBe(false)
})

test('of a real node: nobody is shut out by idle connections, and a reader of /chain that stops reading is dropped', async () => {
  const clock = createManualClock(Date.now())
  await using served = await serve({ clock })
  const { port, hostname } = new URL(served.server.url)
  const idle: Socket[] = []
  for (let i = 0; i < 300; i++) {
    const socket = connect(Number(port), hostname).on('error', () => {})
    await once(socket, 'connect')
    idle.push(socket)
  }
  expect((await served.ask('GET', '/api/v1/status')).status).toBe(200)
  for (const socket of idle) socket.destroy()

  const block = served.node.chain.block(served.node.chain.tip.hash)!
  const transaction = { sender: block.body.miner, recipient: block.body.miner, amount: 1, fee: 0, nonce: 0, memo: new Uint8Array(), signature: new Uint8Array(64) }
  // One block that fills every buffer.
  served.node.chain.block = () => ({ ...block, body: { ...block.body, transactions: Array.from({ length: 100_000 }, () => transaction) } })
  const slow = connect(Number(port), hostname).on('error', () => {})
  slow.pause()
  slow.write(`GET /chain HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`)
  await once(slow, 'readable')
  clock.advance(5_000)
  clock.advance(25_000)
  await closed(slow)
})
