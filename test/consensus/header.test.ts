import { expect, test } from 'vitest'
import { blockHash, checkHeader, checkHeaderContext } from '../../src/consensus/header.ts'
import type { Header } from '../../src/consensus/types.ts'
import { createBlockBuilder } from '../support/blocks.ts'

const blocks = createBlockBuilder({ seed: 9 })
blocks.blocks('a', 'genesis', 2)
const { params } = blocks
const { header } = blocks.get('a2').block
const now = header.timestamp

const sanity = (changes: Partial<Header>, hash = blockHash(header)) => () => checkHeader({ ...header, ...changes }, hash, params)
const context = (changes: Partial<Header>) => () =>
  checkHeaderContext({ ...header, ...changes }, blocks.ancestors('a1'), params, now)

test('what is wrong with a header is said with its numbers', () => {
  const { timestamp } = blocks.get('a1').block.header
  expect(sanity({ version: 2 })).toThrow('block-bad-version: version 2')
  expect(sanity({ bits: 0 })).toThrow('block-malformed-bits: bits 00000000')
  expect(sanity({ bits: 0x2100_ffff })).toThrow('bits 2100ffff are easier than the limit 207fffff')
  expect(sanity({}, new Uint8Array(32).fill(0xff))).toThrow(`hash ${'ff'.repeat(32)} is above the target of bits 207fffff`)
  expect(context({ height: 7 })).toThrow('height 7 on a parent of height 1')
  expect(context({ timestamp })).toThrow(`timestamp ${timestamp} is not after the parent’s ${timestamp}`)
  expect(context({ bits: 0x0100_1234 })).toThrow('bits 01001234 where the difficulty rule gives 207fffff')
  const early = now + params.maxFutureMs + 5
  expect(context({ timestamp: early })).toThrow(`timestamp ${early} is ${params.maxFutureMs + 5} ms ahead of this clock`)
})
