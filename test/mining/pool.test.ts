import { setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import { createThread, type CreateWorker, WorkerPool } from '../../src/mining/pool.ts'
import { createScalarKernel } from '../../src/mining/scalar-kernel.ts'
import type { Search } from '../../src/mining/search.ts'
import { type StillWorker, stillWorkers } from './still-worker.ts'

const header = Uint8Array.from({ length: 92 }, (_, i) => i)
const HOPELESS = 1n
const EASY = (1n << 255n) - 1n
/** About 4 000 hashes: more than one slice. */
const MODERATE = (1n << 244n) - 1n

const pools: WorkerPool[] = []
const createPool = (threads: number, cpu = 100, createWorker?: CreateWorker): WorkerPool => {
  const pool = new WorkerPool(threads, cpu, createWorker)
  pools.push(pool)
  return pool
}
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.stop()
})

/** Pool of threads that do nothing, and those threads. */
function stillPool(threads: number): { pool: WorkerPool; workers: StillWorker[] } {
  const { createWorker, workers } = stillWorkers()
  return { pool: createPool(threads, 100, createWorker), workers }
}

test.each([1, 2, 3, 7, 256])('%i threads search ranges that never overlap, within 2^53 − 1', async (threads) => {
  const { pool, workers } = stillPool(threads)
  const search = pool.search(header, HOPELESS)
  const ranges = workers.map(({ searches }) => searches[0]!)
  expect(ranges).toHaveLength(threads)
  expect(ranges[0]!.firstNonce).toBe(0)
  ranges.forEach(({ firstNonce, count }, i) => {
    expect(Number.isSafeInteger(firstNonce + count - 1)).toBe(true)
    expect(count).toBeGreaterThan(2 ** 44)
    if (i > 0) expect(firstNonce).toBe(ranges[i - 1]!.firstNonce + ranges[i - 1]!.count)
  })
  pool.abandon()
  await search
})

test('threads keep the process alive while they search and no longer', async () => {
  const { pool, workers } = stillPool(2)
  const search = pool.search(header, HOPELESS)
  expect(workers.map(({ referenced }) => referenced)).toEqual([true, true])
  pool.abandon()
  expect(await search).toBeUndefined()
  expect(workers.map(({ referenced }) => referenced)).toEqual([false, false])
})

test('a search that has ended is nobody’s any more: its threads see it in the shared memory', async () => {
  const { pool, workers } = stillPool(1)
  const search = pool.search(header, HOPELESS)
  const { control, searches } = workers[0]!
  expect(control.generation).toBe(searches[0]!.generation)
  pool.abandon()
  await search
  expect(control.generation).not.toBe(searches[0]!.generation)
})

test('the first find ends a search; another for the same one is not heard', async () => {
  const { pool, workers } = stillPool(2)
  const [first, second] = [pool.search(header, EASY), workers[0]!.searches[0]!.generation]
  workers[1]!.emit('message', { generation: second, nonce: 5 })
  expect(await first).toBe(5)
  const next = pool.search(header, EASY)
  workers[0]!.emit('message', { generation: second, nonce: 6 })
  workers[0]!.emit('message', { generation: workers[0]!.searches[1]!.generation, nonce: 7 })
  expect(await next).toBe(7)
})

test('a find for a search that was abandoned in that instant is told, once', async () => {
  const { pool, workers } = stillPool(2)
  const late: [search: string, nonce: number][] = []
  const first = pool.search(header, EASY, (nonce) => late.push(['first', nonce]))
  pool.abandon()
  expect(await first).toBeUndefined()
  const second = pool.search(header, EASY, (nonce) => late.push(['second', nonce]))
  const [{ generation }, next] = workers[0]!.searches as [Search, Search]
  workers[0]!.emit('message', { generation, nonce: 5 })
  workers[1]!.emit('message', { generation, nonce: 6 })
  expect(late).toEqual([['first', 5]])
  workers[1]!.emit('message', { generation: next.generation, nonce: 7 })
  expect(await second).toBe(7)
  expect(late).toHaveLength(1)
})

test('late finds are not heard any more after they were forgotten, or the pool was stopped', async () => {
  for (const forget of [(pool: WorkerPool) => pool.forget(), (pool: WorkerPool) => pool.stop()]) {
    const { pool, workers } = stillPool(1)
    const late: number[] = []
    const search = pool.search(header, EASY, (nonce) => late.push(nonce))
    pool.abandon()
    await forget(pool)
    await search
    workers[0]!.emit('message', { generation: workers[0]!.searches[0]!.generation, nonce: 5 })
    expect(late).toEqual([])
  }
})

test('only the last few abandoned searches are remembered', async () => {
  const { pool, workers } = stillPool(1)
  const late: number[] = []
  for (let at = 0; at < 20; at++) {
    const search = pool.search(header, EASY, () => late.push(at))
    pool.abandon()
    await search
  }
  for (const { generation } of workers[0]!.searches) workers[0]!.emit('message', { generation, nonce: 5 })
  expect(late).toEqual([12, 13, 14, 15, 16, 17, 18, 19])
})

test('fewer threads: the others end; more: new ones start', async () => {
  const { pool, workers } = stillPool(3)
  const run = async (threads: number): Promise<number> => {
    pool.threads = threads
    const search = pool.search(header, HOPELESS)
    pool.abandon()
    await search
    return workers.filter(({ terminated }) => !terminated).length
  }
  expect([await run(3), await run(1), await run(2)]).toEqual([3, 1, 2])
  expect(workers).toHaveLength(4)
})

test('a thread finds the first nonce and counts exactly the hashes that it took', async () => {
  const pool = createPool(1)
  const first = createScalarKernel(header, MODERATE).search(0, 1_000_000)!
  expect(first).toBeGreaterThan(1_024)
  expect(await pool.search(header, MODERATE)).toBe(first)
  expect(pool.hashes).toBe(first + 1)
  expect(await pool.search(header, EASY)).toBe(createScalarKernel(header, EASY).search(0, 100))
})

test('a busy thread leaves an abandoned search by itself, with or without rests', async () => {
  for (const cpu of [100, 1]) {
    const pool = createPool(1, cpu)
    const hopeless = pool.search(header, HOPELESS)
    while (pool.hashes === 0) await turn()
    pool.abandon()
    expect(await hopeless).toBeUndefined()
    // The one thread can answer this only after it has left the other.
    expect(await pool.search(header, EASY)).toBeDefined()
  }
})

test('one search at a time', async () => {
  const { pool } = stillPool(1)
  const search = pool.search(header, HOPELESS)
  await expect(pool.search(header, EASY)).rejects.toThrow('a search is under way')
  pool.abandon()
  await search
})

/** Threads that run a line of JavaScript when they are told to search. */
const createWorkers = (line: string): CreateWorker => () =>
  new Worker(`require('node:worker_threads').parentPort.on('message', () => { ${line} })`, { eval: true })

test('mining-worker-failed: a thread that dies ends the search, and the next one has new threads', async () => {
  const dying = createWorkers("throw new Error('no memory')")
  let create: CreateWorker = dying
  const pool = createPool(2, 100, (shared) => create(shared))
  await expect(pool.search(header, EASY)).rejects.toMatchObject({
    code: 'mining-worker-failed',
    message: expect.stringContaining('no memory'),
  })
  create = createThread
  expect(await pool.search(header, EASY)).toBeDefined()
})

test('mining-worker-failed: a thread that exits', async () => {
  await expect(createPool(1, 100, createWorkers('process.exit(3)')).search(header, EASY)).rejects.toMatchObject({
    code: 'mining-worker-failed',
    message: expect.stringContaining('code 3'),
  })
})

test('stop ends a search and all threads, twice if need be, and a later search starts new ones', async () => {
  const pool = createPool(2)
  const search = pool.search(header, HOPELESS)
  await Promise.all([pool.stop(), pool.stop()])
  expect(await search).toBeUndefined()
  expect(await pool.search(header, EASY)).toBeDefined()
})
