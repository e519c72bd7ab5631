import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { blockHash } from '../../src/consensus/header.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { type Block, decodeHeader } from '../../src/consensus/types.ts'
import { Miner, type MiningOptions, type MiningProgress } from '../../src/mining/miner.ts'
import { createThread, type CreateWorker } from '../../src/mining/pool.ts'
import type { Search } from '../../src/mining/search.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createChain, HOPELESS_BITS, type TestChain } from './chain.ts'
import { stillWorkers } from './still-worker.ts'

const ALICE = new Uint8Array(32).fill(1)
const BOB = new Uint8Array(32).fill(2)
const EASY_BITS = 0x207f_ffff

// No template grows old by itself: what a test sees begin anew, it began.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))

const miners: Miner[] = []
function createMiner({ components }: Pick<TestChain, 'components'>, options: MiningOptions = { threads: 1 }): Miner {
  const miner = new Miner(components, options)
  miners.push(miner)
  return miner
}
afterEach(async () => {
  vi.useRealTimers()
  for (const miner of miners.splice(0)) await miner.stop()
})

/** A chain whose next block nobody will ever find. */
const hopelessChain = (): TestChain => createChain({ initialBits: HOPELESS_BITS })

/** Resolves when the miner builds its next template. */
const nextTemplate = (chain: TestChain): Promise<void> =>
  new Promise((resolve) => {
    const { select } = chain.components
    chain.components.select = (maxBytes) => {
      chain.components.select = select
      resolve()
      return select(maxBytes)
    }
  })

const minersOf = (blocks: Block[]): Uint8Array[] => blocks.slice(1).map(({ body }) => body.miner)

test('mines as many blocks as asked, each on the one before, paying the account', async () => {
  const chain = createChain()
  const miner = createMiner(chain)
  const found: number[] = []
  miner.events.on('block:found', ({ height }) => found.push(height))
  const blocks = await miner.mineBlocks(5, ALICE)
  expect(blocks).toEqual(chain.blocks.slice(1).map(({ header }) => ({ height: header.height, hash: toHex(blockHash(header)) })))
  expect(blocks.map(({ height }) => height)).toEqual([1, 2, 3, 4, 5])
  expect(found).toEqual([1, 2, 3, 4, 5])
  expect(minersOf(chain.blocks)).toEqual(Array.from({ length: 5 }, () => ALICE))
})

test('two threads mine one chain', async () => {
  const chain = createChain({ initialBits: 0x1f7f_ffff }) // 512 hashes a block
  expect(await createMiner(chain, { threads: 2 }).mineBlocks(20, ALICE)).toHaveLength(20)
  expect(chain.blocks).toHaveLength(21)
})

test('what is pending gets in', async () => {
  const chain = createChain()
  const builder = createBlockBuilder()
  chain.pending = [builder.pay({ from: 'alice', to: 'bob', amount: 1 })]
  await createMiner(chain).mineBlocks(1, ALICE)
  expect(chain.blocks[1]!.body.transactions).toEqual(chain.pending)
})

test('requests are served one after another', async () => {
  const chain = createChain()
  const miner = createMiner(chain)
  const [first, second] = await Promise.all([miner.mineBlocks(3, ALICE), miner.mineBlocks(2, BOB)])
  expect(first.map(({ height }) => height)).toEqual([1, 2, 3])
  expect(second.map(({ height }) => height)).toEqual([4, 5])
  expect(minersOf(chain.blocks)).toEqual([ALICE, ALICE, ALICE, BOB, BOB])
})

test('mines continuously until it is paused, and not a block more', async () => {
  const chain = createChain()
  const miner = createMiner(chain)
  miner.run(ALICE)
  miner.run(ALICE)
  expect(miner.progress().running).toBe(true)
  while (chain.blocks.length < 10) await once(miner.events, 'block:found')
  await miner.pause()
  await miner.pause()
  expect(miner.progress().running).toBe(false)
  const { length } = chain.blocks
  expect(await miner.mineBlocks(1, BOB)).toMatchObject([{ height: length }])
})

test('a request goes before continuous mining, which goes on afterwards', async () => {
  const chain = hopelessChain()
  const miner = createMiner(chain)
  miner.run(ALICE)
  await nextTemplate(chain)
  chain.params.initialBits = EASY_BITS // as it is, only a new template can be solved
  expect(await miner.mineBlocks(2, BOB)).toMatchObject([{ height: 1 }, { height: 2 }])
  while (chain.blocks.length < 5) await once(miner.events, 'block:found')
  expect(minersOf(chain.blocks).slice(0, 4)).toEqual([BOB, BOB, ALICE, ALICE])
})

test('another account takes continuous mining over at once', async () => {
  const chain = hopelessChain()
  const miner = createMiner(chain)
  miner.run(ALICE)
  await nextTemplate(chain)
  chain.params.initialBits = EASY_BITS
  miner.run(BOB)
  await once(miner.events, 'block:found')
  expect(minersOf(chain.blocks)[0]).toEqual(BOB)
})

test('a new tip: what is searched is left, and the block found is on the new one', async () => {
  const chain = hopelessChain()
  const miner = createMiner(chain)
  const mining = miner.mineBlocks(1, ALICE)
  await nextTemplate(chain)
  chain.params.initialBits = EASY_BITS
  await createMiner(chain).mineBlocks(1, BOB) // somebody else’s
  miner.tipChanged()
  expect(await mining).toMatchObject([{ height: 2 }])
})

test('a block that lost the race is not counted', async () => {
  const chain = createChain()
  const { add } = chain.components
  const outcomes = ['side-branch', 'known', 'connected', 'side-branch', 'connected']
  const given: string[] = []
  chain.components.add = async (block) => {
    const outcome = outcomes[given.length]!
    given.push(outcome)
    return outcome === 'connected' ? add(block) : { outcome, hash: toHex(blockHash(block.header)) }
  }
  expect(await createMiner(chain).mineBlocks(2, ALICE)).toMatchObject([{ height: 1 }, { height: 2 }])
  expect(given).toEqual(outcomes)
})

test('a block that reorganised the chain is counted', async () => {
  const chain = createChain()
  const { add } = chain.components
  chain.components.add = async (block) => ({ ...(await add(block)), outcome: 'reorganised' })
  expect(await createMiner(chain).mineBlocks(1, ALICE)).toHaveLength(1)
})

test('after a block that has to wait, mining waits for the next tip', async () => {
  const chain = createChain()
  const { add } = chain.components
  let calls = 0
  let told = (): void => undefined
  const waiting = new Promise<void>((resolve) => (told = resolve))
  chain.components.add = async (block) => {
    calls += 1
    if (calls > 1) return add(block)
    told()
    return { outcome: 'waiting', hash: toHex(blockHash(block.header)) }
  }
  const miner = createMiner(chain)
  const select = vi.spyOn(chain.components, 'select')
  const mining = miner.mineBlocks(1, ALICE)
  await waiting
  await new Promise(setImmediate)
  expect(select).toHaveBeenCalledOnce()
  miner.tipChanged()
  expect(await mining).toHaveLength(1)
})

test('cancelled: the request is refused with the reason and its threads are free for the next', async () => {
  const chain = hopelessChain()
  const miner = createMiner(chain)
  const controller = new AbortController()
  const mining = miner.mineBlocks(1, ALICE, controller.signal)
  await nextTemplate(chain)
  chain.params.initialBits = EASY_BITS
  controller.abort(new Error('closed'))
  await expect(mining).rejects.toThrow('closed')
  expect(chain.blocks).toHaveLength(1)
  expect(await miner.mineBlocks(1, BOB)).toMatchObject([{ height: 1 }])
  expect(minersOf(chain.blocks)).toEqual([BOB])
})

test('cancelled while it waits for its turn: the others go on', async () => {
  const chain = createChain()
  const miner = createMiner(chain)
  const controller = new AbortController()
  const mining = [miner.mineBlocks(2, ALICE), miner.mineBlocks(2, BOB, controller.signal), miner.mineBlocks(2, ALICE)]
  controller.abort()
  const results = await Promise.allSettled(mining)
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(minersOf(chain.blocks)).toEqual([ALICE, ALICE, ALICE, ALICE])
  await expect(miner.mineBlocks(1, ALICE, controller.signal)).rejects.toThrow('aborted')
})

test('mining-off: a miner that may not search says why at once, starts no thread, and gives templates', async () => {
  const { components } = createChain()
  let threads = 0
  const createWorker: CreateWorker = (shared) => { threads += 1; return createThread(shared) }
  const miner = createMiner({ components: { ...components, createWorker, noMining: 'ask the other one' } })
  expect(() => miner.run(ALICE)).toThrow(/^mining-off: ask the other one$/)
  await expect(miner.mineBlocks(1, ALICE)).rejects.toMatchObject({ code: 'mining-off', message: 'mining-off: ask the other one' })
  expect(miner.progress().running).toBe(false)
  expect(miner.template(ALICE).block.header.height).toBe(1)
  expect(threads).toBe(0)
})

test('mining-stopped: whoever waits is told, nothing is mined any more, and stopping twice is fine', async () => {
  const chain = hopelessChain()
  const miner = createMiner(chain, { threads: 2 })
  miner.run(ALICE)
  const mining = [miner.mineBlocks(1, ALICE), miner.mineBlocks(1, BOB)].map((request) => request.catch((error: unknown) => error))
  await nextTemplate(chain)
  await Promise.all([miner.stop(), miner.stop()])
  for (const error of await Promise.all(mining)) expect(error).toMatchObject({ code: 'mining-stopped' })
  expect(() => miner.run(ALICE)).toThrow('mining-stopped')
  await expect(miner.mineBlocks(1, ALICE)).rejects.toThrow('mining-stopped')
  expect(miner.progress()).toMatchObject({ running: false, hashRate: 0 })
  miner.start()
  chain.params.initialBits = EASY_BITS
  expect(await miner.mineBlocks(1, ALICE)).toHaveLength(1)
})

test('a block that the chain refuses: the request is refused with its error, the next one is not', async () => {
  const chain = createChain()
  const { add } = chain.components
  chain.components.add = async () => {
    chain.components.add = add
    throw new Error('disk full')
  }
  const miner = createMiner(chain)
  await expect(miner.mineBlocks(1, ALICE)).rejects.toThrow('disk full')
  expect(await miner.mineBlocks(1, ALICE)).toHaveLength(1)
})

test('a block that the chain refuses: continuous mining logs it and goes on with the next tip', async () => {
  const chain = createChain()
  const { add, log } = chain.components
  const logged = vi.spyOn(log, 'error')
  const refused = new Promise<void>((resolve) => {
    chain.components.add = async () => {
      chain.components.add = add
      resolve()
      throw new Error('disk full')
    }
  })
  const miner = createMiner(chain)
  const select = vi.spyOn(chain.components, 'select')
  miner.run(ALICE)
  await refused
  await new Promise(setImmediate)
  expect(logged).toHaveBeenCalledOnce()
  expect(select).toHaveBeenCalledOnce()
  expect(chain.blocks).toHaveLength(1)
  miner.tipChanged()
  await once(miner.events, 'block:found')
})

test('mining-worker-failed: whoever waits is told, and the next request has new threads', async () => {
  const chain = createChain()
  let created = 0
  const createWorker: CreateWorker = (shared) =>
    created++ === 0 ? new Worker('process.exit(1)', { eval: true }) : createThread(shared)
  const miner = createMiner({ components: { ...chain.components, createWorker } })
  await expect(miner.mineBlocks(1, ALICE)).rejects.toMatchObject({ code: 'mining-worker-failed' })
  expect(await miner.mineBlocks(1, ALICE)).toHaveLength(1)
})

test('threads and share change while mining', async () => {
  const chain = hopelessChain()
  const miner = createMiner(chain, { threads: 1, cpu: 50 })
  expect(miner.progress()).toMatchObject({ threads: 1, cpu: 50 })
  const mining = miner.mineBlocks(1, ALICE)
  await nextTemplate(chain)
  chain.params.initialBits = EASY_BITS
  miner.configure({ cpu: 100 })
  miner.configure({ threads: 2 }) // begins anew
  expect(await mining).toHaveLength(1)
  expect(miner.progress()).toMatchObject({ threads: 2, cpu: 100 })
})

const badSettings = [{ threads: 0 }, { threads: 1.5 }, { threads: 257 }, { cpu: 0 }, { cpu: 101 }, { cpu: Number.NaN }]
test.each(badSettings)('refuses the setting %o', (settings) => {
  const chain = createChain()
  expect(() => new Miner(chain.components, settings)).toThrow(RangeError)
  const miner = createMiner(chain, { threads: 1, cpu: 50 })
  expect(() => miner.configure(settings)).toThrow(RangeError)
  expect(miner.progress()).toMatchObject({ threads: 1, cpu: 50 })
})

test.each([0, -1, 1.5, Number.NaN])('refuses to mine %s blocks', async (count) => {
  await expect(createMiner(createChain()).mineBlocks(count, ALICE)).rejects.toThrow(RangeError)
})

test('every half second the timestamp is now’s again, and the threads begin anew with the same body', async () => {
  const chain = createChain()
  const { createWorker, workers } = stillWorkers()
  const miner = createMiner({ components: { ...chain.components, createWorker } }, { threads: 2 })
  const select = vi.spyOn(chain.components, 'select')
  miner.run(ALICE)
  await new Promise(setImmediate)
  for (let half = 1; half <= 20; half++) {
    chain.now += 500
    await vi.advanceTimersByTimeAsync(500)
  }
  for (const { searches } of workers) {
    const headers = searches.map(({ header }) => decodeHeader(header))
    const first = headers[0]!
    expect(headers.map(({ timestamp }) => timestamp - first.timestamp)).toEqual(Array.from({ length: 21 }, (_, i) => 500 * i))
    for (const header of headers) expect({ ...header, timestamp: 0 }).toEqual({ ...first, timestamp: 0 })
  }
  expect(select.mock.calls.length).toBeLessThanOrEqual(1) // none where the spy came after the first
})

test('a first pending transaction is in the template within half a second', async () => {
  const chain = hopelessChain()
  const miner = createMiner(chain)
  const mining = miner.mineBlocks(1, ALICE)
  await nextTemplate(chain)
  chain.send(createBlockBuilder().pay({ from: 'alice', to: 'bob', amount: 1 }), miner)
  chain.params.initialBits = EASY_BITS
  await vi.advanceTimersByTimeAsync(500)
  await mining
  expect(chain.blocks[1]!.body.transactions).toHaveLength(1)
})

test('on a stopped clock a new template is still another header', async () => {
  const chain = hopelessChain()
  const mining = createMiner(chain).mineBlocks(1, ALICE)
  await nextTemplate(chain)
  chain.params.initialBits = EASY_BITS
  await vi.advanceTimersByTimeAsync(500)
  await mining
  expect(chain.blocks[1]!.header.timestamp).toBe(chain.now + 1)
})

/** A miner whose threads find what the test says, when it says it. */
function stillMiner(chain: TestChain) {
  const { createWorker, workers } = stillWorkers()
  const added: { height: number; outcome: string }[] = []
  const add: typeof chain.components.add = async (block) => {
    const result = await chain.components.add(block)
    added.push({ height: block.header.height, outcome: result.outcome })
    return result
  }
  const miner = createMiner({ components: { ...chain.components, add, createWorker } })
  /** Resolves with what the only thread is told to search next. */
  const nextSearch = async (): Promise<Search> => {
    while (workers[0] === undefined) await new Promise(setImmediate)
    const [worker] = workers
    return worker.searches[told++] ?? once(worker, 'told').then(([search]) => search as Search) // all that it emits
  }
  let told = 0
  return { miner, added, nextSearch, find: (search: Search) => workers[0]!.find(search), settled: () => new Promise(setImmediate) }
}

test('found in the same instant as a better tip: it becomes a side branch, and does not count', async () => {
  const chain = createChain()
  const { miner, added, nextSearch, find } = stillMiner(chain)
  const mining = miner.mineBlocks(1, ALICE)
  const old = await nextSearch()
  await createMiner(chain).mineBlocks(1, BOB) // the better tip
  miner.tipChanged()
  const next = await nextSearch()
  find(old)
  find(next)
  expect(await mining).toMatchObject([{ height: 2 }])
  expect(added).toEqual([{ height: 1, outcome: 'side-branch' }, { height: 2, outcome: 'connected' }])
  expect(minersOf(chain.blocks)).toEqual([BOB, ALICE])
})

test('found in the same instant as the timestamp advanced: it counts', async () => {
  const chain = createChain()
  const { miner, added, nextSearch, find } = stillMiner(chain)
  const mining = miner.mineBlocks(1, ALICE)
  const old = await nextSearch()
  await vi.advanceTimersByTimeAsync(500)
  await nextSearch()
  find(old)
  expect(await mining).toMatchObject([{ height: 1 }])
  expect(added).toEqual([{ height: 1, outcome: 'connected' }])
})

test('asked for one block, a miner makes one, whatever its threads find while the chain takes it', async () => {
  const cases: [name: string, of: (old: Search, next: Search) => Search[]][] = [
    ['that of the template before', (old, next) => [old, next]],
    ['that of the newest template', (old, next) => [next, old]],
  ]
  for (const [name, of] of cases) {
    const chain = createChain()
    const { add } = chain.components
    const { promise: taken, resolve: take } = Promise.withResolvers<void>()
    chain.components.add = async (block) => {
      await taken
      return add(block)
    }
    const { miner, added, nextSearch, find, settled } = stillMiner(chain)
    const mining = miner.mineBlocks(1, ALICE)
    const old = await nextSearch()
    await vi.advanceTimersByTimeAsync(500)
    const next = await nextSearch()
    for (const search of of(old, next)) {
      find(search)
      await settled()
    }
    take()
    expect(await mining, name).toMatchObject([{ height: 1 }])
    await settled()
    expect(added, name).toEqual([{ height: 1, outcome: 'connected' }])
  }
})

test('found in the same instant as it was cancelled, paused, or taken over by another account: nobody wants it', async () => {
  const cancel = new AbortController()
  const cases: [begin: (miner: Miner) => void, end: (miner: Miner) => unknown][] = [
    [(miner) => void miner.mineBlocks(1, ALICE, cancel.signal).catch(() => {}), () => cancel.abort()],
    [(miner) => miner.run(ALICE), (miner) => miner.pause()],
    [(miner) => miner.run(ALICE), (miner) => miner.run(BOB)],
  ]
  for (const [begin, end] of cases) {
    const chain = createChain()
    const { miner, added, nextSearch, find, settled } = stillMiner(chain)
    begin(miner)
    const search = await nextSearch()
    await end(miner)
    find(search)
    await settled()
    expect(added).toEqual([])
  }
})

test('a late find that the chain cannot take is logged, and mining goes on', async () => {
  const chain = createChain()
  const { add, log } = chain.components
  const logged = vi.spyOn(log, 'error')
  const { miner, nextSearch, find, settled } = stillMiner(chain)
  const mining = miner.mineBlocks(1, ALICE)
  const old = await nextSearch()
  miner.tipChanged()
  await nextSearch()
  chain.components.add = async () => {
    chain.components.add = add
    throw new Error('disk full')
  }
  find(old)
  await settled()
  expect(logged).toHaveBeenCalledOnce()
  find(await nextSearch())
  expect(await mining).toHaveLength(1)
})

test('while held, nothing is searched, on demand or continuously, and progress says so; then both go on', async () => {
  const chain = createChain()
  const { miner, nextSearch, find } = stillMiner(chain)
  const told: [waiting: boolean, hashRate: number][] = []
  miner.events.on('mining:progress', ({ waiting, hashRate }) => told.push([waiting, hashRate]))
  miner.hold(true)
  expect(miner.progress().waiting).toBe(false) // nobody wants a block
  miner.run(ALICE)
  const mining = miner.mineBlocks(1, BOB)
  const select = vi.spyOn(chain.components, 'select')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(select).not.toHaveBeenCalled()
  expect(miner.progress()).toMatchObject({ running: true, waiting: true, expectedMs: null })
  expect(told[0]).toEqual([true, 0])
  expect(() => miner.template(ALICE)).toThrow('mining-catching-up')
  miner.hold(false)
  expect(told.at(-1)).toEqual([false, 0])
  find(await nextSearch())
  expect(await mining).toMatchObject([{ height: 1 }])
  find(await nextSearch())
  await once(miner.events, 'block:found')
  expect(minersOf(chain.blocks)).toEqual([BOB, ALICE])
})

test('held while it searches: it stops, and begins anew afterwards', async () => {
  const chain = createChain()
  const { miner, nextSearch, find, settled } = stillMiner(chain)
  const mining = miner.mineBlocks(1, ALICE)
  const { generation } = await nextSearch()
  const select = vi.spyOn(chain.components, 'select')
  miner.hold(true)
  miner.hold(true)
  await settled()
  expect(miner.progress().waiting).toBe(true)
  miner.hold(false)
  const next = await nextSearch()
  expect(next.generation).toBeGreaterThan(generation + 1)
  expect(select).not.toHaveBeenCalled() // the body is still good
  find(next)
  expect(await mining).toHaveLength(1)
})

test('what waits can be cancelled, paused and stopped', async () => {
  const { miner, settled } = stillMiner(createChain())
  const told: boolean[] = []
  miner.events.on('mining:progress', ({ running }) => told.push(running))
  const cancel = new AbortController()
  miner.hold(true)
  const mining = miner.mineBlocks(1, ALICE, cancel.signal)
  miner.run(BOB)
  cancel.abort(new Error('closed'))
  await expect(mining).rejects.toThrow('closed')
  await miner.pause()
  await settled()
  expect(told.at(-1)).toBe(false)
  expect(miner.progress()).toMatchObject({ running: false, waiting: false })
  miner.run(BOB)
  await miner.stop()
})

test('a template for others is of this chain’s tip, pays whom they say, and is no other’s', () => {
  const chain = createChain()
  const { miner } = stillMiner(chain)
  const templates = [miner.template(BOB), miner.template(BOB), miner.template(ALICE)]
  expect(templates.map(({ block }) => block.body.miner)).toEqual([BOB, BOB, ALICE])
  expect(new Set(templates.map(({ block }) => block.header.timestamp)).size).toBe(3)
  expect(templates[0]!.block.header.height).toBe(1)
})

test('progress: at the start, about once a second with the measured rate, and at the end', async () => {
  const chain = hopelessChain()
  const miner = createMiner(chain, { threads: 1 })
  const all: MiningProgress[] = []
  miner.events.on('mining:progress', (progress) => all.push(progress))
  miner.run(ALICE)
  const measured = (): MiningProgress | undefined => all.find(({ hashRate }) => hashRate > 0)
  while (measured() === undefined) await once(miner.events, 'mining:progress') // a thread may take long to begin
  await miner.pause()
  await new Promise(setImmediate)
  // One or more, by how long the pause took.
  expect(all.slice(0, -1).every(({ running }) => running)).toBe(true)
  const [first] = all
  const { hashRate, expectedMs } = measured()!
  const last = all.at(-1)
  expect(first).toEqual({ running: true, waiting: false, hashRate: 0, threads: 1, cpu: 100, expectedMs: null })
  expect(expectedMs! * hashRate).toBeCloseTo(1_000 * 2 ** 256 / (0xffff * 256 ** 20), -25)
  expect(last).toMatchObject({ running: false, hashRate: 0, expectedMs: null })
})

test('idle threads do not keep a process alive', async () => {
  const script = `
    const { Miner } = await import(${JSON.stringify(new URL('../../src/mining/miner.ts', import.meta.url).href)})
    const { createChain } = await import(${JSON.stringify(new URL('./chain.ts', import.meta.url).href)})
    const miner = new Miner(createChain().components, { threads: 2 })
    console.log((await miner.mineBlocks(2, new Uint8Array(32))).length)`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  })
  expect(stdout).toBe('2\n')
})
