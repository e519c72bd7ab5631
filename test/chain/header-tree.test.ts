import { expect, test } from 'vitest'
import { pathBetween } from '../../src/chain/fork-choice.ts'
import { ancestorsOf, HeaderTree, type TreeNode } from '../../src/chain/header-tree.ts'
import { sha256 } from '../../src/consensus/hash.ts'
import { type Hex, toHex } from '../../src/consensus/hex.ts'
import { fromCompact, workOf } from '../../src/consensus/target.ts'
import type { Header } from '../../src/consensus/types.ts'

const BITS = 0x1f01_0000
const WORK = workOf(fromCompact(BITS).target)

const header = (height: number, bits = BITS): Header => ({
  version: 1,
  height,
  parent: new Uint8Array(32),
  bodyRoot: new Uint8Array(32),
  timestamp: 1_000 * height,
  bits,
  nonce: 0,
})

const namesByHash = new Map<Hex, string>()
const hashOf = (name: string): Hex => {
  const hash = toHex(sha256(new TextEncoder().encode(name)))
  namesByHash.set(hash, name)
  return hash
}
const nameOf = (node: Pick<TreeNode, 'hash'> | undefined): string | undefined => node && namesByHash.get(node.hash)

/** A tree of g and the blocks given as `name: parent`. */
function treeOf(parents: Record<string, string>): { tree: HeaderTree; at: (name: string) => TreeNode } {
  const tree = new HeaderTree(hashOf('g'), header(0))
  const at = (name: string): TreeNode => tree.get(hashOf(name)) as TreeNode // named by the test itself
  for (const [name, parent] of Object.entries(parents)) {
    tree.insert(tree.nodeOn(at(parent), hashOf(name), header(at(parent).height + 1)))
  }
  return { tree, at }
}
const names = (nodes: Iterable<TreeNode>): (string | undefined)[] => [...nodes].map(nameOf).sort()

test('work adds up, block by block, each by its own bits', () => {
  const { tree, at } = treeOf({ a: 'g', b: 'a' })
  const hard = tree.nodeOn(at('b'), hashOf('hard'), header(3, 0x1e10_0000))
  expect(at('b').work).toBe(3n * WORK)
  expect(hard.work).toBe(3n * WORK + workOf(fromCompact(0x1e10_0000).target))
  expect(tree.nodeOn(at('b'), hashOf('easy'), header(3)).work).toBe(4n * WORK)
})

test('the best chain follows a path and is known by height', () => {
  //   g ─ a ─┬─ b ─ c
  //          └─ x
  const { tree, at } = treeOf({ a: 'g', b: 'a', c: 'b', x: 'a' })
  tree.follow(pathBetween(tree.tip, at('c')))
  expect([0, 1, 2, 3, 4].map((height) => nameOf(tree.at(height)))).toEqual(['g', 'a', 'b', 'c', undefined])
  expect([tree.isBest(at('a')), tree.isBest(at('x'))]).toEqual([true, false])
  tree.follow(pathBetween(tree.tip, at('x')))
  expect([nameOf(tree.tip), nameOf(tree.at(2)), tree.at(3)]).toEqual(['x', 'x', undefined])
})

test('leaves are the tips of all branches', () => {
  const { tree, at } = treeOf({ a: 'g', b: 'a', c: 'b', x: 'a', y: 'g' })
  expect(names(tree.leaves())).toEqual(['c', 'x', 'y'])
  tree.remove(at('c'))
  expect(names(tree.leaves())).toEqual(['b', 'x', 'y'])
  tree.remove(at('b'))
  expect(names(tree.leaves())).toEqual(['x', 'y']) // a still has x
  expect(tree.size).toBe(4)
})

test('a branch is all that follows a block, children first', () => {
  //   g ─┬─ a ─┬─ b ─ c
  //      │     └─ x ─┬─ y
  //      │           └─ z
  //      └─ other
  const { tree, at } = treeOf({ a: 'g', b: 'a', c: 'b', x: 'a', y: 'x', z: 'x', other: 'g' })
  const branch = tree.branchFrom(at('x')).map(nameOf)
  expect([...branch].sort()).toEqual(['x', 'y', 'z'])
  expect(branch.at(-1)).toBe('x')
  expect(names(tree.branchFrom(at('a')))).toEqual(['a', 'b', 'c', 'x', 'y', 'z'])
  expect(names(tree.branchFrom(at('c')))).toEqual(['c'])
})

test('only the end of a side branch can be removed, and no block comes twice', () => {
  const { tree, at } = treeOf({ a: 'g', b: 'a' })
  tree.follow(pathBetween(tree.tip, at('b')))
  expect(() => tree.remove(at('b'))).toThrow('assertion')
  expect(() => tree.remove(at('a'))).toThrow('assertion')
  expect(() => tree.remove(at('g'))).toThrow('assertion')
  expect(() => tree.insert(tree.nodeOn(at('a'), hashOf('b'), header(2)))).toThrow('assertion')
  const [x, y] = ['x', 'y'].map((name) => tree.nodeOn(at('b'), hashOf(name), header(3))) as [TreeNode, TreeNode]
  tree.insert(x)
  expect(() => tree.insert(y)).toThrow('assertion') // it was made for the place that x has taken
})

test('a removed block is found no more, and may come again later than it was', () => {
  const { tree, at } = treeOf({ a: 'g', b: 'a', x: 'a' })
  const x = at('x')
  tree.remove(x)
  expect([tree.get(hashOf('x')), tree.size]).toEqual([undefined, 3])
  expect(() => tree.remove(x)).toThrow('assertion')
  tree.insert(tree.nodeOn(at('b'), hashOf('x'), header(3)))
  expect(at('x')).toMatchObject({ height: 3, order: x.order + 1, work: 4n * WORK })
  expect([tree.size, ...names(tree.leaves())]).toEqual([4, 'x'])
})

test('what is no hash is not in the tree', () => {
  const { tree } = treeOf({ a: 'g' })
  const hash = hashOf('a')
  for (const other of ['', 'a', hash.toUpperCase(), hash.slice(1), `${hash}0`, `${hash.slice(0, -1)}x`, 'g'.repeat(64)]) {
    expect(tree.get(other)).toBeUndefined()
  }
})

test('in a long chain every block is what went in', () => {
  const length = 10_000
  const tree = new HeaderTree(hashOf('0'), header(0))
  for (let height = 1; height <= length; height++) {
    tree.insert(tree.nodeOn(tree.get(hashOf(String(height - 1)))!, hashOf(String(height)), header(height)))
  }
  tree.follow(pathBetween(tree.tip, tree.get(hashOf(String(length)))!))
  for (let height = 0; height <= length; height++) {
    const node = tree.at(height)
    expect([nameOf(node), node?.height, node?.bits, node?.timestamp, node?.work, nameOf(node?.parent)]).toEqual([
      String(height), height, BITS, 1_000 * height, BigInt(height + 1) * WORK, height === 0 ? undefined : String(height - 1),
    ])
  }
})

test('a locator begins dense, thins out, ends with genesis, and stays below 64 hashes', () => {
  const tree = new HeaderTree(hashOf('0'), header(0))
  for (let height = 1; height <= 100_000; height++) {
    const next = tree.nodeOn(tree.tip, hashOf(String(height)), header(height))
    tree.insert(next)
    tree.follow(pathBetween(tree.tip, next))
  }
  const heights = tree.locator().map((hash) => Number(nameOf({ hash })))
  expect(heights.slice(0, 11)).toEqual([100_000, 99_999, 99_998, 99_997, 99_996, 99_995, 99_994, 99_993, 99_992, 99_991, 99_989])
  expect(heights.at(-1)).toBe(0)
  expect(heights.length).toBeLessThan(64)
  expect(new Set(heights).size).toBe(heights.length)
})

test('the locator of a chain that is only genesis is genesis', () => {
  expect(new HeaderTree(hashOf('g'), header(0)).locator()).toEqual([hashOf('g')])
})

test('difficulty is told a block’s height, bits and time, and its parent’s time', () => {
  const { at } = treeOf({ a: 'g', b: 'a' })
  expect(ancestorsOf(at('b'))).toEqual({ height: 2, bits: BITS, timestamp: 2_000, parentTimestamp: 1_000 })
  expect(ancestorsOf(at('g')).height).toBe(0)
})
