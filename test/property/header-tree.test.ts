/**
 * What must hold for the tree of headers after any row of insertions, removals and moves of the best chain: it says the
 * same as a plain list of blocks that are looked through one by one.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pathBetween } from '../../src/chain/fork-choice.ts'
import { HeaderTree, type TreeNode } from '../../src/chain/header-tree.ts'
import { sha256 } from '../../src/consensus/hash.ts'
import { type Hex, toHex } from '../../src/consensus/hex.ts'
import { fromCompact, workOf } from '../../src/consensus/target.ts'
import type { Header } from '../../src/consensus/types.ts'
import { holds } from '../support/holds.ts'

/** A block as the list has it. */
interface Listed {
  hash: Hex
  parent: Listed | undefined
  height: number
  bits: number
  timestamp: number
  work: bigint
}

/** Numbers choose among what is there, in order of arrival. */
type Step =
  | { kind: 'insert'; on: number; hash: Hex; bits: number; timestamp: number }
  | { kind: 'follow'; to: number }
  | { kind: 'remove'; leaf: number }

const BITS = [0x207f_ffff, 0x1f01_0000, 0x1d00_ffff, 0x1300_ffff]
/** Few, and many of them with the same end, so that blocks share a place in the table, and come again when removed. */
const hash = fc.tuple(fc.nat(60), fc.constantFrom('00000000', '00000001', '12345678', 'ffffffff')).map(
  ([name, end]) => toHex(sha256(Uint8Array.of(name))).slice(0, -8) + end,
)
const insert = fc.record({
  kind: fc.constant('insert' as const), on: fc.nat(), hash, bits: fc.constantFrom(...BITS), timestamp: fc.maxSafeNat(),
})
const follow = fc.record({ kind: fc.constant('follow' as const), to: fc.nat() })
const remove = fc.record({ kind: fc.constant('remove' as const), leaf: fc.nat() })
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof({ weight: 5, arbitrary: insert }, { weight: 1, arbitrary: follow }, { weight: 2, arbitrary: remove }),
  { maxLength: 80 },
)

const headerOf = ({ height, bits, timestamp }: Pick<Listed, 'height' | 'bits' | 'timestamp'>): Header => ({
  version: 1, height, parent: new Uint8Array(32), bodyRoot: new Uint8Array(32), timestamp, bits, nonce: 0,
})
const workOfBits = (bits: number): bigint => workOf(fromCompact(bits).target)

/** A block and all before it, genesis first. */
const chainTo = (block: Listed): Listed[] => [...(block.parent === undefined ? [] : chainTo(block.parent)), block]

test('the tree says what a plain list says', () => {
  holds(steps, (row) => {
    const genesis: Listed = {
      hash: 'ab'.repeat(32), parent: undefined, height: 0, bits: BITS[0]!, timestamp: 5, work: workOfBits(BITS[0]!),
    }
    let list = [genesis]
    let tip = genesis
    const tree = new HeaderTree(genesis.hash, headerOf(genesis))
    const nodeOf = (block: Listed): TreeNode => tree.get(block.hash)!
    for (const step of row) {
      if (step.kind === 'insert') {
        const parent = list[step.on % list.length]!
        const { hash, bits, timestamp } = step
        const block = { hash, parent, height: parent.height + 1, bits, timestamp, work: parent.work + workOfBits(bits) }
        const node = tree.nodeOn(nodeOf(parent), hash, headerOf(block))
        if (list.some((other) => other.hash === hash)) {
          expect(() => tree.insert(node)).toThrow('assertion')
        } else {
          tree.insert(node)
          list.push(block)
        }
      } else if (step.kind === 'follow') {
        tip = list[step.to % list.length]!
        tree.follow(pathBetween(tree.tip, nodeOf(tip)))
      } else {
        const block = list[step.leaf % list.length]!
        const isInside = list.some(({ parent }) => parent === block)
        if (isInside || chainTo(tip).includes(block)) {
          expect(() => tree.remove(nodeOf(block))).toThrow('assertion')
        } else {
          tree.remove(nodeOf(block))
          list = list.filter((other) => other !== block)
          expect(tree.get(block.hash)).toBeUndefined()
        }
      }
    }
    compare(tree, list, tip)
  })
})

function compare(tree: HeaderTree, list: Listed[], tip: Listed): void {
  const best = chainTo(tip)
  const hashes = (blocks: Iterable<{ hash: Hex }>): Hex[] => [...blocks].map((block) => block.hash).sort()
  expect([tree.size, tree.tip.hash]).toEqual([list.length, tip.hash])
  expect(best.map((_, height) => tree.at(height)?.hash)).toEqual(best.map(({ hash }) => hash))
  expect(tree.at(best.length)).toBeUndefined()
  expect(hashes(tree.leaves())).toEqual(hashes(list.filter((block) => !list.some(({ parent }) => parent === block))))
  let order = -1
  for (const { hash, parent, height, bits, timestamp, work, ...block } of list.map((block) => ({ ...block, block }))) {
    const node = tree.get(hash)!
    expect([node.height, node.bits, node.timestamp, node.work, node.parent?.hash]).toEqual([
      height, bits, timestamp, work, parent?.hash,
    ])
    expect(tree.isBest(node)).toBe(best.includes(block.block))
    expect(node.order).toBeGreaterThan(order)
    order = node.order
    const branch = tree.branchFrom(node)
    expect(hashes(branch)).toEqual(hashes(list.filter((other) => chainTo(other).includes(block.block))))
    expect(branch.map((one) => one.height)).toEqual(branch.map((one) => one.height).sort((a, b) => b - a))
  }
}
