import { expect, test } from 'vitest'
import { turn } from '../../../src/chain/clock.ts'
import { VirtualTime } from '../../../src/swarm/virtual/clock.ts'
import { TimerQueue } from '../../../src/swarm/virtual/timer-queue.ts'
import { createRandom } from '../../support/random.ts'

test('what is due comes in the order of time, and at the same time in the order of asking', async () => {
  const time = new VirtualTime(1_000)
  const clock = time.clock()
  const said: string[] = []
  const say = (what: string) => (): void => void said.push(`${clock.now()} ${what}`)
  clock.after(20, say('third'))
  clock.after(10, say('first'))
  clock.after(10, say('second'))
  const cancel = clock.after(15, say('never'))
  cancel()
  await time.advance(15)
  expect(said).toEqual(['1010 first', '1010 second'])
  expect(clock.now()).toBe(1_015)
  await time.advance(5)
  expect(said).toEqual(['1010 first', '1010 second', '1020 third'])
})

test('everything that follows without waiting has happened before the next call', async () => {
  const time = new VirtualTime(0)
  const said: string[] = []
  time.after(1, () => {
    let chain = Promise.resolve()
    for (let link = 0; link < 50; link++) chain = chain.then(() => Promise.resolve())
    void chain.then(() => said.push('settled'))
  })
  time.after(1, () => said.push('next'))
  await time.advance(1)
  expect(said).toEqual(['settled', 'next'])
})

test('a turn lets go first what is due in the same moment, and takes no time', async () => {
  const time = new VirtualTime(0)
  const clock = time.clock()
  const said: string[] = []
  const work = async (): Promise<void> => {
    await turn(clock)
    said.push(`after the turn, at ${clock.now()}`)
  }
  clock.after(5, () => void work())
  clock.after(5, () => said.push('due at once'))
  clock.after(6, () => said.push('later'))
  await time.advance(10)
  expect(said).toEqual(['due at once', 'after the turn, at 5', 'later'])
})

test('time passes until something is done, and not beyond', async () => {
  const time = new VirtualTime(0)
  const clock = time.clock()
  const done = new Promise<string>((resolve) => void clock.after(3_600_000, () => resolve('done')))
  clock.after(3_600_001, () => expect.unreachable())
  await expect(time.until('it', done)).resolves.toBe('done')
  expect(time.elapsedMs).toBe(3_600_000)
})

test('waiting for what simulated time does not bring is an error that names it', async () => {
  const time = new VirtualTime(0)
  await expect(time.until('a thread', new Promise(() => {}))).rejects.toThrow(/^a thread will never be done: nothing is due/)
})

test('time passes until something holds, or for as long as is given', async () => {
  const time = new VirtualTime(0)
  let count = 0
  const again = (): void => void time.after(10, () => {
    count += 1
    again()
  })
  again()
  expect(await time.untilHolds(() => count === 7, 1_000)).toBe(true)
  expect(time.elapsedMs).toBe(70)
  expect(await time.untilHolds(() => count === 1_000, 1_000)).toBe(false)
  expect(time.elapsedMs).toBe(1_070)
})

test('what really takes time is done while time stands, after all that is due', async () => {
  const time = new VirtualTime(0)
  const said: string[] = []
  const real = async (): Promise<void> => {
    said.push('begun')
    await new Promise((resolve) => void setTimeout(resolve, 5))
    said.push(`ended at ${time.elapsedMs}`)
  }
  time.after(1, () => {
    void time.hold('a start', real)
    time.after(0, () => said.push('due at once'))
    time.after(1, () => said.push('later'))
  })
  await time.advance(10)
  expect(said).toEqual(['due at once', 'begun', 'ended at 1', 'later'])
})

test('a callback that throws ends the run with its error', async () => {
  const time = new VirtualTime(0)
  time.after(1, () => {
    throw new Error('a bug')
  })
  await expect(time.advance(10)).rejects.toThrow('a bug')
})

test('two may wait at once, and each goes on when its time has come', async () => {
  const time = new VirtualTime(0)
  const said: string[] = []
  time.after(15, () => said.push('between'))
  const wait = async (ms: number): Promise<void> => {
    await time.advance(ms)
    said.push(`${ms} at ${time.elapsedMs}`)
  }
  await Promise.all([wait(20), wait(10)])
  expect(said).toEqual(['10 at 10', 'between', '20 at 20'])
})

test('whoever waits may let time pass for something else meanwhile', async () => {
  const time = new VirtualTime(0)
  const work = async (): Promise<number> => {
    await time.advance(5)
    await time.until('the rest', new Promise<void>((resolve) => void time.after(5, resolve)))
    return time.elapsedMs
  }
  expect(await time.until('work', work())).toBe(10)
})

test('a signal ends a run', async () => {
  const time = new VirtualTime(0)
  const again = (): void => void time.after(1, again)
  again()
  const ended = new AbortController()
  time.after(500, () => ended.abort(new Error('enough')))
  await expect(time.advance(1_000_000, ended.signal)).rejects.toThrow('enough')
  expect(time.elapsedMs).toBeLessThan(1_000)
})

test('the queue gives back in order what is left of ten thousand, half of it cancelled', () => {
  const queue = new TimerQueue()
  const random = createRandom(3)
  const left: { at: number; order: number }[] = []
  for (let order = 0; order < 10_000; order++) {
    const at = random.below(500)
    const cancel = queue.add(at, () => {})
    if (random.below(2) === 0) cancel()
    else left.push({ at, order })
  }
  const sorted = left.toSorted((a, b) => a.at - b.at || a.order - b.order).map(({ at }) => at)
  const taken: number[] = []
  for (let due = queue.take(); due !== undefined; due = queue.take()) taken.push(due.at)
  expect(taken).toEqual(sorted)
})
