import { describe, expect, test } from 'vitest'
import { fromHex } from '../../src/consensus/hex.ts'
import { fromCompact, hashToNumber, targetOf, toCompact, workOf } from '../../src/consensus/target.ts'

describe('compact bits', () => {
  // Bitcoin Core's src/test/arith_uint256_tests.cpp, bignum_SetCompact; the two of ff and a mantissa of 0 are added.
  test.each([
    [0x0000_0000, 0x0n, 0],
    [0x0012_3456, 0x0n, 0],
    [0x0100_3456, 0x0n, 0],
    [0x0200_0056, 0x0n, 0],
    [0x0300_0000, 0x0n, 0],
    [0x0400_0000, 0x0n, 0],
    [0x0092_3456, 0x0n, 0],
    [0x0180_3456, 0x0n, 0],
    [0x0280_0056, 0x0n, 0],
    [0x0380_0000, 0x0n, 0],
    [0x0480_0000, 0x0n, 0],
    [0xff00_0000, 0x0n, 0],
    [0xff80_0000, 0x0n, 0],
    [0x0112_3456, 0x12n, 0x0112_0000],
    [0x0212_3456, 0x1234n, 0x0212_3400],
    [0x0312_3456, 0x12_3456n, 0x0312_3456],
    [0x0412_3456, 0x1234_5600n, 0x0412_3456],
    [0x0500_9234, 0x9234_0000n, 0x0500_9234],
    [0x2012_3456, 0x1234_56n << 232n, 0x2012_3456],
  ])('%i is %i and comes back as %i', (bits, target, back) => {
    expect(fromCompact(bits)).toEqual({ target, negative: false, overflow: false })
    expect(toCompact(target)).toBe(back)
    expect(targetOf(bits)).toBe(bits === back && target !== 0n ? target : undefined)
  })

  test('0x80 takes a second byte, because its top bit would be the sign', () => {
    expect(toCompact(0x80n)).toBe(0x0200_8000)
    expect(fromCompact(0x0200_8000).target).toBe(0x80n)
  })

  test.each([0x01fe_dcba, 0x0492_3456])('%i is negative and no target', (bits) => {
    expect(fromCompact(bits).negative).toBe(true)
    expect(targetOf(bits)).toBeUndefined()
  })

  test.each([0xff12_3456, 0x2300_0001, 0x2200_0100, 0x2101_0000])('%i overflows and is no target', (bits) => {
    expect(fromCompact(bits).overflow).toBe(true)
    expect(targetOf(bits)).toBeUndefined()
  })

  test.each([0x2200_00ff, 0x2100_ffff, 0x20ff_ffff & ~0x80_0000])('%i is the last before an overflow of its kind', (bits) => {
    expect(fromCompact(bits).overflow).toBe(false)
  })

  test.each([0x0400_1234, 0x2100_7fff, 0x1f00_0100])('%i has a shorter form, so it is no target', (bits) => {
    expect(toCompact(fromCompact(bits).target)).not.toBe(bits)
    expect(targetOf(bits)).toBeUndefined()
  })
})

describe('work', () => {
  test('is 2^256 / (target + 1), rounded down', () => {
    expect(workOf((1n << 255n) - 1n)).toBe(2n)
    expect(workOf(1n << 255n)).toBe(1n)
    expect(workOf((1n << 256n) - 1n)).toBe(1n)
    expect(workOf(1n)).toBe(1n << 255n)
    // Bitcoin's first block: 0x1d00ffff is 4 295 032 833 hashes.
    expect(workOf(fromCompact(0x1d00_ffff).target)).toBe(4_295_032_833n)
  })

  test('the defaults are the hashes that their comments say', () => {
    expect(workOf(fromCompact(0x1e10_0000).target)).toBe((1n << 20n) - 1n)
    expect(workOf(fromCompact(0x1f01_0000).target)).toBe((1n << 16n) - 1n)
    expect(workOf(fromCompact(0x207f_ffff).target)).toBe(2n)
  })
})

test('a hash is read as a big-endian number, wherever in a buffer it lies', () => {
  const hex = '00000000000000000102030405060708090a0b0c0d0e0f10f0e0d0c0b0a09080'
  expect(hashToNumber(fromHex(hex))).toBe(BigInt(`0x${hex}`))
  const buffer = new Uint8Array(40)
  buffer.set(fromHex(hex), 5)
  expect(hashToNumber(buffer.subarray(5, 37))).toBe(BigInt(`0x${hex}`))
})
