import { describe, expect, test } from 'vitest'
import { type LinkConditions, Links } from '../../src/swarm/links.ts'
import { Random } from '../../src/swarm/random.ts'

const linksOf = (conditions: Partial<LinkConditions> = {}): Links => new Links({ conditions, random: new Random('links') })

/** How long so many messages take that are sent a minute apart, so that none waits for another; ms. */
const times = (links: Links, count: number, bytes = 100): number[] =>
  Array.from({ length: count }, (_, at) => links.delayMs(0, 1, bytes, at * 600_000))

describe('how long a message is on its way', () => {
  test('no time where there are no conditions, and the latency where there is one', () => {
    expect(linksOf().delayMs(0, 1, 1_000_000, 5)).toBe(0)
    expect(linksOf({ latencyMs: 20 }).delayMs(0, 1, 1_000_000, 5)).toBe(20)
  })

  test('each way has conditions of its own', () => {
    const links = linksOf({ latencyMs: 20 })
    links.set(0, 1, { latencyMs: 200 })
    expect([links.delayMs(0, 1, 1, 0), links.delayMs(1, 0, 1, 0), links.delayMs(0, 2, 1, 0)]).toEqual([200, 20, 20])
    expect(links.between(0, 1)).toEqual({ latencyMs: 200, jitterMs: 0, loss: 0, bytesPerSecond: Infinity })
    links.setAll({ latencyMs: 5 })
    expect([links.delayMs(0, 1, 1, 1_000), links.delayMs(1, 0, 1, 1_000)]).toEqual([5, 5])
  })

  test('bandwidth makes messages wait for those before them, on their way only', () => {
    const links = linksOf({ bytesPerSecond: 1_000, latencyMs: 10 })
    expect(links.delayMs(0, 1, 500, 0)).toBe(510)
    expect(links.delayMs(0, 1, 500, 100)).toBe(910) // sent from 500 to 1 000, and 100 of it were over
    expect(links.delayMs(1, 0, 500, 100)).toBe(510)
    expect(links.delayMs(0, 1, 500, 5_000)).toBe(510) // the way is free again
  })

  test('jitter is uniform, and no message overtakes another', () => {
    const spread = times(linksOf({ latencyMs: 10, jitterMs: 40 }), 2_000)
    expect(Math.min(...spread)).toBeGreaterThanOrEqual(10)
    expect(Math.max(...spread)).toBeLessThan(50)
    expect(spread.reduce((sum, time) => sum + time, 0) / spread.length).toBeCloseTo(30, 0)
    const links = linksOf({ latencyMs: 10, jitterMs: 40 })
    const arrivals = Array.from({ length: 500 }, (_, at) => at + links.delayMs(0, 1, 10, at))
    expect(arrivals).toEqual(arrivals.toSorted((a, b) => a - b))
  })

  test('loss is delay: so many messages wait as the formula says, and for as long', () => {
    const small = times(linksOf({ latencyMs: 10, loss: 0.1 }), 100_000)
    const shareOf = (list: number[], is: (time: number) => boolean): number => list.filter(is).length / list.length
    // One packet: 10 ms with none lost; then the timeout of 200 ms, and then twice as long.
    expect(shareOf(small, (time) => time === 10)).toBeCloseTo(0.9, 2)
    expect(shareOf(small, (time) => time === 210)).toBeCloseTo(0.09, 2)
    expect(shareOf(small, (time) => time === 610)).toBeCloseTo(0.009, 2)
    // Ten packets: all come through at once with 0.9^10; the first repeat comes a round trip later.
    const large = times(linksOf({ latencyMs: 10, loss: 0.1 }), 100_000, 14_600)
    expect(shareOf(large, (time) => time === 10)).toBeCloseTo(0.9 ** 10, 2)
    expect(shareOf(large, (time) => time === 30)).toBeCloseTo(0.99 ** 10 - 0.9 ** 10, 2)
    expect(shareOf(large, (time) => time === 430)).toBeCloseTo(0.999 ** 10 - 0.99 ** 10, 2)
  })

  test('what is lost is sent again, and takes its share of the bandwidth', () => {
    const links = new Links({ conditions: { bytesPerSecond: 1_000, loss: 0.5 }, random: new Random(1) })
    links.delayMs(0, 1, 500, 0)
    links.set(0, 1, { loss: 0 })
    expect(links.delayMs(0, 1, 0, 0)).toBeGreaterThanOrEqual(1_000)
  })

  test('a seed gives the same times, and conditions that change shift none that follow', () => {
    const conditions = { latencyMs: 10, jitterMs: 5, loss: 0.05 }
    expect(times(linksOf(conditions), 100)).toEqual(times(linksOf(conditions), 100))
    const links = linksOf(conditions)
    links.setAll({ jitterMs: 0, loss: 0 })
    times(links, 50)
    links.setAll(conditions)
    const later = (one: Links): number => one.delayMs(0, 1, 100, 1e9)
    const same = linksOf(conditions)
    times(same, 50)
    expect(later(links)).toBe(later(same))
  })

  test('heavy loss on a great message ends', () => {
    for (const time of times(linksOf({ loss: 0.999 }), 200, 1_000_000)) expect(time).toBeLessThan(Infinity)
  })
})

describe('cut links', () => {
  test('a partition leaves each group its links, and a node in none is alone', () => {
    const links = linksOf()
    links.partition([[0, 1], [2, 3]])
    expect([links.isCut(0, 1), links.isCut(2, 3), links.isCut(1, 2), links.isCut(0, 4), links.isCut(4, 5), links.isCut(4, 4)])
      .toEqual([false, false, true, true, true, false])
    expect(links.delayMs(1, 2, 1, 0)).toBe(Infinity)
    links.partition([[1, 2]])
    expect([links.isCut(0, 1), links.isCut(1, 2)]).toEqual([true, false])
    links.heal()
    expect([links.isCut(0, 1), links.isCut(0, 4)]).toEqual([false, false])
  })

  test('one link can be cut, both ways, until healed', () => {
    const links = linksOf()
    links.cut(2, 1)
    expect([links.isCut(1, 2), links.isCut(2, 1), links.isCut(0, 1)]).toEqual([true, true, false])
    links.heal()
    expect(links.isCut(1, 2)).toBe(false)
  })

  test('one link can be mended: a cut one, and one between two parts, which is cut again by the next partition', () => {
    const links = linksOf()
    links.cut(0, 1)
    links.partition([[0, 1], [2, 3]])
    links.mend(1, 0)
    links.mend(1, 2)
    expect([links.isCut(0, 1), links.isCut(1, 2), links.isCut(2, 1), links.isCut(0, 2)]).toEqual([false, false, false, true])
    links.cut(1, 2)
    expect(links.isCut(2, 1)).toBe(true)
    links.mend(1, 2)
    links.partition([[0, 1], [2, 3]])
    expect(links.isCut(1, 2)).toBe(true)
    links.mend(1, 2)
    links.heal()
    links.partition([[0, 1], [2, 3]])
    expect(links.isCut(1, 2)).toBe(true)
  })

  test('what waited on a link before it was cut delays nothing after', () => {
    const links = linksOf({ bytesPerSecond: 1_000 })
    links.delayMs(0, 1, 1_000_000, 0)
    links.cut(0, 1)
    links.heal()
    expect(links.delayMs(0, 1, 1_000, 0)).toBe(1_000)
  })

  test('whoever listens hears of each change, and no more after he ended that', () => {
    const links = linksOf()
    const heard: string[] = []
    const end = links.onChange((change) => heard.push(change))
    links.partition([[0]])
    links.heal()
    links.set(0, 1, { latencyMs: 1 })
    end()
    links.heal()
    expect(heard).toEqual(['cut', 'healed', 'conditions'])
  })
})

test.each([
  [{ latencyMs: -1 }, 'latencyMs: must be from 0 to 60000 ms, is -1'],
  [{ jitterMs: Number.NaN }, 'jitterMs: must be from 0 to 60000 ms, is NaN'],
  [{ loss: 1 }, 'loss: must be a share of packets, from 0 to less than 1, is 1; to cut a link there is partition()'],
  [{ bytesPerSecond: 0 }, 'bytesPerSecond: must be at least 1, is 0'],
])('refuses the conditions %j', (conditions, message) => {
  expect(() => linksOf(conditions)).toThrow(new RangeError(message))
  expect(() => linksOf().set(0, 1, conditions)).toThrow(new RangeError(message))
  expect(() => linksOf().setAll(conditions)).toThrow(new RangeError(message))
})

test('refuses a node that is none, and one in two groups', () => {
  expect(() => linksOf().isCut(0, -1)).toThrow('node: must be a whole number from 0')
  expect(() => linksOf().partition([[0, 1.5]])).toThrow('node: must be a whole number from 0')
  expect(() => linksOf().partition([[0, 1], [1, 2]])).toThrow('partition: node 1 is in two groups, a node can be in one')
})
