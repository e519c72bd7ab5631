/** Chapter 1: what a header alone, or with the headers before it, can have wrong; and what stays right at the edge. */
import { bodyRoot } from '../../../src/consensus/block.ts'
import { blockHash, checkHeader, checkHeaderContext } from '../../../src/consensus/header.ts'
import { fromHex } from '../../../src/consensus/hex.ts'
import { fromCompact, hashToNumber } from '../../../src/consensus/target.ts'
import { type Block, type Header, MAX_U64 } from '../../../src/consensus/types.ts'
import { CLOCK_AT_MS, type Story } from './story.ts'

const MAX_U32 = 0xffff_ffff

/** Changes the header before it is mined. */
const header = (changes: Partial<Header>) => ({ mutate: (block: Block) => void Object.assign(block.header, changes) })

/** The largest nonce there is, under the first timestamp that it is work for. */
function mineWithLastNonce({ header }: Block): void {
  const { target } = fromCompact(header.bits)
  header.nonce = MAX_U64
  while (hashToNumber(blockHash(header)) > target) header.timestamp += 1
}

export function headers(story: Story): void {
  const { blocks } = story
  story.block('a1', 'genesis', 'connected')
  story.offer('a1', 'known')
  story.block('a2', 'a1', 'connected')

  for (const version of [0, 2, MAX_U32]) story.block(`version-${version}`, 'a2', 'block-bad-version', header({ version }))

  // Not mined: no hash meets a target that there is not. The loose one stands for a target that can be met.
  const malformed = { negative: 0x2080_0001, zero: 0, 'zero-mantissa': 0x2000_0000, overflow: 0xff12_3456, point: 0x0112_3456 }
  for (const [name, bits] of Object.entries(malformed)) {
    story.block(`bits-${name}`, 'a2', 'block-malformed-bits', { ...header({ bits }), mined: false })
  }
  story.block('bits-loose', 'a2', 'block-malformed-bits', header({ bits: 0x2100_0fff }))

  story.block('limit-next', 'a2', 'block-target-above-limit', header({ bits: 0x2010_0000 }))
  story.block('limit-local', 'a2', 'block-target-above-limit', header({ bits: 0x207f_ffff }))
  story.block('limit-easiest', 'a2', 'block-target-above-limit', header({ bits: 0x2100_ffff }))

  story.block('pow-missed', 'a2', 'block-bad-pow', { mined: false })
  // Nothing was done for it, so nothing is remembered of it either: it is an orphan's parent like any other.
  story.block('pow-missed-child', 'pow-missed', 'block-unknown-parent')

  for (const height of [0, 2, 4, MAX_U32]) story.block(`height-${height}`, 'a2', 'block-bad-height', header({ height }))
  story.block('height-child', 'height-4', 'block-invalid-parent', header({ height: 5 }))
  story.block('height-grandchild', 'height-child', 'block-invalid-parent', header({ height: 6 }))
  story.offer('height-4', 'block-bad-height')

  const { timestamp } = blocks.get('a2').block.header
  const { params } = blocks
  story.block('time-same', 'a2', 'block-time-too-old', { timestamp })
  story.block('time-before', 'a2', 'block-time-too-old', { timestamp: timestamp - 1 })
  story.block('time-genesis', 'a2', 'block-time-too-old', { timestamp: params.genesisTimestamp })
  story.block('time-zero', 'a2', 'block-time-too-old', { timestamp: 0 })

  story.block('bits-harder', 'a2', 'block-bad-bits', header({ bits: 0x200f_fffe }))
  story.block('bits-double-work', 'a2', 'block-bad-bits', header({ bits: 0x2007_ffff }))

  // One millisecond is enough. It makes the next block harder, so the bits from before are now too easy.
  story.block('a3', 'a2', 'connected', { timestamp: timestamp + 1 })
  const { bits } = blocks.get('a3').block.header
  story.block('bits-of-parent', 'a3', 'block-bad-bits', header({ bits }))
  story.block('a4', 'a3', 'connected', { mutate: mineWithLastNonce })
  story.variant('a4-nonce-beyond', 'a4', 'block-bad-encoding', ({ header }) => void (header.nonce = MAX_U64 + 1))
  story.variant('a4-nonce-below', 'a4', 'block-bad-encoding', ({ header }) => void (header.nonce = -1))

  story.block('root-zero', 'a4', 'block-bad-body-root', header({ bodyRoot: new Uint8Array(32) }))
  // A body is never held against a header, so this child lacks a parent; it is not the child of an invalid one.
  story.block('root-zero-child', 'root-zero', 'block-unknown-parent')
  story.block('root-of-other', 'a4', 'block-bad-body-root', {
    mutate: ({ header }) => void (header.bodyRoot = bodyRoot({ miner: blocks.account('alice'), transactions: [] })),
  })

  // Layer after layer, the cheapest fault is the one that is named.
  const allWrong = { version: 3, height: 9, timestamp: 0, bodyRoot: new Uint8Array(32) }
  story.block('all-wrong', 'a4', 'block-bad-version', header(allWrong))
  story.block('height-and-time', 'a4', 'block-bad-height', header({ height: 9, timestamp: 0 }))
  story.block('time-and-bits', 'a4', 'block-time-too-old', header({ timestamp: 0, bits: 0x200f_fffe }))

  story.bytes('a4-cut', 'a4', (bytes) => bytes.subarray(0, -1))
  story.bytes('a4-longer', 'a4', (bytes) => new Uint8Array([...bytes, 0]))
  story.bytes('a4-empty', 'a4', () => new Uint8Array())
  story.bytes('a4-offset', 'a4', (bytes) => bytes.with(92, bytes[92]! + 1))
  story.bytes('a4-time-beyond', 'a4', (bytes) => bytes.with(4 + 4 + 32 + 32 + 7, 0x80))
  bareHeaders(story)
  story.checkpoint()
}

/** Headers without blocks, as a sync checks them. No block can be mined to a hash that one names. */
function bareHeaders({ blocks, check }: Story): void {
  const { params } = blocks
  const { header } = blocks.get('a4').block
  const { target } = fromCompact(header.bits)
  const hashOf = (number: bigint) => fromHex(number.toString(16).padStart(64, '0'))
  check('header-hash-equal', 'valid', () => checkHeader(header, hashOf(target), params))
  check('header-hash-above', 'block-bad-pow', () => checkHeader(header, hashOf(target + 1n), params))
  check('header-hash-zero', 'valid', () => checkHeader(header, hashOf(0n), params))
  const misfit = (change: Partial<Header>) => () => checkHeader({ ...header, ...change }, hashOf(0n), params)
  check('header-height-beyond', 'block-bad-encoding', misfit({ height: MAX_U32 + 1 }))
  check('header-time-half', 'block-bad-encoding', misfit({ timestamp: 0.5 }))
  check('header-root-short', 'block-bad-encoding', misfit({ bodyRoot: new Uint8Array(31) }))
  const now = params.genesisTimestamp + CLOCK_AT_MS
  const inTime = (timestamp: number) => () => checkHeaderContext({ ...header, timestamp }, blocks.ancestors('a3'), params, now)
  check('header-time-most', 'valid', inTime(now + params.maxFutureMs))
  check('header-time-early', 'block-too-early', inTime(now + params.maxFutureMs + 1))
}
