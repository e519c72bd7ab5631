/** The client against a server that says what the test wants. Against a real node: every other file here. */
import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { type ApiFailure, createClient } from '../../src/http/client.ts'

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' }
const failure = (code: string, status: number, message: unknown = expect.any(String)) =>
  expect.objectContaining({ name: 'ApiFailure', code, status, message })

test('asks as the node expects it', async () => {
  const asked: unknown[] = []
  await using server = await serve((request, response) => {
    const chunks: Buffer[] = []
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        asked.push([
          request.method,
          request.url,
          request.headers.authorization,
          request.headers['content-type'],
          Buffer.concat(chunks).toString(),
        ])
        response.end('{}')
      })
  })
  const client = createClient({ url: `${server.url}/`, token: 'secret' })
  await client.blocks({ before: 7, limit: undefined })
  await client.block('a/b?c')
  await client.send({ recipient: 'x', amount: 3 })
  await client.addAccount('savings')
  await client.encryptWallet('p')
  await client.changePassphrase({ passphrase: 'p', newPassphrase: 'q' })
  await client.unlockWallet({ passphrase: 'p', minutes: 3 })
  await client.lockWallet()
  await createClient({ url: server.url }).status()
  expect(asked).toEqual([
    ['GET', '/api/v1/blocks?before=7', 'Bearer secret', undefined, ''],
    ['GET', '/api/v1/blocks/a%2Fb%3Fc', 'Bearer secret', undefined, ''],
    ['POST', '/api/v1/wallet/send', 'Bearer secret', 'application/json', '{"recipient":"x","amount":3}'],
    ['POST', '/api/v1/wallet/accounts', 'Bearer secret', 'application/json', '{"name":"savings"}'],
    ['POST', '/api/v1/wallet/encrypt', 'Bearer secret', 'application/json', '{"passphrase":"p"}'],
    ['POST', '/api/v1/wallet/passphrase', 'Bearer secret', 'application/json', '{"passphrase":"p","newPassphrase":"q"}'],
    ['POST', '/api/v1/wallet/unlock', 'Bearer secret', 'application/json', '{"passphrase":"p","minutes":3}'],
    ['POST', '/api/v1/wallet/lock', 'Bearer secret', 'application/json', '{}'],
    ['GET', '/api/v1/status', undefined, undefined, ''],
  ])
})

test('a refusal has the node’s code, message and status', async () => {
  await using server = await serve((_request, response) => {
    response.writeHead(409).end('{"error":{"code":"transaction-known","message":"it is pending already"}}')
  })
  await expect(createClient(server).status()).rejects.toThrow(failure('transaction-known', 409, 'it is pending already'))
})

test('whatever is no node is told as that', async () => {
  await using server = await serve(({ url }, response) => {
    if (url === '/api/v1/status') response.writeHead(502).end('<h1>Bad gateway</h1>')
    else response.end('<h1>Hello</h1>')
  })
  await expect(createClient(server).status()).rejects.toThrow(failure('not-a-node', 502))
  await expect(createClient(server).peers()).rejects.toThrow(failure('not-a-node', 200))
})

test('a node that is not there is unreachable, by its address', async () => {
  const server = await serve(() => {})
  await server[Symbol.asyncDispose]()
  await expect(createClient(server).status()).rejects.toThrow(failure('node-unreachable', 0, expect.stringContaining(server.url)))
})

test('an answer that is cut short is unreachable too', async () => {
  await using server = await serve((_request, response) => {
    response.writeHead(200)
    response.write('{"height":', () => response.destroy())
  })
  await expect(createClient(server).status()).rejects.toThrow(failure('node-unreachable', 0))
})

test.each([
  '127.0.0.1:5050', 'localhost:5050', 'ftp://host/', 'http://host:5050/page', 'http://127.0.0.1:5050/#token=ab', 'http://', 'x',
])('%s is no address of a node, and that is said at once', (url) => {
  expect(() => createClient({ url })).toThrow(failure('url-invalid', 0, expect.stringContaining(JSON.stringify(url))))
})

test('giving up rejects with the reason given', async () => {
  const abort = new AbortController()
  await using server = await serve(() => abort.abort(new Error('enough')))
  await expect(createClient(server).mineBlocks(1, { signal: abort.signal })).rejects.toThrow('enough')
})

test('events arrive one by one, however the bytes were cut, and ids last until the next', async () => {
  const bytes = Buffer.from(
    'retry: 1000\nid: r-4\n\n: alive\n\nevent: mining:progress\ndata: {"threads":1}\n\n' +
      'id: r-5\nevent: transaction:removed\ndata: {"id":"é: : 日本","reason":"mined"}\n\n' +
      'event: mining:progress\ndata: {"threads":2}\n\n' +
      'id: r-6\nevent: reset\ndata: {}\n\n',
  )
  let lastEventId: unknown
  await using server = await serve((request, response) => {
    lastEventId = request.headers['last-event-id']
    response.writeHead(200, EVENT_STREAM)
    const send = (at: number): void =>
      void (at === bytes.length ? response.end() : response.write(bytes.subarray(at, at + 1), () => send(at + 1)))
    send(0)
  })
  const events = []
  let opened = 0
  for await (const event of createClient(server).events({ lastEventId: 'r-3', onOpen: () => opened++ })) events.push(event)
  expect(lastEventId).toBe('r-3')
  expect(opened).toBe(1)
  expect(events).toEqual([
    { id: 'r-4', event: 'mining:progress', data: { threads: 1 } },
    { id: 'r-5', event: 'transaction:removed', data: { id: 'é: : 日本', reason: 'mined' } },
    { id: 'r-5', event: 'mining:progress', data: { threads: 2 } },
    { id: 'r-6', event: 'reset', data: {} },
  ])
})

test('who stops listening lets go of the connection', async () => {
  const closed = Promise.withResolvers<void>()
  await using server = await serve((_request, response) => {
    response.once('close', closed.resolve)
    response.writeHead(200, EVENT_STREAM)
    response.write('event: reset\ndata: {}\n\n')
  })
  for await (const { event } of createClient(server).events()) {
    expect(event).toBe('reset')
    break
  }
  await closed.promise
})

test('an event stream that is aborted rejects with the reason given', async () => {
  const abort = new AbortController()
  await using server = await serve((_request, response) => {
    response.writeHead(200, EVENT_STREAM)
    response.write(': here\n\n', () => abort.abort(new Error('enough')))
  })
  const events = createClient(server).events({ signal: abort.signal })
  await expect(events.next()).rejects.toThrow('enough')
  await expect(createClient(server).events({ signal: abort.signal }).next()).rejects.toThrow('enough')
})

test('a stream of something else is told as that', async () => {
  await using server = await serve((_request, response) => response.end('<h1>Hello</h1>'))
  await expect(createClient(server).events().next()).rejects.toThrow(failure('not-a-node', 200))
  await expect(createClient(server).follow().next()).rejects.toThrow(failure('not-a-node', 200))
})

describe('following', () => {
  /** Answers each connection in its turn, and keeps what each said that it had seen last. */
  function turns(...answers: ((response: ServerResponse) => void)[]) {
    const seen: (string | string[] | undefined)[] = []
    const listener: RequestListener = (request, response) => {
      seen.push(request.headers['last-event-id'])
      const answer = answers[seen.length - 1]
      if (answer === undefined) throw new Error('asked once too often')
      answer(response)
    }
    return { seen, listener }
  }
  const stream = (text: string, then: (response: ServerResponse) => void) => (response: ServerResponse) => {
    response.writeHead(200, EVENT_STREAM)
    response.write(text, () => then(response))
  }
  const removed = (id: string) => `id: r-${id}\nevent: transaction:removed\ndata: {"id":"${id}","reason":"mined"}\n\n`
  const refuse = (status: number) => (response: ServerResponse) => {
    response.writeHead(status).end('{"error":{"code":"a-code","message":"no"}}')
  }

  test('goes on after what it has seen, over streams that end, break, or are refused for a while', async () => {
    const { seen, listener } = turns(
      stream('id: r-0\n\n', (response) => response.end()),
      stream(removed('1') + removed('2'), (response) => response.destroy()),
      refuse(503),
      refuse(429),
      refuse(502),
      stream(removed('3'), () => {}),
    )
    await using server = await serve(listener)
    const lost: [code: string, retryMs: number][] = []
    let opened = 0
    const events = createClient(server).follow({
      retryMs: 1,
      onOpen: () => opened++,
      onLost: ({ code }, retryMs) => lost.push([code, retryMs]),
    })
    const got = []
    for await (const { id } of events) if (got.push(id) === 3) break
    expect(got).toEqual(['r-1', 'r-2', 'r-3'])
    expect(seen).toEqual([undefined, 'r-0', 'r-2', 'r-2', 'r-2', 'r-2'])
    expect(opened).toBe(3)
    expect(lost).toEqual([['node-unreachable', 1], ['node-unreachable', 1], ['a-code', 2], ['a-code', 4], ['a-code', 8]])
  })

  test('tries less and less often where nobody is', async () => {
    const server = await serve(() => {})
    await server[Symbol.asyncDispose]()
    const pauses: number[] = []
    const abort = new AbortController()
    const onLost = ({ code }: ApiFailure, retryMs: number): void => {
      expect(code).toBe('node-unreachable')
      if (pauses.push(retryMs) === 7) abort.abort(new Error('enough'))
    }
    const events = createClient(server).follow({ signal: abort.signal, retryMs: 1, onLost })
    await expect(events.next()).rejects.toThrow('enough')
    expect(pauses).toEqual([1, 2, 4, 8, 10, 10, 10])
  })

  test('ends where the node refuses for good', async () => {
    await using server = await serve((_request, response) => refuse(403)(response))
    await expect(createClient(server).follow({ retryMs: 1 }).next()).rejects.toThrow(failure('a-code', 403))
  })

  test('gives up a connection on which nothing comes', async () => {
    const abandoned = Promise.withResolvers<void>()
    const { seen, listener } = turns(
      stream(': alive\n\n', (response) => response.once('close', abandoned.resolve)),
      stream(removed('1'), () => {}),
    )
    await using server = await serve(listener)
    const lost: string[] = []
    const events = createClient(server).follow({ retryMs: 1, maxSilenceMs: 50, onLost: ({ message }) => lost.push(message) })
    expect((await events.next()).value).toMatchObject({ id: 'r-1' })
    await events.return(undefined as never) // nothing is returned by what has no end
    await abandoned.promise
    expect(seen).toHaveLength(2)
    expect(lost).toEqual(['the node said nothing for 0.05 s'])
  })

  test('a signal ends it while it listens, while it waits to try again, and before it began', async () => {
    await using server = await serve((_request, response) => stream(': here\n\n', () => {})(response))
    const listening = new AbortController()
    const onOpen = (): void => listening.abort(new Error('enough'))
    await expect(createClient(server).follow({ signal: listening.signal, onOpen }).next()).rejects.toThrow('enough')

    const waiting = new AbortController()
    const onLost = (): void => void setImmediate(() => waiting.abort(new Error('enough')))
    await using other = await serve((_request, response) => refuse(503)(response))
    const never = createClient(other).follow({ signal: waiting.signal, retryMs: 2 ** 30, onLost })
    await expect(never.next()).rejects.toThrow('enough')
    await expect(createClient(server).follow({ signal: AbortSignal.abort(new Error('before')) }).next()).rejects.toThrow('before')
  })
})
