/**
 * The root that a header commits to, in two steps: what is the same whoever mines the block, and who mines it.
 *
 *   bodyRoot ─┬─ miner
 *             └─ listRoot ─┬─ Merkle root of the ids, 16 levels (65 536 leaves, zeros to the right of the last id)
 *                          └─ how many they are
 *
 * This is the SSZ hash tree root of `BodyCommitmentType` and a test holds it to that. It is written out because a list
 * of thousands of ids is hashed in place here, where the library copies each one twice, and because a node that makes
 * templates for several miners hashes the list once.
 *
 * That an id is in the list is proven by its branch: the 18 hashes beside the way from the leaf up to `bodyRoot`, which
 * are 16 of the tree, how many ids there are, and the miner. Only whoever has all ids can make one; whoever has the
 * header can check it.
 */
import { merkleize, sha256 } from './hash.ts'
import { equalBytes } from './hex.ts'
import { MAX_BODY_TRANSACTIONS } from './types.ts'

/** Root of the list of transaction ids, its length mixed in. */
export function listRoot(ids: readonly Uint8Array[]): Uint8Array {
  const leaves = new Uint8Array(64 * Math.ceil(ids.length / 2))
  for (let at = 0; at < ids.length; at++) leaves.set(ids[at] as Uint8Array, 32 * at) // at < length
  return hashPair(merkleize(leaves, MAX_BODY_TRANSACTIONS), lengthLeaf(ids.length))
}

/** The body root for one miner. */
export const rootFor = (miner: Uint8Array, list: Uint8Array): Uint8Array => hashPair(miner, list)

/** Hashes of a branch: one a level of the list's tree, the list's length, the miner. */
export const BRANCH_LENGTH = 18
/** Of them, those of the tree. */
const TREE_LEVELS = 16

/** The branch of one id, from its neighbour upwards: 18 hashes of 32 bytes. */
export function branchTo(position: number, ids: readonly Uint8Array[], miner: Uint8Array): Uint8Array[] {
  const branch: Uint8Array[] = []
  let level = ids
  let zero: Uint8Array = new Uint8Array(32)
  for (let at = position, height = 0; height < TREE_LEVELS; height++, at >>>= 1) {
    branch.push(level[at ^ 1] ?? zero)
    const below = level
    const beyond = zero
    level = Array.from({ length: Math.ceil(below.length / 2) }, (_, pair) =>
      hashPair(below[2 * pair] as Uint8Array, below[2 * pair + 1] ?? beyond)) // there are so many pairs
    zero = hashPair(zero, zero)
  }
  return [...branch, lengthLeaf(ids.length), miner]
}

/**
 * The body root that a branch leads to, from an id at a position.
 * @param branch 18 hashes of 32 bytes
 */
export function rootOfBranch(id: Uint8Array, position: number, branch: readonly Uint8Array[]): Uint8Array {
  // Whether a node of the way is a right one, from the leaf upwards: the position's digits, then left of the length, then
  // right of the miner.
  const turns = position + 2 ** (BRANCH_LENGTH - 1)
  return branch.reduce((node, beside, level) => ((turns >>> level) & 1 ? hashPair(beside, node) : hashPair(node, beside)), id)
}

/** How many ids a branch says there are; undefined where no list has so many. */
export function countInBranch(branch: readonly Uint8Array[]): number | undefined {
  const leaf = branch[TREE_LEVELS] as Uint8Array // a branch has 18
  const count = new DataView(leaf.buffer, leaf.byteOffset, 32).getUint32(0, true)
  return count <= MAX_BODY_TRANSACTIONS && equalBytes(leaf, lengthLeaf(count)) ? count : undefined
}

function lengthLeaf(length: number): Uint8Array {
  const leaf = new Uint8Array(32)
  new DataView(leaf.buffer).setUint32(0, length, true)
  return leaf
}

function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  const pair = new Uint8Array(64)
  pair.set(left)
  pair.set(right, 32)
  return sha256(pair)
}
