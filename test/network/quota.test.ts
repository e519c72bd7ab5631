import { describe, expect, test } from 'vitest'
import { MAX_REMEMBERED_FAULTS, QUOTAS } from '../../src/network/protocols.ts'
import { Quotas, scaleQuotas, TokenBucket } from '../../src/network/quota.ts'
import { createManualClock } from '../support/manual-clock.ts'

describe('a token bucket', () => {
  test('gives its count at once, and then as many as time brings back', () => {
    const clock = createManualClock(0)
    const bucket = new TokenBucket({ count: 5, perMs: 15_000 }, clock.now)
    expect([1, 2, 3, 4, 5, 6].map(() => bucket.take())).toEqual([true, true, true, true, true, false])
    expect(bucket.waitMs()).toBe(3_000)
    clock.advance(2_999)
    expect(bucket.take()).toBe(false)
    clock.advance(1)
    expect([bucket.take(), bucket.take()]).toEqual([true, false])
    clock.advance(1_000_000)
    expect(bucket.take(5)).toBe(true)
    expect(bucket.take()).toBe(false)
  })

  test('takes several or none', () => {
    const bucket = new TokenBucket({ count: 1_024, perMs: 10_000 }, () => 0)
    expect(bucket.take(1_000)).toBe(true)
    expect(bucket.take(128)).toBe(false)
    expect(bucket.take(24)).toBe(true)
  })

  test('may be left owing, and gives nothing until that has come back', () => {
    const clock = createManualClock(0)
    const bucket = new TokenBucket({ count: 100, perMs: 1_000 }, clock.now)
    bucket.spend(250)
    expect(bucket.waitMs()).toBe(1_510)
    clock.advance(1_509)
    expect(bucket.take()).toBe(false)
    clock.advance(1)
    expect(bucket.take()).toBe(true)
  })

  test('a clock that is set back neither gives nor takes', () => {
    let now = 1_000_000
    const bucket = new TokenBucket({ count: 1, perMs: 1_000 }, () => now)
    expect(bucket.take()).toBe(true)
    now = 0
    expect(bucket.waitMs()).toBe(1_000)
    now = 1_000
    expect(bucket.take()).toBe(true)
  })
})

describe('quotas', () => {
  test('are each peer’s own, and those of TRUST.md', () => {
    expect(QUOTAS).toEqual({
      status: { count: 5, perMs: 15_000 },
      headers: { count: 20, perMs: 10_000 },
      bodies: { count: 16_384, perMs: 10_000 },
      bodyBytes: { count: 134_217_728, perMs: 10_000 },
      mempool: { count: 4, perMs: 120_000 }, // two a minute
      peers: { count: 2, perMs: 60_000 },
      refusals: { count: 8, perMs: 120_000 },
    })
    const quotas = new Quotas(QUOTAS, () => 0)
    expect(quotas.of('a', 'mempool').take(4)).toBe(true)
    expect(quotas.of('a', 'mempool').take()).toBe(false)
    expect(quotas.of('b', 'mempool').take()).toBe(true)
    expect(quotas.of('a', 'status').take()).toBe(true)
  })

  test('are forgotten only under the weight of thousands of other peers', () => {
    const quotas = new Quotas(scaleQuotas(QUOTAS, { count: 0.5 }), () => 0)
    quotas.of('a', 'mempool').take(2)
    for (let peer = 0; peer < MAX_REMEMBERED_FAULTS - 1; peer++) quotas.of(String(peer), 'mempool')
    expect(quotas.of('a', 'mempool').take()).toBe(false)
    for (let peer = 0; peer < MAX_REMEMBERED_FAULTS; peer++) quotas.of(String(peer), 'mempool')
    expect(quotas.of('a', 'mempool').take()).toBe(true)
  })

  test('of one kind are not forgotten under the weight of another', () => {
    const quotas = new Quotas(QUOTAS, () => 0)
    expect(quotas.of('a', 'mempool').take(QUOTAS.mempool.count)).toBe(true)
    for (let peer = 0; peer <= MAX_REMEMBERED_FAULTS; peer++) quotas.of(String(peer), 'status')
    expect(quotas.of('a', 'mempool').take()).toBe(false)
  })
})
