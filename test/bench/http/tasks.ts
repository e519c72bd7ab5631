/**
 * A node that serves, in a process of its own; whoever asks it is in others (load.ts):
 *
 *   node --expose-gc tasks.ts NAME JSON        prints one line of JSON
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import fastify from 'fastify'
import { pino } from 'pino'
import type { NetworkParams } from '../../../src/consensus/params.ts'
import { createServer } from '../../../src/http/server.ts'
import { WorkerPool } from '../../../src/mining/pool.ts'
import { addBlocks } from '../../../src/node/add-blocks.ts'
import { createNode, type Node } from '../../../src/node/node.ts'
import { SCHEMA_VERSION } from '../../../src/storage/schema.ts'
import { blocksIn, type Fixture, fixtureFile, keepFolder, paramsOf, sendersOf } from '../chain/fixture.ts'
import { timed } from '../figure.ts'
import type { Answered } from './load.ts'

const LOAD = fileURLToPath(new URL('./load.ts', import.meta.url))
const log = pino({ level: 'silent' })
const run = promisify(execFile)
const MB = 1_000_000

/** What is read: small blocks, as those of a class. */
const READ: Fixture = { accounts: 200, blocks: 200, transactions: 5 }
/** The same and what is synced after them: fuller ones. */
const SYNCED: Fixture = { accounts: 200, blocks: 3_000, transactions: 50, first: { blocks: READ.blocks, transactions: READ.transactions } }
const LONG: Fixture = { accounts: 200, blocks: 10_000, transactions: 5 }
const HEIGHTS = Array.from({ length: 100 }, (_, at) => `/api/v1/blocks/${at + 1}`)

const ask = async <T>(name: string, options: object): Promise<T> => {
  const { stdout } = await run(process.execPath, [LOAD, name, JSON.stringify(options)], { maxBuffer: 2 ** 26 })
  return JSON.parse(stdout) as T // what load.ts prints under that name
}

/** An attack that goes on until it is killed; resolves once it is up. */
async function attack(name: string, options: object): Promise<ChildProcess> {
  const child = spawn(process.execPath, [LOAD, name, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(child.stdout, 'data')
  return child
}

async function add(node: Node, fixture: Fixture, going: () => boolean = () => true): Promise<number> {
  let height = 0
  function* row() {
    for (const block of blocksIn(fixtureFile(fixture))) {
      if (!going()) return
      height = block.header.height
      yield { height, block, bytes: 20_000 }
    }
  }
  await addBlocks(node.chain, row(), () => {})
  return height
}

interface Serving extends AsyncDisposable {
  node: Node
  target: { host: string; port: number }
}

async function serve(params: NetworkParams, { dataDir, threads = 1 }: { dataDir?: string; threads?: number } = {}): Promise<Serving> {
  const node = createNode({ network: params, mdns: false, listen: ['/ip4/127.0.0.1/tcp/0'], dataDir, threads })
  await node.start()
  const server = await createServer(node, { host: '127.0.0.1', port: 0, explicitPort: true, token: 'x', log })
  await server.start()
  return {
    node,
    target: { host: '127.0.0.1', port: Number(new URL(server.url).port) },
    async [Symbol.asyncDispose]() {
      await server.stop()
      await node.stop()
    },
  }
}

/** Blocks by height, and a bare Fastify route that answers as many bytes, one after the other so many times. */
async function rates({ runs, ms }: { runs: number; ms: number }): Promise<unknown> {
  await using serving = await serve(paramsOf(sendersOf(READ)))
  await add(serving.node, READ)
  const asked = { connections: 16, ms, paths: HEIGHTS }
  const { bytes } = await ask<Answered>('requests', { ...serving.target, ...asked, ms: 500 })
  const bare = fastify()
  const constant = JSON.stringify({ constant: 'x'.repeat(Math.max(0, bytes - 15)) })
  bare.get('/', (_request, reply) => reply.type('application/json; charset=utf-8').send(constant))
  const { port } = new URL(await bare.listen({ host: '127.0.0.1', port: 0 }))
  const found = { blocks: [] as number[], bare: [] as number[], refused: 0, bytes }
  for (let at = 0; at < runs; at++) {
    const blocks = await ask<Answered>('requests', { ...serving.target, ...asked })
    const rival = await ask<Answered>('requests', { host: '127.0.0.1', port: Number(port), ...asked, paths: ['/'] })
    found.blocks.push(blocks.perSecond)
    found.bare.push(rival.perSecond)
    found.refused += blocks.refused
  }
  await bare.close()
  return found
}

/** Blocks by height while every thread mines and blocks come as fast as they are taken, to a file. */
async function busy({ ms }: { ms: number }): Promise<unknown> {
  fixtureFile(SYNCED) // made before the clock runs
  const folder = mkdtempSync(join(tmpdir(), 'cairn-bench-'))
  await using removed = new AsyncDisposableStack()
  removed.defer(() => rmSync(folder, { recursive: true, force: true }))
  await using serving = await serve(paramsOf(sendersOf(READ)), { dataDir: folder })
  const { node, target } = serving
  await add(node, READ)
  const asked = { ...target, connections: 4, pauseMs: 10, paths: HEIGHTS, ms }
  const quiet = await ask<Answered>('requests', asked)
  // Threads that mine and find nothing: what they found would be in the way of what is synced.
  const miners = new WorkerPool(availableParallelism(), 100)
  const search = miners.search(new Uint8Array(92), 1n)
  let going = true
  const syncing = add(node, SYNCED, () => going)
  const loaded = await ask<Answered>('requests', asked)
  going = false
  const synced = await syncing
  await miners.stop()
  await search
  return { quiet: quiet.latenciesMs, loaded: loaded.latenciesMs, refused: loaded.refused, synced }
}

/** Path of a file with the long chain, made where there is none. */
async function longChain(): Promise<unknown> {
  const path = join(keepFolder(), `http-${SCHEMA_VERSION}-${LONG.blocks}-${LONG.transactions}.sqlite`)
  if (existsSync(path)) return { path }
  const folder = mkdtempSync(join(tmpdir(), 'cairn-bench-'))
  const node = createNode({ network: paramsOf(sendersOf(LONG)), mdns: false, listen: ['/ip4/127.0.0.1/tcp/0'], dataDir: folder })
  await node.start()
  await add(node, LONG)
  await node.stop()
  renameSync(join(folder, 'chain.sqlite'), path)
  rmSync(folder, { recursive: true, force: true })
  return { path }
}

/** The whole chain to one reader, and to another after it: what the process takes more meanwhile. */
async function wholeChain({ path }: { path: string }): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-bench-'))
  await using removed = new AsyncDisposableStack()
  removed.defer(() => rmSync(folder, { recursive: true, force: true }))
  copyFileSync(path, join(folder, 'chain.sqlite'))
  await using serving = await serve(paramsOf(sendersOf(LONG)), { dataDir: folder })
  await ask<Answered>('requests', { ...serving.target, connections: 1, ms: 300, pauseMs: 5, paths: HEIGHTS })
  const read = async (): Promise<{ blocks: number; mb: number; growthMb: number; ms: number }> => {
    globalThis.gc?.()
    const before = process.memoryUsage.rss()
    let most = before
    const look = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5)
    const began = performance.now()
    const { bytes, blocks } = await ask<{ bytes: number; blocks: number }>('chain', serving.target)
    clearInterval(look)
    return { blocks, mb: bytes / MB, growthMb: (Math.max(most, process.memoryUsage.rss()) - before) / MB, ms: performance.now() - began }
  }
  const first = await read()
  return { ...first, againMb: (await read()).growthMb }
}

/** The whole chain for charts, of a server that has read none of it, and again. */
async function charts({ path }: { path: string }): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-bench-'))
  await using removed = new AsyncDisposableStack()
  removed.defer(() => rmSync(folder, { recursive: true, force: true }))
  copyFileSync(path, join(folder, 'chain.sqlite'))
  await using serving = await serve(paramsOf(sendersOf(LONG)), { dataDir: folder })
  const { host, port } = serving.target
  const read = async (query: string): Promise<{ ms: number; kb: number }> => {
    const began = performance.now()
    const { byteLength } = await (await fetch(`http://${host}:${port}/api/v1/series?${query}`)).arrayBuffer()
    return { ms: performance.now() - began, kb: byteLength / 1_000 }
  }
  await read('until=0') // the schema is compiled
  const first = await read('points=600')
  const again: number[] = []
  for (let at = 0; at < 20; at++) again.push((await read(`points=600&since=${at}`)).ms)
  return { firstMs: first.ms, kb: first.kb, again }
}

/** What an honest caller waited, in all rounds. */
interface Waited {
  latenciesMs: number[]
  refused: number
}

/** In turns with its counterpart: what a neighbour on the machine takes away, it takes from both. */
const ROUNDS = 4

/** What an honest caller waits beside each attack, and alone: by turns, for so many ms a round. */
async function hostile({ ms, count }: { ms: number; count: number }): Promise<unknown> {
  await using serving = await serve(paramsOf(sendersOf(READ)))
  const { node, target } = serving
  await add(node, READ)
  const honest = (): Promise<Answered> => ask<Answered>('requests', { ...target, connections: 2, pauseMs: 5, paths: HEIGHTS, ms })
  const before = process.memoryUsage.rss()
  await honest() // warm
  const inTurns = async (besideOnce: () => Promise<Answered[]>): Promise<{ alone: Waited; beside: Waited }> => {
    const alone: Answered[] = []
    const beside: Answered[] = []
    for (let round = 0; round < ROUNDS; round++) {
      alone.push(await honest())
      beside.push(...(await besideOnce()))
    }
    return { alone: together(alone), beside: together(beside) }
  }
  const besideAttack = (name: string, options: object) => async (): Promise<Answered[]> => {
    const attacker = await attack(name, { ...target, ...options })
    const found = await honest()
    attacker.kill('SIGKILL')
    await once(attacker, 'exit')
    return [found]
  }
  let [sent, malformedMs] = [0, 0]
  const besideMalformed = async (): Promise<Answered[]> => {
    const sending = ask<{ sent: number }>('malformed', { ...target, count: Math.ceil(count / ROUNDS) })
    const took = { ms: 0 } // while it goes on
    const all = timed(() => sending).then((ms) => (took.ms = ms))
    const found: Answered[] = []
    while (took.ms === 0) {
      const one = await honest()
      if (took.ms === 0 || found.length === 0) found.push(one) // not one that was alone at its end, if there is another
    }
    malformedMs += await all
    sent += (await sending).sent
    return found
  }
  const malformed = await inTurns(besideMalformed)
  const idle = await inTurns(besideAttack('idle', { count: 1_000 }))
  // Something is told all the time, so that what is not read piles up.
  const told = Array.from({ length: 100 }, () => node.chain.tip.hash)
  const telling = setInterval(() => node.chain.events.emit('chain:reorg', { ancestorHeight: 0, disconnected: [], connected: told }), 50)
  const streams = await inTurns(besideAttack('slowStreams', { count: 200 }))
  clearInterval(telling)
  const growthMb = (process.memoryUsage.rss() - before) / MB
  return { sent, malformedMs, malformed, idle, streams, growthMb }
}

function together(rounds: Answered[]): Waited {
  const refused = rounds.reduce((sum, round) => sum + round.refused, 0)
  return { latenciesMs: rounds.flatMap(({ latenciesMs }) => latenciesMs), refused }
}

const TASKS: Record<string, (options: never) => Promise<unknown>> = { rates, busy, longChain, wholeChain, charts, hostile }

const [name = '', options = '{}'] = process.argv.slice(2)
const task = TASKS[name]
if (task === undefined) throw new Error(`usage: tasks.ts ${Object.keys(TASKS).join('|')} JSON`)
process.stdout.write(`${JSON.stringify(await task(JSON.parse(options) as never))}\n`, () => process.exit(0)) // what ../http.ts gives
