import { describe, expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { ParamsError } from '../../src/consensus/errors.ts'
import { networkParams, type NetworkParamsJson, parseParams } from '../../src/consensus/params.ts'
import { BodyType, MAX_BODY_TRANSACTIONS, MAX_U64, MIN_TRANSACTION_BYTES } from '../../src/consensus/types.ts'

const alice = new Uint8Array(32).fill(1)
const account = toAddress(alice)

/** Parses `name: 'club'` with these fields, which may be of any shape. */
const parse = (fields: object) => parseParams({ name: 'club', ...fields })

describe('a plain name', () => {
  test('gives the defaults under that name', () => {
    expect(networkParams('class-101')).toEqual({
      name: 'class-101',
      targetBlockTimeMs: 10_000,
      initialBits: 0x1e10_0000,
      limitBits: 0x1f01_0000,
      halfLifeBlocks: 12,
      maxFutureMs: 60_000,
      maxBlockBytes: 1_048_576,
      subsidy: 50,
      halvingInterval: 210_000,
      genesisTimestamp: Date.UTC(2025, 0, 1),
      allocations: [],
    })
  })

  test('`local` is as easy as can be for ever', () => {
    const { name, initialBits, limitBits, halfLifeBlocks, ...rest } = networkParams('local')
    const { name: _, initialBits: _i, limitBits: _l, halfLifeBlocks: _h, ...defaults } = networkParams('lan')
    expect([name, initialBits, limitBits, halfLifeBlocks]).toEqual(['local', 0x207f_ffff, 0x207f_ffff, 0])
    expect(rest).toEqual(defaults)
  })

  const names = ['a', '7', 'Class-101', 'a.b_c-d', 'x'.repeat(32), 'constructor', 'toString']
  test.each(names)('%s is one, and means nothing more', (name) => {
    expect(networkParams(name)).toEqual({ ...networkParams('lan'), name })
  })

  const badNames = ['', ' ', 'x'.repeat(33), '.hidden', '-x', '_x', '__proto__', 'a b', 'a/b', '../a', 'a\\b']
  test.each([...badNames, 'ä', 'a\u0301', 'a\n', '\u0000'])('%j is none', (name) => {
    expect(() => networkParams(name)).toThrow(ParamsError)
    expect(() => networkParams(name)).toThrow(/^name: must be 1 to 32 letters/)
  })
})

describe('a file', () => {
  test('says what differs from the defaults; accounts are addresses', () => {
    const json: NetworkParamsJson = { name: 'club', subsidy: 100, allocations: [{ account, amount: 500 }] }
    expect(parseParams(json)).toEqual({ ...networkParams('club'), subsidy: 100, allocations: [{ account: alice, amount: 500 }] })
  })

  test.each([null, undefined, 1, 'lan', [], true])('%j is no file', (json) => {
    expect(() => parseParams(json)).toThrow(/^network parameters are a JSON object/)
  })

  test('without a name, or with one that is no text', () => {
    for (const name of [undefined, null, 5, ['a']]) expect(() => parse({ name })).toThrow(/^name: /)
  })

  test('an unknown field is refused by its name, with those that there are', () => {
    const known = Object.keys(networkParams('lan')).join(', ')
    expect(() => parse({ blockTime: 5 })).toThrow(`blockTime: no such parameter; there are ${known}`)
    expect(() => parse(JSON.parse('{ "__proto__": 1 }') as object)).toThrow(/^__proto__: no such parameter/)
  })

  test('the error has a code', () => {
    expect(new ParamsError('x')).toMatchObject({ name: 'ParamsError', code: 'network-bad-parameters' })
  })
})

describe('every number', () => {
  const bounds: Record<string, [least: number, most: number]> = {
    targetBlockTimeMs: [1, 86_400_000],
    initialBits: [1, 0xffff_ffff],
    limitBits: [1, 0xffff_ffff],
    halfLifeBlocks: [0, 1_000_000],
    maxFutureMs: [0, 86_400_000],
    maxBlockBytes: [548, 10_485_760],
    subsidy: [0, MAX_U64],
    halvingInterval: [1, 0xffff_ffff],
    genesisTimestamp: [0, MAX_U64],
  }

  test('has its bounds here', () => {
    const { name: _, allocations: __, ...numbers } = networkParams('lan')
    expect(Object.keys(bounds).sort()).toEqual(Object.keys(numbers).sort())
  })

  test.each(Object.entries(bounds))('%s is a whole number from %j', (field, [least, most]) => {
    const noNumbers = ['5', '', null, undefined, true, [5], {}, 5n]
    for (const value of [least - 1, most + 1, 0.5, Number.NaN, Infinity, -Infinity, ...noNumbers]) {
      expect(() => parse({ [field]: value }), String(value)).toThrow(`${field}: must be a whole number from ${least} to ${most}`)
    }
  })

  test.each([
    { targetBlockTimeMs: 1 },
    { targetBlockTimeMs: 86_400_000 },
    { halfLifeBlocks: 1_000_000 },
    { maxFutureMs: 0 },
    { maxFutureMs: 86_400_000 },
    { maxBlockBytes: 548 },
    { maxBlockBytes: 10_485_760 },
    { subsidy: 0, halvingInterval: 0xffff_ffff },
    { genesisTimestamp: 0 },
    { genesisTimestamp: MAX_U64 },
    { initialBits: 0x0101_0000, limitBits: 0x2100_ffff },
  ])('%j is at its bound and good', (fields) => {
    expect(parse(fields)).toMatchObject(fields)
  })

  test('the largest block cannot hold more transactions than a body may list', () => {
    const shortest = 4 + MIN_TRANSACTION_BYTES
    expect(Math.floor((10_485_760 - 92 - 4 - BodyType.minSize) / shortest)).toBeLessThanOrEqual(MAX_BODY_TRANSACTIONS)
  })
})

describe('targets', () => {
  test.each([0x2080_0001, 0x1d00_0000, 0xff12_3456, 0x2100_7fff, 0x0112_3456])('bits %i are none', (bits) => {
    expect(() => parse({ limitBits: bits })).toThrow(/^limitBits: not a canonical compact target/)
    expect(() => parse({ initialBits: bits })).toThrow(/^initialBits: not a canonical compact target/)
  })

  test('the first is not easier than the limit', () => {
    expect(parse({ initialBits: 0x1f01_0000 }).initialBits).toBe(0x1f01_0000)
    expect(() => parse({ initialBits: 0x1f01_0001 })).toThrow(/^initialBits: easier than limitBits/)
  })
})

describe('allocations', () => {
  test.each([null, undefined, {}, 'cairn1', 5])('%j is no list', (allocations) => {
    expect(() => parse({ allocations })).toThrow(/^allocations: must be a list/)
  })

  test.each([null, 5, 'cairn1', {}, { account: 5, amount: 1 }, { amount: 1 }])('%j has no account', (allocation) => {
    expect(() => parse({ allocations: [allocation] })).toThrow(/^allocations\[0\]\.account: must be an account/)
  })

  test('a mistyped account is named by its place', () => {
    const allocations = [{ account, amount: 1 }, { account: `${account.slice(0, -1)}q`, amount: 1 }]
    expect(() => parse({ allocations })).toThrow(/^allocations\[1\]\.account: "cairn1.*checksum/)
  })

  test.each([0, -1, 0.5, MAX_U64 + 1, '5', undefined, null])('an amount of %j is refused', (amount) => {
    const why = /^allocations\[0\]\.amount: must be a whole number from 1 to/
    expect(() => parse({ allocations: [{ account, amount }] })).toThrow(why)
  })

  test('at most 65 536', () => {
    const list = (length: number) => ({ allocations: Array.from({ length }, () => ({ account, amount: 1 })) })
    expect(parse(list(65_536)).allocations).toHaveLength(65_536)
    expect(() => parse(list(65_537))).toThrow(/^allocations: at most 65536/)
  })
})

describe('supply: everything that could ever be issued fits in 2^53 − 1', () => {
  const tooMuch = /^subsidy, halvingInterval, allocations: together they would issue more than 2\^53 − 1/

  test('halving for ever counts as twice the first interval', () => {
    expect(parse({ subsidy: 2 ** 51, halvingInterval: 1, allocations: [{ account, amount: 2 ** 52 - 1 }] }).subsidy).toBe(2 ** 51)
    expect(() => parse({ subsidy: 2 ** 51, halvingInterval: 1, allocations: [{ account, amount: 2 ** 52 }] })).toThrow(tooMuch)
    expect(() => parse({ subsidy: 2 ** 52, halvingInterval: 1 })).toThrow(tooMuch)
    expect(() => parse({ subsidy: MAX_U64, halvingInterval: 0xffff_ffff })).toThrow(tooMuch)
  })

  test('allocations alone may be all of it, and their sum is what counts', () => {
    expect(parse({ subsidy: 0, allocations: [{ account, amount: MAX_U64 }] }).allocations).toHaveLength(1)
    expect(() => parse({ subsidy: 0, allocations: [{ account, amount: MAX_U64 }, { account, amount: 1 }] })).toThrow(tooMuch)
  })
})
