import { describe, expect, test } from 'vitest'
import { nextWord, Random } from '../../src/swarm/random.ts'

const drawn = (random: Random, count = 8): number[] => Array.from({ length: count }, () => random.next())

describe('seeded randomness', () => {
  test('a seed gives the same numbers each time, and another seed others', () => {
    expect(drawn(new Random(7))).toEqual(drawn(new Random('7')))
    expect(drawn(new Random(7))).not.toEqual(drawn(new Random(8)))
  })

  test('its numbers are those that they were: a run of an older version can be had again', () => {
    const random = new Random('cairn')
    expect([random.next(), random.whole(1_000), [...random.bytes(4)]]).toEqual([0.7133123076726693, 600, [19, 3, 135, 231]])
  })

  test('the generator is xoshiro128**: the words that its authors\' code gives for the state 1, 2, 3, 4', () => {
    const state = Uint32Array.of(1, 2, 3, 4)
    expect(Array.from({ length: 4 }, () => nextWord(state))).toEqual([11_520, 0, 5_927_040, 70_819_200])
  })

  test('a fork is a stream of its own, whatever was drawn before', () => {
    const [fresh, used] = [new Random(7), new Random(7)]
    drawn(used, 100)
    expect(drawn(used.fork('links'))).toEqual(drawn(fresh.fork('links')))
    expect(drawn(fresh.fork('links'))).not.toEqual(drawn(fresh.fork('mining')))
    expect(drawn(new Random(7).fork('links'))).not.toEqual(drawn(new Random(7)))
  })

  test('numbers are spread evenly over their range', () => {
    const random = new Random('even')
    const counts = Array.from({ length: 10 }, () => 0)
    for (let draw = 0; draw < 100_000; draw++) counts[random.whole(10)]! += 1
    // Chi squared of nine degrees of freedom: above 27.9 once in a thousand seeds, and this seed is always the same.
    expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9)
  })

  test('exponential variables have their mean, and as many above it as they should', () => {
    const random = new Random('exponential')
    const values = Array.from({ length: 50_000 }, () => random.exponential(2_000))
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(2_000, -2)
    expect(values.filter((value) => value > 2_000).length / values.length).toBeCloseTo(Math.exp(-1), 2)
  })

  test('a shuffled list has the same members, the list stays, and every order comes up', () => {
    const random = new Random('orders')
    const list = [1, 2, 3] as const
    const orders = new Set(Array.from({ length: 200 }, () => random.shuffled(list).join('')))
    expect([...orders].sort()).toEqual(['123', '132', '213', '231', '312', '321'])
    expect(list).toEqual([1, 2, 3])
  })

  test('there is nothing to pick of an empty list, and no whole number below 0', () => {
    expect(() => new Random(7).pick([])).toThrow(RangeError)
    for (const below of [0, -1, 1.5, Number.NaN]) expect(() => new Random(7).whole(below)).toThrow('below: must be a whole number from 1')
  })
})
