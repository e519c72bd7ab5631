import { describe, expect, test } from 'vitest'
import { EMPTY_VIEW, withSide } from '../../src/web/chain-view.ts'
import { addressForOthers, joinLine } from '../../src/web/join.ts'
import { layoutNetwork } from '../../src/web/network-layout.ts'
import { standingOf } from '../../src/web/standing.ts'
import { hashOf, line, summary } from './summaries.ts'

const LAN = '/ip4/192.168.1.20/tcp/5051/p2p/12D3'
const HERE = '/ip4/127.0.0.1/tcp/5051/p2p/12D3'

describe('the line to join by', () => {
  const joinable = { network: 'class-101', byName: true, networkKey: null, addresses: [HERE, LAN] }

  test('names the network and an address that others reach', () => {
    expect(joinLine(joinable)).toBe(`npx cairn start --network class-101 --peer ${LAN}`)
  })

  test('a network that is more than its name, one with a key, a name with spaces', () => {
    expect(joinLine({ ...joinable, byName: false })).toBe(`npx cairn start --network class-101.json --peer ${LAN}`)
    expect(joinLine({ ...joinable, networkKey: '3f2a77c1' })).toBe(`npx cairn start --network class-101 --network-key FILE --peer ${LAN}`)
    expect(joinLine({ ...joinable, network: "the club's; rm -rf", addresses: [] }))
      .toBe("npx cairn start --network 'the club'\\''s; rm -rf'")
  })

  test('a node that listens on its own machine alone has no address for others', () => {
    expect(addressForOthers([HERE, '/ip6/::1/tcp/5051'])).toBeUndefined()
    expect(addressForOthers([HERE, '/ip6/fe80::1/tcp/5051', LAN])).toBe(LAN)
    expect(addressForOthers([HERE, '/ip6/fd00::1/tcp/5051'])).toBe('/ip6/fd00::1/tcp/5051')
  })
})

test('where a peer’s chain stands', () => {
  const best = line('b', 5).slice(2)
  const view = { best, side: withSide(EMPTY_VIEW.side, [summary('s4', best[1])]) }
  const standing = (name: string, height: number) => standingOf({ height, tip: hashOf(name) }, view)
  expect(standing('b5', 5)).toBe('same')
  expect(standing('b3', 3)).toBe('behind')
  expect(standing('s4', 4)).toBe('other')
  expect(standing('x5', 5)).toBe('other')
  expect(standing('x9', 9)).toBe('ahead')
  expect(standing('b1', 1)).toBe('behind') // below what the page holds
  expect(standingOf({ height: null, tip: null }, view)).toBe('unknown')
  expect(standingOf({ height: 1, tip: hashOf('b1') }, EMPTY_VIEW)).toBe('unknown')
})

test.each([[1, 358], [2, 1000], [7, 358], [12, 1200], [40, 1200]])('%i peers lie apart and within %i px', (count, width) => {
  const { peers, height, centre } = layoutNetwork(count, width)
  expect(peers).toHaveLength(count)
  for (const { x, y } of peers) {
    expect(x).toBeGreaterThan(20)
    expect(x).toBeLessThan(width - 20)
    expect(y).toBeGreaterThan(20)
    expect(y).toBeLessThan(height - 20)
  }
  const all = [...peers, centre]
  const apart = all.flatMap((a, at) => all.slice(at + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y)))
  expect(Math.min(...apart)).toBeGreaterThan(20)
})
