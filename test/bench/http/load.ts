/**
 * Those who ask, in a process of their own:
 *
 *   node load.ts NAME JSON        prints one line of JSON, at its end or, where it goes on until it is killed, once it is up
 *
 * Requests are written as they are, on connections that stay open: what is measured is the server, and as little as can be
 * of the client.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

interface Target {
  host: string
  port: number
}

export interface Answered {
  perSecond: number
  /** All of them. */
  latenciesMs: number[]
  /** Bytes of an answer's body. */
  bytes: number
  /** Answers of another status than 200. */
  refused: number
}

const requestOf = ({ host, port }: Target, path: string): string => `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`

async function open({ host, port }: Target): Promise<Socket> {
  const socket = connect(port, host)
  socket.setNoDelay(true)
  socket.on('error', () => {}) // its close says enough
  await once(socket, 'connect')
  return socket
}

const END = Buffer.from('\r\n\r\n')

/** One request, its answer whole. */
function ask(socket: Socket, request: string): Promise<{ ok: boolean; bytes: number }> {
  return new Promise((resolve, reject) => {
    let got: Buffer | undefined
    let length = -1
    const onData = (chunk: Buffer): void => {
      got = got === undefined ? chunk : Buffer.concat([got, chunk])
      if (length < 0) {
        const end = got.indexOf(END)
        if (end < 0) return
        const bytes = Number(/content-length: (\d+)/i.exec(got.toString('latin1', 0, end))?.[1])
        length = end + END.length + bytes
      }
      if (got.length < length) return
      socket.off('data', onData).off('close', onClose)
      resolve({ ok: got.toString('latin1', 9, 12) === '200', bytes: length - got.indexOf(END) - END.length })
    }
    const onClose = (): void => reject(new Error('the server closed the connection'))
    socket.on('data', onData).once('close', onClose)
    socket.write(request)
  })
}

/** Asks on so many connections, one request after the other on each, with a pause between two if there is one. */
async function requests(options: Target & { paths: string[]; connections: number; ms: number; pauseMs?: number }): Promise<Answered> {
  const { paths, connections, ms, pauseMs = 0 } = options
  const latenciesMs: number[] = []
  let [bytes, refused] = [0, 0]
  const began = performance.now()
  const end = began + ms
  await Promise.all(Array.from({ length: connections }, async (_, at) => {
    const socket = await open(options)
    for (let count = at; performance.now() < end; count++) {
      const asked = performance.now()
      const answer = await ask(socket, requestOf(options, paths[count % paths.length] ?? '/'))
      latenciesMs.push(performance.now() - asked)
      bytes = answer.bytes
      if (!answer.ok) refused += 1
      if (pauseMs > 0) await pause(pauseMs)
    }
    socket.destroy()
  }))
  return { perSecond: (1_000 * latenciesMs.length) / (performance.now() - began), latenciesMs, bytes, refused }
}

/** What no server wants to hear. */
const GARBAGE = [
  'hello\r\n\r\n',
  'GET / HTTP/1.1\r\n\r\n',
  'GET /api/v1/blocks/%zz HTTP/1.1\r\nHost: x\r\n\r\n',
  `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
  'POST /mine HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
  '\0\u0001\u0002\u0003\r\n\r\n',
  'POST /api/v1/transactions HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n{"a":',
  'GET /api/v1/accounts/nobody HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n',
]

/** So many malformed requests, each on a connection of its own, some at once. */
async function malformed({ count, ...target }: Target & { count: number }): Promise<{ sent: number }> {
  let sent = 0
  const host = `${target.host}:${target.port}`
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (sent < count) {
      const garbage = (GARBAGE[sent++ % GARBAGE.length] ?? '').replace('HOST', host)
      const socket = await open(target)
      const closed = once(socket, 'close')
      socket.once('data', () => socket.destroy())
      socket.end(garbage, 'latin1')
      await closed
    }
  }))
  return { sent }
}

/** Connections that say nothing, opened again as they are closed; until this is killed. */
async function idle({ count, ...target }: Target & { count: number }): Promise<void> {
  const hold = async (): Promise<void> => {
    const socket = await open(target)
    socket.once('close', () => void pause(1_000).then(hold)).resume()
  }
  for (let at = 0; at < count; at += 50) await Promise.all(Array.from({ length: 50 }, hold))
  console.log(JSON.stringify({ open: count }))
  await once(process, 'SIGTERM')
}

/** Event streams that are never read; until this is killed. */
async function slowStreams({ count, ...target }: Target & { count: number }): Promise<void> {
  for (let at = 0; at < count; at++) {
    const socket = await open(target)
    socket.pause()
    socket.write(requestOf(target, '/api/v1/events'))
  }
  console.log(JSON.stringify({ open: count }))
  await once(process, 'SIGTERM')
}

/** The whole of `/chain`, as fast as it comes. */
async function chain(target: Target): Promise<{ bytes: number; blocks: number }> {
  const response = await fetch(`http://${target.host}:${target.port}/chain`)
  let [bytes, last] = [0, '']
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    last = (last + decoder.decode(chunk, { stream: true })).slice(-64)
  }
  return { bytes, blocks: Number(/"length":(\d+)}$/.exec(last)?.[1]) }
}

const TASKS: Record<string, (options: never) => Promise<unknown>> = { requests, malformed, idle, slowStreams, chain }

const [name = '', options = '{}'] = process.argv.slice(2)
const task = TASKS[name]
if (task === undefined) throw new Error(`usage: load.ts ${Object.keys(TASKS).join('|')} JSON`)
const result = await task(JSON.parse(options) as never) // what tasks.ts gives
if (result !== undefined) process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0))
