import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { platform } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { pino } from 'pino'
import { afterAll, afterEach, expect, test } from 'vitest'
import { VerifierPool } from '../../src/chain/verifier-pool.ts'
import { encodeTransaction } from '../../src/consensus/types.ts'
import { createBlockBuilder } from '../support/blocks.ts'

const blocks = createBlockBuilder({ seed: 1, funds: { alice: 1_000 } })
const { hash: genesisHash } = blocks.genesis
const signed = Array.from({ length: 400 }, (_, nonce) =>
  encodeTransaction(blocks.pay({ from: 'alice', to: 'bob', amount: 1, nonce, memo: 'x'.repeat(nonce % 257) })),
)

/** The first so many transactions, those at the places given with a signature that is not theirs. */
function transactions(count: number, ...bad: number[]): Uint8Array[] {
  return signed.slice(0, count).map((encoded, at) => {
    if (!bad.includes(at)) return encoded
    const forged = encoded.slice()
    forged[64]! += 1 // the amount
    return forged
  })
}

const pools: VerifierPool[] = []
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.stop())))

/** A pool, and the threads that it has made. */
function openPool(threads: number, create?: (made: number) => Worker): { pool: VerifierPool; made: Worker[] } {
  const made: Worker[] = []
  const url = new URL('../../src/chain/verifier-worker.ts', import.meta.url)
  const createWorker = (): Worker => {
    const worker = create?.(made.length) ?? new Worker(url, { execArgv: [] })
    made.push(worker)
    return worker
  }
  const pool = new VerifierPool({ log: pino({ level: 'silent' }), createWorker }, { threads })
  pools.push(pool)
  return { pool, made }
}

const shared = new VerifierPool({ log: pino({ level: 'silent' }) }, { threads: 2 })
afterAll(() => shared.stop())

test.for([
  [0, []],
  [1, []],
  [1, [0]],
  [128, [127]],
  [129, [128]],
  [400, []],
  [400, [399]],
  [400, [130, 131, 399]],
  [400, [399, 5, 200]],
] as const)('of %i transactions the first bad one is found: bad are %j', async ([count, bad]) => {
  expect(await shared.firstBad(transactions(count, ...bad), genesisHash)).toBe(bad.length === 0 ? undefined : Math.min(...bad))
})

test('a signature for another network is bad', async () => {
  expect(await shared.firstBad(transactions(40), new Uint8Array(32))).toBe(0)
})

test('calls at the same time get each its own answer, whoever is quicker', async () => {
  const { pool, made } = openPool(2)
  const calls = Array.from({ length: 12 }, (_, at) => ({ count: at % 3 === 0 ? 400 : 20, bad: at }))
  const answers = await Promise.all(calls.map(({ count, bad }) => pool.firstBad(transactions(count, bad), genesisHash)))
  expect(answers).toEqual(calls.map(({ bad }) => bad))
  expect(made).toHaveLength(2)
})

test('threads are made when they are needed, and no more than there is work for', async () => {
  const { pool, made } = openPool(4)
  expect(made).toHaveLength(0)
  await pool.firstBad(transactions(20), genesisHash)
  expect(made).toHaveLength(1)
  await pool.firstBad(transactions(20), genesisHash) // by the one that is idle
  expect(made).toHaveLength(1)
  await pool.firstBad(transactions(400), genesisHash)
  expect(made).toHaveLength(4)
  await pool.firstBad(transactions(400), genesisHash)
  expect(made).toHaveLength(4)
})

test.for([
  ['ends at once', 'process.exit(3)'],
  ['fails at once', 'throw new Error("no such library")'],
  ['dies of what it was given', 'require("node:worker_threads").parentPort.once("message", () => process.exit(1))'],
] as const)('a thread that %s: its work is done here, and the next call has another thread', async ([, code]) => {
  const { pool, made } = openPool(1, (count) => (count === 0 ? new Worker(code, { eval: true, execArgv: [] }) : undefined!))
  const both = Promise.all([pool.firstBad(transactions(200, 150), genesisHash), pool.firstBad(transactions(200), genesisHash)])
  expect(await both).toEqual([150, undefined])
  expect(made).toHaveLength(1)
  expect(await pool.firstBad(transactions(200, 7), genesisHash)).toBe(7)
  expect(made).toHaveLength(2)
})

test('stopping ends the threads; whoever waits, and whoever asks afterwards, hears of it', async () => {
  const { pool, made } = openPool(2)
  const waiting = pool.firstBad(transactions(400), genesisHash)
  const refused = expect(waiting).rejects.toThrow('stopped')
  const ended = made.map((worker) => once(worker, 'exit'))
  await Promise.all([pool.stop(), pool.stop()])
  await Promise.all(ended)
  await refused
  await expect(pool.firstBad(transactions(20), genesisHash)).rejects.toThrow('stopped')
  expect(made).toHaveLength(2)
})

/** Priorities of this process's threads: the nineteenth field, the seventeenth after the name in brackets. */
const niceness = (): string[] =>
  readdirSync('/proc/self/task').flatMap((id) => {
    try {
      return readFileSync(`/proc/self/task/${id}/stat`, 'utf8').split(') ')[1]?.split(' ')[16] ?? []
    } catch {
      return [] // a thread that has ended meanwhile
    }
  })

test.runIf(platform() === 'linux')('threads that verify come after the main thread', async () => {
  const before = niceness().filter((nice) => nice === '2').length
  const { pool } = openPool(2)
  await pool.firstBad(transactions(400), genesisHash)
  expect(niceness().filter((nice) => nice === '2').length - before).toBe(2)
})

test('threads keep a process alive as long as they have work, and no longer', async () => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../support/verify-and-leave.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (text: Buffer) => (output += text.toString()))
  await once(child, 'close')
  expect([child.exitCode, output]).toEqual([0, 'first bad: 5\n'])
})
