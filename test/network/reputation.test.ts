import type { PeerId } from '@libp2p/interface'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { BAN_MS, MAX_REMEMBERED_FAULTS } from '../../src/network/protocols.ts'
import { Reputation } from '../../src/network/reputation.ts'
import { createManualClock } from '../support/manual-clock.ts'

function setUp() {
  const clock = createManualClock(1_000_000)
  const cut: string[] = []
  return { clock, cut, reputation: new Reputation({ clock, log: pino({ level: 'silent' }), cut: (peer) => cut.push(peer) }) }
}

describe('reputation', () => {
  test('is neutral for whoever did nothing, and what is nobody’s fault changes nothing', () => {
    const { cut, reputation } = setUp()
    const harmless = ['block-too-early', 'block-unknown-parent', 'transaction-known', 'peer-refused'] as const
    for (const code of harmless) reputation.judge('a', code)
    expect([reputation.score('a'), reputation.refusal('a'), cut]).toEqual([0, undefined, []])
  })

  test('a timeout takes ten points, which come back one every ten seconds', () => {
    const { clock, reputation } = setUp()
    reputation.judge('a', 'peer-timeout')
    expect(reputation.score('a')).toBe(-10)
    clock.advance(35_000)
    expect(reputation.score('a')).toBe(-7)
    clock.advance(1_000_000)
    expect(reputation.score('a')).toBe(0)
  })

  test('at −100 a peer is disconnected, and refused until it has recovered a point', () => {
    const { clock, cut, reputation } = setUp()
    for (let count = 0; count < 9; count++) reputation.judge('a', 'peer-timeout')
    expect([reputation.score('a'), reputation.refusal('a'), cut]).toEqual([-90, undefined, []])
    reputation.judge('a', 'peer-timeout')
    expect([reputation.score('a'), reputation.refusal('a'), cut]).toEqual([-100, 'peer-score-low', ['a']])
    expect(reputation.bans()).toEqual([])
    clock.advance(10_000)
    expect(reputation.refusal('a')).toBeUndefined()
  })

  test('an invalid block bans for half an hour', async () => {
    const { clock, cut, reputation } = setUp()
    reputation.judge('a', 'block-bad-pow')
    expect(cut).toEqual(['a'])
    expect(reputation.bans()).toEqual([{ peerId: 'a', code: 'block-bad-pow', until: 1_000_000 + BAN_MS }])
    const gater = reputation.gater()
    const asPeer = (key: string): PeerId => ({ toString: () => key }) as PeerId // only its text is looked at
    expect([await gater.denyDialPeer?.(asPeer('a')), await gater.denyDialPeer?.(asPeer('b'))]).toEqual([true, false])
    clock.advance(BAN_MS - 1)
    expect(reputation.refusal('a')).toBe('block-bad-pow')
    clock.advance(1)
    expect([reputation.refusal('a'), reputation.bans()]).toEqual([undefined, []])
  })

  test('the oldest is forgotten when thousands misbehave', () => {
    const { reputation } = setUp()
    reputation.judge('first', 'peer-timeout')
    for (let peer = 0; peer < MAX_REMEMBERED_FAULTS; peer++) reputation.judge(String(peer), 'peer-timeout')
    expect([reputation.score('first'), reputation.score('1')]).toEqual([0, -10])
  })
})
