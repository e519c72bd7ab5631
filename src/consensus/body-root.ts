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
 */
import { merkleize, sha256 } from './hash.ts'
import { MAX_BODY_TRANSACTIONS } from './types.ts'

/** Root of the list of transaction ids, its length mixed in. */
export function listRoot(ids: readonly Uint8Array[]): Uint8Array {
  const leaves = new Uint8Array(64 * Math.ceil(ids.length / 2))
  ids.forEach((id, at) => leaves.set(id, 32 * at))
  const length = new Uint8Array(32)
  new DataView(length.buffer).setUint32(0, ids.length, true)
  return hashPair(merkleize(leaves, MAX_BODY_TRANSACTIONS), length)
}

/** The body root for one miner. */
export const rootFor = (miner: Uint8Array, list: Uint8Array): Uint8Array => hashPair(miner, list)

function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  const pair = new Uint8Array(64)
  pair.set(left)
  pair.set(right, 32)
  return sha256(pair)
}
