/** The server itself: ports, the page, garbage on the wire, cancelling, stopping; and the events of a real node. */
import { once } from 'node:events'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createTcpServer, connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createClient } from '../../src/http/client.ts'
import { createServer } from '../../src/http/server.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { ask, serve, TOKEN } from './serve.ts'

/** A port that is taken for as long as the test runs. */
async function takenPort() {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, [Symbol.dispose]: () => void server.close() }
}

test('a port that was asked for and is taken is an error in one line', async () => {
  using taken = await takenPort()
  await expect(serve({}, { port: taken.port })).rejects.toThrow(
    expect.objectContaining({
      code: 'http-port-in-use',
      message:
        `port ${taken.port} is in use on 127.0.0.1: ` +
        'choose another with --http HOST:PORT, or --http 127.0.0.1:0 for any free one',
    }),
  )
})

test('where none was asked for, the next free one is taken', async () => {
  using taken = await takenPort()
  await using served = await serve({}, { port: taken.port, explicitPort: false })
  expect(Number(new URL(served.server.url).port)).toBeGreaterThan(taken.port)
  await expect(served.client.status()).resolves.toMatchObject({ height: 0 })
})

test('an address that is not this machine’s is an error in one line', async () => {
  await expect(serve({}, { host: '192.0.2.1' })).rejects.toThrow(
    expect.objectContaining({
      code: 'http-address-unusable',
      message: expect.stringMatching(/^cannot serve HTTP on 192\.0\.2\.1:0 .*--http HOST:PORT$/),
    }),
  )
})

test.each([
  ['0.0.0.0', /^http:\/\/127\.0\.0\.1:\d+$/],
  ['localhost', /^http:\/\/127\.0\.0\.1:\d+$/],
  ['127.0.0.2', /^http:\/\/127\.0\.0\.2:\d+$/],
])('listening on %s, the address that it gives is one that works', async (host, url) => {
  await using served = await serve({}, { host })
  expect(served.server.url).toMatch(url)
  await expect(served.stranger.status()).resolves.toMatchObject({ height: 0 })
})

test('each request is told to the node: a sync rests for whoever asks', async () => {
  await using served = await serve()
  const asked = vi.spyOn(served.node.courtesy, 'asked')
  await served.client.status()
  expect(asked).toHaveBeenCalledTimes(1)
  expect((await ask(served.server.url, 'GET', '/api/v1/blocks/9')).status).toBe(404)
  expect(asked).toHaveBeenCalledTimes(2)
})

test('a server that never started can be stopped, and one may be stopped twice', async () => {
  await using served = await serve()
  const { node } = served
  const server = await createServer(node, { host: '127.0.0.1', port: 0, explicitPort: true, token: TOKEN, log: node.log })
  expect(server.url).toBe('')
  await server.stop()
  await Promise.all([served.server.stop(), served.server.stop()])
  await served.server.stop()
  await expect(served.client.status()).rejects.toMatchObject({ code: 'node-unreachable' })
})

test('the page: index each time, hashed assets for ever', async () => {
  const pageFolder = mkdtempSync(join(tmpdir(), 'cairn-page-'))
  mkdirSync(join(pageFolder, 'assets'))
  writeFileSync(join(pageFolder, 'index.html'), '<!doctype html><title>Cairn</title>')
  writeFileSync(join(pageFolder, 'assets', 'index-abc123.js'), 'export {}')
  writeFileSync(join(pageFolder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  await using served = await serve({}, { pageFolder })
  const get = async (path: string, headers = {}) => {
    const { status, headers: got, text } = await served.ask('GET', path, { headers })
    return {
      status,
      type: got['content-type'],
      cache: got['cache-control'],
      etag: got.etag,
      csp: got['content-security-policy'],
      text,
    }
  }
  const index = await get('/')
  expect(index).toMatchObject({
    status: 200,
    type: expect.stringContaining('text/html'),
    cache: 'no-cache',
    text: '<!doctype html><title>Cairn</title>',
  })
  expect(index.csp).toMatch(/^default-src 'none'; script-src 'self';/)
  expect(await get('/', { 'if-none-match': index.etag })).toMatchObject({ status: 304, text: '' })
  expect(await get('/assets/index-abc123.js')).toMatchObject({
    status: 200,
    type: expect.stringContaining('javascript'),
    cache: 'public, max-age=31536000, immutable',
  })
  expect(await get('/favicon.svg')).toMatchObject({ status: 200, type: 'image/svg+xml', cache: 'no-cache' })
  for (const path of ['/assets/', '/assets/nothing.js', '/assets/..%2f..%2fetc%2fpasswd', '/../package.json', '/.gitignore']) {
    expect((await get(path)).status, path).toBe(404)
  }
  expect((await served.ask('POST', '/')).status).toBe(405)
  rmSync(pageFolder, { recursive: true })
})

test('without a built page there is one line that says how to build it', async () => {
  await using served = await serve({}, { pageFolder: join(tmpdir(), 'cairn-no-page') })
  const { status, headers, text } = await served.ask('GET', '/')
  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  expect(text).toContain('npm run build:page')
})

/** What the server says to bytes, until it closes. */
async function exchange(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  socket.write(bytes)
  await once(socket, 'close')
  return text
}

test.each([
  ['no HTTP at all', 'hello\r\n\r\n', 400, 'bad-request'],
  ['a header of 20 KB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers-too-large'],
  [
    'a request smuggled by two lengths',
    'POST /mine HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
    'bad-request',
  ],
  ['HTTP/1.0 without a Host', 'GET /api/v1/status HTTP/1.0\r\n\r\n', 403, 'foreign-host'],
  [
    'two Hosts, of which the first is ours',
    'GET /api/v1/status HTTP/1.1\r\nHost: HOST\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    403,
    'foreign-host',
  ],
  [
    'an expectation that nobody knows',
    'POST /api/v1/transactions HTTP/1.1\r\nHost: HOST\r\nExpect: cookies\r\nContent-Length: 2\r\n\r\n{}',
    417,
    'expectation-failed',
  ],
])('%s', async (_name, bytes, status, code) => {
  await using served = await serve()
  const { url } = served.server
  const text = await exchange(url, bytes.replace('HOST', new URL(url).host))
  expect(text).toMatch(new RegExp(`^HTTP/1\\.[01] ${status} `))
  expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)).error.code).toBe(code)
  await expect(served.client.status()).resolves.toMatchObject({ height: 0 })
})

test('closing the connection cancels mining', async () => {
  await using served = await serve()
  const { node, client } = served
  const cancelled = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  node.mine = (_count, signal) =>
    new Promise((_resolve, reject) => {
      asked.resolve()
      signal?.addEventListener('abort', () => {
        reject(signal.reason as Error)
        cancelled.resolve()
      })
    })
  const abort = new AbortController()
  const mining = client.mineBlocks(5, { signal: abort.signal })
  await asked.promise
  abort.abort(new Error('enough'))
  await expect(mining).rejects.toThrow('enough')
  await cancelled.promise
})

test('stopping answers who still waits, ends the streams, and then is gone', async () => {
  await using served = await serve()
  const { node, client } = served
  const asked = Promise.withResolvers<void>()
  node.mine = (_count, signal) =>
    new Promise((_resolve, reject) => {
      asked.resolve()
      signal?.addEventListener('abort', () => reject(signal.reason as Error))
    })
  const opened = Promise.withResolvers<void>()
  const events = client.events({ onOpen: opened.resolve })
  const next = events.next()
  const mining = expect(client.mineBlocks(1)).rejects.toMatchObject({ status: 503, code: 'node-stopping' })
  await Promise.all([asked.promise, opened.promise])
  await served.server.stop()
  await mining
  expect((await next).done).toBe(true)
  await expect(client.status()).rejects.toMatchObject({ code: 'node-unreachable' })
})

test('while it stops, an answer under way is finished, and a new request is told', async () => {
  await using served = await serve()
  const { node, server } = served
  const block = node.chain.block(node.chain.tip.hash)!
  const transaction = { sender: block.body.miner, recipient: block.body.miner, amount: 1, fee: 0, nonce: 0, memo: new Uint8Array(), signature: new Uint8Array(64) }
  // One block that fills every buffer, so that the answer is under way for as long as it is not read.
  node.chain.block = () => ({ ...block, body: { ...block.body, transactions: Array.from({ length: 100_000 }, () => transaction) } })
  const { hostname, port } = new URL(server.url)
  const reading = connect(Number(port), hostname)
  reading.pause()
  reading.write(`GET /chain HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`)
  await once(reading, 'readable')
  const stopped = server.stop()
  // It comes after the first on the same connection, and is answered after it.
  reading.write(`GET /api/v1/status HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`)
  let text = ''
  reading.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  await once(reading, 'close')
  expect(text).toContain('"length":1}')
  expect(text.slice(text.indexOf('"length":1}'))).toMatch(/HTTP\/1\.1 503 [^]*"code":"node-stopping"/)
  await stopped
})

test('a fault of this node is 500 without details, and in the log with them', async () => {
  const logged: unknown[] = []
  await using served = await serve()
  const { node } = served
  const log = Object.assign(Object.create(node.log), { error: (fields: unknown) => logged.push(fields) }) as typeof node.log
  const server = await createServer(node, { host: '127.0.0.1', port: 0, explicitPort: true, token: TOKEN, log })
  await server.start()
  node.network.peers = () => {
    throw new Error('secret detail')
  }
  const { status, json, headers } = await ask(server.url, 'GET', '/api/v1/peers')
  const requestId = headers['x-request-id']
  expect([status, json()]).toEqual([
    500,
    { error: { code: 'internal-error', message: 'this node failed to answer; its log says why', requestId } },
  ])
  expect(logged).toEqual([
    expect.objectContaining({
      code: 'internal-error',
      err: expect.objectContaining({ message: 'secret detail' }),
      requestId,
      route: '/api/v1/peers',
    }),
  ])
  await server.stop()
})

test('the events of a real node, through a reorganisation', async () => {
  const blocks = createBlockBuilder({ seed: 5, funds: { alice: 10 } })
  blocks.block('a1', 'genesis', { transactions: [{ from: 'alice', to: 'bob', amount: 1 }] })
  blocks.blocks('b', 'genesis', 2)
  await using served = await serve({ network: blocks.params })
  const { chain } = served.node
  const opened = Promise.withResolvers<void>()
  const events = createClient({ url: served.server.url }).events({ onOpen: opened.resolve })
  const seen: unknown[] = []
  const reading = (async () => {
    for await (const { event, data } of events) {
      if (event === 'block:connected') seen.push([event, data.height, data.transactionCount, data.best])
      else if (event === 'block:disconnected') seen.push([event, data.height])
      else if (event === 'chain:reorg') seen.push([event, data])
      else if (event === 'transaction:added') seen.push([event, data.amount])
      if (seen.length === 6) return
    }
  })()
  await opened.promise
  for (const name of ['a1', 'b1', 'b2']) await chain.add(blocks.get(name).block, 'gossip')
  await reading
  expect(seen).toEqual([
    ['block:connected', 1, 1, true],
    ['block:disconnected', 1],
    ['block:connected', 1, 0, true],
    ['block:connected', 2, 0, true],
    [
      'chain:reorg',
      { ancestor: 0, disconnected: [blocks.get('a1').hex], connected: [blocks.get('b1').hex, blocks.get('b2').hex] },
    ],
    ['transaction:added', 1],
  ])
})

test('two nodes apart meet by POST /peers', async () => {
  await using a = await serve({ name: 'a' })
  await using b = await serve({ name: 'b' })
  await a.client.mineBlocks(2)
  const { blocks } = await b.client.mineBlocks(5)
  const tip = blocks.at(-1)!.hash
  const switched = a.node.untilBlock(tip)
  const peer = await a.client.dial(b.node.network.addresses[0]!)
  expect(peer).toMatchObject({ peerId: b.node.network.peerId, name: 'b', direction: 'outbound', score: expect.any(Number) })
  await switched
  expect(await a.stranger.status()).toMatchObject({ height: 5, tip, peers: 1 })
  // A thread that found a block in the instant of another's find leaves a branch of its own.
  expect((await a.stranger.forks()).forks[0]).toMatchObject({ ancestor: 0, length: 2 })
  expect((await b.stranger.peers()).peers).toEqual([expect.objectContaining({ name: 'a', direction: 'inbound' })])
})
