/**
 * What is measured in a process of its own, whoever sends in another:
 *
 *   node --expose-gc tasks.ts NAME JSON        prints one line of JSON
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { createServer } from '../../../src/http/server.ts'
import { createNode, type Node } from '../../../src/node/node.ts'
import { underSpam } from '../../support/under-spam.ts'
import { timed } from '../figure.ts'
import { networkOf, type Payments, paymentsOf } from './payments.ts'

const SENDERS = fileURLToPath(new URL('./senders.ts', import.meta.url))
const TOKEN = 'f00d'.repeat(16)

/** A node as `cairn start` makes it, but for the LAN, on a folder that is gone afterwards. */
async function onNode<T>(payments: Payments, work: (node: Node) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cairn-bench-mempool-'))
  const node = createNode({ network: networkOf(payments), dataDir, mdns: false, listen: ['/ip4/127.0.0.1/tcp/0'] })
  try {
    await node.start()
    return await work(node)
  } finally {
    await node.stop()
    rmSync(dataDir, { recursive: true })
  }
}

/** What a sender prints, once it has sent everything. */
async function sent<T>(name: string, options: object): Promise<T> {
  const child = spawn(process.execPath, [SENDERS, name, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await once(child, 'close')
  return JSON.parse(output) as T // what the sender of that name prints
}

/** Payments by POST /api/v1/transactions, on connections that are kept. */
async function http(options: Payments & { form: 'json' | 'ssz'; connections: number }): Promise<unknown> {
  return onNode(options, async (node) => {
    const log = pino({ level: 'silent' })
    const server = await createServer(node, { host: '127.0.0.1', port: 0, explicitPort: true, token: TOKEN, log })
    await server.start()
    try {
      const told = await sent<{ ms: number; statuses: Record<string, number> }>('http', { ...options, url: server.url, token: TOKEN })
      return { perSecond: (1_000 * node.mempool.size) / told.ms, ...told }
    } finally {
      await server.stop()
    }
  })
}

/** Payments by gossip of one peer, from the first that is pending to the last. */
async function gossip(options: Payments): Promise<unknown> {
  return onNode(options, async (node) => {
    const count = options.senders * options.each
    let [first, last] = [0, 0]
    const { promise, resolve } = Promise.withResolvers<void>()
    node.mempool.events.on('transaction:added', () => {
      last = performance.now()
      if (node.mempool.size === 1) first = last
      if (node.mempool.size === count) resolve()
    })
    // It ends before where the node cuts it off, as it does when a machine is so busy that nothing flows for 20 s.
    await Promise.race([promise, sent('gossip', { ...options, address: node.network.addresses[0] })])
    const { size } = node.mempool
    return { perSecond: (1_000 * (size - 1)) / (last - first), size }
  })
}

/** Payments that are handed to the pool in this process: what its own checks cost, the signature's included. */
async function pool(options: Payments): Promise<unknown> {
  const payments = [...paymentsOf(options)]
  return onNode(options, async ({ mempool }) => {
    const ms = await timed(() => payments.forEach((payment) => mempool.add(payment, 'gossip')))
    const list = await timed(() => mempool.list())
    const page = await timed(() => mempool.page(1_000))
    const backlog = await timed(() => mempool.backlog())
    return { perSecond: (1_000 * payments.length) / ms, listMs: list, pageMs: page, backlogMs: backlog }
  })
}

/** From a start on a file with so many pending: to serving, and to all of them being pending again. */
async function restart(options: Payments): Promise<unknown> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cairn-bench-mempool-'))
  const count = options.senders * options.each
  try {
    const made = { network: networkOf(options), dataDir, mdns: false, listen: ['/ip4/127.0.0.1/tcp/0'] }
    const node = createNode(made)
    await node.start()
    const emptyMs = await timed(async () => {
      await node.stop()
      await node.start()
    })
    for (const payment of paymentsOf(options)) node.mempool.add(payment, 'gossip')
    const stopMs = await timed(() => node.stop())
    const again = createNode(made)
    const began = performance.now()
    await again.start()
    const startMs = performance.now() - began
    if (again.mempool.size < count) {
      const { promise, resolve } = Promise.withResolvers<void>()
      again.mempool.events.on('transaction:added', () => again.mempool.size === count && resolve())
      await promise
    }
    const allMs = performance.now() - began
    await again.stop()
    return { emptyMs, stopMs, startMs, allMs }
  } finally {
    rmSync(dataDir, { recursive: true })
  }
}

/** See under-spam.ts. */
async function spam(options: Omit<Parameters<typeof underSpam>[0], 'dataDir' | 'hashes'> & { hashes: number }): Promise<unknown> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cairn-bench-mempool-'))
  try {
    return await underSpam({ ...options, hashes: BigInt(options.hashes), dataDir })
  } finally {
    rmSync(dataDir, { recursive: true })
  }
}

const TASKS: Record<string, (options: never) => Promise<unknown>> = { http, gossip, pool, restart, spam }

const [name = '', options = '{}'] = process.argv.slice(2)
const task = TASKS[name]
if (task === undefined) throw new Error(`usage: tasks.ts ${Object.keys(TASKS).join('|')} JSON`)
process.stdout.write(`${JSON.stringify(await task(JSON.parse(options) as never))}\n`, () => process.exit(0)) // what mempool.ts gives
