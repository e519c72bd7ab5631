import { expect, test } from 'vitest'
import { blockBytes, bodyRoot, checkBlock } from '../../src/consensus/block.ts'
import { type Ancestors, nextBits } from '../../src/consensus/difficulty.ts'
import { blockHash } from '../../src/consensus/header.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { fromCompact } from '../../src/consensus/target.ts'
import { EMPTY_BLOCK_BYTES, MIN_TRANSACTION_BYTES } from '../../src/consensus/types.ts'
import { template } from '../../src/mining/template.ts'
import { createBlockBuilder, mine } from '../support/blocks.ts'
import { createChain } from './chain.ts'

const MINER = new Uint8Array(32).fill(1)

test('an empty chain’s first block is complete but for the nonce', () => {
  const { components, params, now, blocks } = createChain()
  const { block, target } = template(components, MINER)
  expect(block).toEqual({
    header: {
      version: 1,
      height: 1,
      parent: blockHash(blocks[0]!.header),
      bodyRoot: bodyRoot({ miner: MINER, transactions: [] }),
      timestamp: now,
      bits: params.initialBits,
      nonce: 0,
    },
    body: { miner: MINER, transactions: [] },
  })
  expect(target).toBe(fromCompact(params.initialBits).target)
})

test('the timestamp is now, but later than the parent’s and not before what is asked', () => {
  const chain = createChain()
  const parent = chain.blocks[0]!.header.timestamp
  const timestampAt = (now: number, notBefore?: number): number => {
    chain.now = now
    return template(chain.components, MINER, notBefore).block.header.timestamp
  }
  expect(timestampAt(parent + 500)).toBe(parent + 500)
  expect(timestampAt(parent)).toBe(parent + 1)
  expect(timestampAt(parent - 500)).toBe(parent + 1)
  expect(timestampAt(parent + 500, parent + 501)).toBe(parent + 501)
  expect(timestampAt(parent + 500, parent + 499)).toBe(parent + 500)
})

test('the bits are what the difficulty rule asks', () => {
  const { components, params } = createChain({ initialBits: 0x1f01_0000, limitBits: 0x1f01_0000, halfLifeBlocks: 20 })
  const ancestors: Ancestors = { height: 7, bits: 0x1e10_0000, timestamp: 2_000, parentTimestamp: 1_000 }
  const { block } = template({ ...components, tip: () => ({ hash: toHex(new Uint8Array(32)), ancestors }) }, MINER)
  expect(block.header.bits).toBe(nextBits(ancestors, params))
  expect(block.header.bits).not.toBe(0x1e10_0000)
})

test('transactions fill the block to its last byte and no further', () => {
  const room = 3
  const maxBlockBytes = EMPTY_BLOCK_BYTES + room * (4 + MIN_TRANSACTION_BYTES)
  const builder = createBlockBuilder({ funds: { alice: 100 } })
  const pending = [0, 1, 2, 3, 4].map((nonce) => builder.pay({ from: 'alice', to: 'bob', amount: 1, nonce }))
  const { components, params } = createChain({ maxBlockBytes })
  const rooms: number[] = []
  const select = (maxBytes: number) => {
    rooms.push(maxBytes)
    return pending.slice(0, Math.floor(maxBytes / (4 + MIN_TRANSACTION_BYTES)))
  }
  const { block } = template({ ...components, select }, MINER)
  expect(block.body.transactions).toEqual(pending.slice(0, room))
  expect(rooms).toEqual([maxBlockBytes - EMPTY_BLOCK_BYTES])
  expect(blockBytes(block)).toBe(maxBlockBytes)
  mine(block.header)
  expect(() => checkBlock(block, blockHash(block.header), params)).not.toThrow()
})
