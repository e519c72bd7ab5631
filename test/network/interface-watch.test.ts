import { expect, test } from 'vitest'
import { InterfaceWatch } from '../../src/network/interface-watch.ts'
import type { Interfaces } from '../../src/network/lan-address.ts'
import { createManualClock } from '../support/manual-clock.ts'

const cable = (cidr: string): Interfaces => ({
  eth0: [{ address: cidr.split('/')[0] ?? '', netmask: '', family: 'IPv4', mac: '', internal: false, cidr }],
})

function setUp() {
  const clock = createManualClock(1_000_000)
  const place: { now: Interfaces | undefined; skew: number } = { now: cable('192.168.1.2/24'), skew: 0 }
  const news: string[] = []
  const watch = new InterfaceWatch({
    clock: { ...clock, now: () => clock.now() + place.skew },
    interfaces: () => {
      if (place.now === undefined) throw new Error('too many open files')
      return place.now
    },
    changed: (what) => void news.push(what),
  })
  watch.start()
  return { clock, place, news, watch }
}

test('another address, no network at all, and the first one again are a change each', () => {
  const { clock, place, news } = setUp()
  clock.advance(60_000)
  expect(news).toEqual([])
  for (const next of [cable('10.0.0.2/24'), {}, cable('192.168.1.2/24')]) {
    place.now = next
    clock.advance(3_000)
  }
  expect(news).toEqual(['addresses', 'addresses', 'addresses'])
})

test('a clock that ran on while nothing else did is the end of a sleep', () => {
  const { clock, place, news } = setUp()
  place.skew = 3_600_000
  clock.advance(3_000)
  expect(news).toEqual(['time'])
  clock.advance(60_000)
  expect(news).toEqual(['time'])
})

test('a timer that is late by seconds is not: the machine is busy', () => {
  const { clock, place, news } = setUp()
  place.skew = 8_000
  clock.advance(3_000)
  expect(news).toEqual([])
})

test('a system that cannot tell its interfaces is no change, and is asked again', () => {
  const { clock, place, news } = setUp()
  place.now = undefined
  clock.advance(6_000)
  expect(news).toEqual([])
  place.now = cable('10.0.0.2/24')
  clock.advance(3_000)
  expect(news).toEqual(['addresses'])
})

test('stopped, it looks no more', () => {
  const { clock, watch } = setUp()
  watch.stop()
  expect(clock.pending).toBe(0)
})
