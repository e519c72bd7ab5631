/** Requests that are late by the clock of a real server, and whose last second passes when the test says so. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { Late } from '../../src/http/late.ts'
import { Serving } from '../../src/http/serving.ts'
import { createManualClock } from '../support/manual-clock.ts'

const LAST_CALL_MS = 1_000
const SILENCE_MS = 5_000
const HEAD = 'POST /first HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n'
const SECOND = 'GET /second HTTP/1.1\r\nHost: localhost\r\n\r\n'

let opened = new DisposableStack()
afterEach(() => {
  opened.dispose()
  opened = new DisposableStack()
})

async function open(server: Server): Promise<Socket> {
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1') // it listens on TCP
  opened.defer(() => client.destroy())
  await once(client, 'connect')
  return client.setEncoding('utf8')
}

/** A server with as much patience, ms; answers with the path, once the whole request is there. */
async function impatient(patienceMs = 20) {
  const clock = createManualClock(0)
  const refused: Socket[] = []
  const late = new Late({
    clock,
    silenceMs: SILENCE_MS,
    refuse(_error, socket) {
      refused.push(socket)
      socket.destroy()
    },
  })
  const server = createServer({ headersTimeout: patienceMs, requestTimeout: patienceMs, connectionsCheckingInterval: 5 }, (request, response) => {
    request.resume().on('end', () => response.end(request.url))
  })
  server.on('clientError', late.answer).prependListener('request', late.heard).listen(0, '127.0.0.1')
  opened.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return { clock, refused, server, client: await open(server) }
}

/** Waits until a connection is late on which something was said. */
async function lateWithSomething(server: Server): Promise<Socket> {
  for (;;) {
    const [, socket] = (await once(server, 'clientError')) as [Error, Socket]
    if (socket.bytesRead > 0) return socket
  }
}

/** Waits for an answer to a path. */
async function answered(client: Socket, path: string): Promise<void> {
  let text = ''
  while (!text.endsWith(path)) text += String((await once(client, 'data'))[0])
}

test('a request that is read in the last second is answered, and the connection stays', async () => {
  const { clock, refused, server, client } = await impatient()
  client.write(SECOND.slice(0, 9))
  await lateWithSomething(server)
  client.write(SECOND.slice(9))
  await answered(client, '/second')
  clock.advance(LAST_CALL_MS)
  expect(refused).toEqual([])
  client.write(SECOND)
  await answered(client, '/second')
})

test('a body whose end is read in the last second too', async () => {
  const { clock, refused, server, client } = await impatient()
  client.write(`${HEAD}bo`)
  await lateWithSomething(server)
  client.write('dy')
  await answered(client, '/first')
  clock.advance(LAST_CALL_MS)
  expect(refused).toEqual([])
})

test.each([
  { missing: 'the rest of its headers', came: 'POST /fir', later: '' },
  { missing: 'the end of its headers', came: 'POST /fir', later: 'st HTTP/1.1\r\n' },
  { missing: 'its body, of which nothing came', came: HEAD.slice(0, 9), later: HEAD.slice(9) },
  { missing: 'the end of its body', came: `${HEAD}b`, later: 'od' },
])('after the last second it is refused where $missing is missing', async ({ came, later }) => {
  const { clock, refused, server, client } = await impatient()
  client.write(came)
  const socket = await lateWithSomething(server)
  if (later !== '') {
    client.write(later)
    await once(socket, 'data')
  }
  clock.advance(LAST_CALL_MS - 1)
  expect(refused).toEqual([])
  clock.advance(1)
  expect(refused).toEqual([socket])
})

test('what was answered before does not stand for what is awaited now', async () => {
  const { clock, refused, server, client } = await impatient()
  client.write(SECOND)
  await answered(client, '/second')
  client.write('GET /thi')
  const socket = await lateWithSomething(server)
  clock.advance(LAST_CALL_MS)
  expect(refused).toEqual([socket])
})

test('a connection on which nothing was said may be silent for long, and ends without a word', async () => {
  const { clock, refused, server, client } = await impatient()
  const [, socket] = (await once(server, 'clientError')) as [Error, Socket]
  clock.advance(SILENCE_MS - 1)
  expect(socket.writable).toBe(true)
  clock.advance(1)
  expect(await client.toArray()).toEqual([])
  expect(refused).toEqual([])
})

test('once it says something it is answered, and is timed from then on', async () => {
  const { clock, refused, server, client } = await impatient()
  await once(server, 'clientError')
  client.write(SECOND)
  await answered(client, '/second')
  clock.advance(SILENCE_MS)
  expect(refused).toEqual([])
  client.write('GET /thi')
  const socket = await lateWithSomething(server)
  clock.advance(LAST_CALL_MS)
  expect(refused).toEqual([socket])
})

test('whoever begins after a silence and does not go on is refused', async () => {
  const { clock, refused, server, client } = await impatient()
  await once(server, 'clientError')
  client.write('GET /sec')
  const socket = await lateWithSomething(server)
  clock.advance(LAST_CALL_MS)
  expect(refused).toEqual([socket])
})

test('whoever leaves meanwhile is forgotten', async () => {
  const { clock, refused, server, client } = await impatient()
  const [, socket] = (await once(server, 'clientError')) as [Error, Socket]
  expect(clock.pending).toBe(1)
  client.destroy()
  await once(socket.resume(), 'close')
  expect(clock.pending).toBe(0)
  expect(refused).toEqual([])
})

test('any other error is refused at once', async () => {
  const { clock, refused, server, client } = await impatient(60_000)
  client.write('hello\r\n\r\n')
  const [, socket] = (await once(server, 'clientError')) as [Error, Socket]
  expect(refused).toEqual([socket])
  expect(clock.pending).toBe(0)
})

test('the server of a node or a swarm waits so too, and says what was too late', async () => {
  const clock = createManualClock(0)
  const serving = new Serving({ clock, log: pino({ level: 'silent' }) }, { host: '127.0.0.1', token: '', what: 'node', hint: '' })
  serving.app.get('/', { config: { access: 'open' } }, () => 'hello')
  await serving.start({ port: 0, explicitPort: true })
  const { server } = serving.app
  opened.defer(() => void serving.app.close())
  const request = `GET / HTTP/1.1\r\nHost: ${new URL(serving.url).host}\r\n\r\n`
  const tooLate = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })

  for (const inTime of [true, false]) {
    const connected = once(server, 'connection') as Promise<[Socket]>
    const client = await open(server)
    const [socket] = await connected
    client.write(request.slice(0, 9))
    await once(socket, 'data')
    server.emit('clientError', tooLate, socket)
    if (inTime) client.write(request.slice(9))
    else clock.advance(LAST_CALL_MS)
    const [answer] = (await once(client, 'data')) as [string]
    expect(answer).toMatch(inTime ? /^HTTP\/1\.1 200 .*hello$/s : /^HTTP\/1\.1 408 .*"code":"request-timeout"/s)
  }

  const connected = once(server, 'connection') as Promise<[Socket]>
  const silent = await open(server)
  const [socket] = await connected
  server.emit('clientError', tooLate, socket)
  clock.advance(50_000) // with the ten seconds before: as long as Keep-Alive says
  expect(await silent.toArray()).toEqual([])
})
