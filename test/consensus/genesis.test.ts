import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { genesisOf } from '../../src/consensus/genesis.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { connectGenesis } from '../../src/consensus/ledger.ts'
import { networkParams, type NetworkParams } from '../../src/consensus/params.ts'
import { encodeHeader } from '../../src/consensus/types.ts'
import { bytesChunks, listRoot, merkleize, numberChunk } from '../support/merkle.ts'

const alice = new Uint8Array(32).fill(1)
const bob = new Uint8Array(32).fill(2)

// A network is its genesis hash. Changing any of these forks every network of that name, so it must never happen by
// accident: a change of a default, of a field's type or place, of the encoding or of the hash shows up here.
test.each([
  [
    'lan',
    'dee6fe771ceaf5f0c3a139f5f82c2adfff0dd7d2d26042f453e546de3e6cdbce',
    '6c24230419f598d8cf73543db0c0eecea1c359ba6abb9099caf7f198e320f6b8',
  ],
  [
    'local',
    '65c3c0b5ed0167157e011831dcd773eefe0694c9d7bb982dabee81f73020d966',
    '89e7050189c3d12ef38e0a2cbe917c63254e7e269d41e28a2d333fb862972d75',
  ],
  [
    'class-101',
    '74a5a50a99e7db47d421fe0afe199d226f9e61ef5be967b69b26464f65638a77',
    'f08c5eeea9f9efc5af6a35a4a1df9d6a202a8f87a36a25dc811bea5d3b98b1d0',
  ],
])('frozen, changing this forks every network: genesis of %s', (name, hash, bodyRoot) => {
  const genesis = genesisOf(networkParams(name))
  expect(toHex(genesis.block.header.bodyRoot)).toBe(bodyRoot)
  expect(toHex(genesis.hash)).toBe(hash)
  expect(genesis.id).toBe(hash.slice(0, 8))
})

test('the header holds what the parameters say, and its hash is the SHA-256 of its 92 bytes', () => {
  const params = { ...networkParams('club'), genesisTimestamp: 5, initialBits: 0x1d00_ffff }
  const { block, hash } = genesisOf(params)
  expect(block.header).toEqual({
    version: 1,
    height: 0,
    parent: new Uint8Array(32),
    bodyRoot: rootByHand(params),
    timestamp: 5,
    bits: 0x1d00_ffff,
    nonce: 0,
  })
  expect(toHex(hash)).toBe(createHash('sha256').update(encodeHeader(block.header)).digest('hex'))
  expect(block.body).toEqual({ miner: new Uint8Array(32), transactions: [] })
})

/** The hash tree root of the parameters: eleven fields, so a tree of sixteen leaves. */
function rootByHand(params: NetworkParams): Uint8Array {
  const name = new TextEncoder().encode(params.name)
  const allocations = params.allocations.map(({ account, amount }) => merkleize([account, numberChunk(amount)], 1))
  return merkleize(
    [
      listRoot(bytesChunks(name), 0, name.length),
      numberChunk(params.targetBlockTimeMs),
      numberChunk(params.initialBits),
      numberChunk(params.limitBits),
      numberChunk(params.halfLifeBlocks),
      numberChunk(params.maxFutureMs),
      numberChunk(params.maxBlockBytes),
      numberChunk(params.subsidy),
      numberChunk(params.halvingInterval),
      numberChunk(params.genesisTimestamp),
      listRoot(allocations, 16, allocations.length),
    ],
    4,
  )
}

describe('the root of the parameters, computed by hand', () => {
  test.each([
    networkParams('lan'),
    networkParams('a'),
    networkParams('x'.repeat(32)),
    { ...networkParams('club'), allocations: [{ account: alice, amount: 1 }] },
    {
      ...networkParams('club'),
      allocations: [{ account: alice, amount: 2 ** 52 }, { account: bob, amount: 7 }, { account: alice, amount: 1 }],
    },
  ])('of $name with $allocations.length allocations', (params) => {
    expect(toHex(genesisOf(params).block.header.bodyRoot)).toBe(toHex(rootByHand(params)))
  })
})

describe('two networks that differ in one parameter have different genesis hashes', () => {
  const base = { ...networkParams('club'), allocations: [{ account: alice, amount: 10 }, { account: bob, amount: 20 }] }
  const others: { [field in keyof NetworkParams]: NetworkParams[field][] } = {
    name: ['Club', 'club2', 'clu'],
    targetBlockTimeMs: [9_999],
    initialBits: [0x1e10_0001],
    limitBits: [0x1f01_0001],
    halfLifeBlocks: [0, 21],
    maxFutureMs: [60_001],
    maxBlockBytes: [1_048_577],
    subsidy: [49],
    halvingInterval: [210_001],
    genesisTimestamp: [base.genesisTimestamp + 1],
    allocations: [
      [],
      base.allocations.slice(0, 1),
      base.allocations.toReversed(),
      [...base.allocations, { account: alice, amount: 1 }],
      [{ account: alice, amount: 11 }, base.allocations[1]!],
      [{ account: bob, amount: 10 }, base.allocations[1]!],
    ],
  }
  test.each(Object.keys(base) as (keyof NetworkParams)[])('%s', (field) => {
    const hashes = [base[field], ...others[field]].map((value) => toHex(genesisOf({ ...base, [field]: value }).hash))
    expect(new Set(hashes).size).toBe(1 + others[field].length)
    expect(others[field].length).toBeGreaterThan(0)
  })
})

test('genesis credits the allocations, those of one account together', () => {
  const allocations = [{ account: alice, amount: 10 }, { account: bob, amount: 20 }, { account: alice, amount: 5 }]
  expect(connectGenesis({ allocations })).toEqual([
    { account: alice, before: { balance: 0, nonce: 0 }, after: { balance: 15, nonce: 0 } },
    { account: bob, before: { balance: 0, nonce: 0 }, after: { balance: 20, nonce: 0 } },
  ])
  expect(connectGenesis({ allocations: [] })).toEqual([])
})
