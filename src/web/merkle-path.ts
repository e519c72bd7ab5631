/**
 * The way from a transaction's id up to the body root in its block's header, worked out here from the proof that the
 * node gives (PROTOCOL.md, parts 1 and 8): so that it can be drawn, and so that nobody must take the node's word for it.
 *
 *   id ─ 16 levels of the tree of ids ─ how many they are ─ who mined ─ body root
 *
 * A level above the last one that has two real nodes pairs the way with zeros alone; those are many in a small block and
 * are drawn as one step.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { Proof } from '../http/api.ts'

/** Levels of the tree of ids: a block has at most 65 536. */
const TREE_LEVELS = 16

export interface PathStep {
  /** What the way meets: another id or the hash of some, nothing but zeros, the number of ids, the miner. */
  kind: 'tree' | 'zeros' | 'count' | 'miner'
  /** Hash of what is beside the way. */
  beside: string
  /** On which side of the way that is. */
  side: 'left' | 'right'
  /** Hash of both together: where the way goes on. */
  node: string
}

export interface MerklePath {
  steps: PathStep[]
  /** Where it ends. */
  root: string
  /** Whether the bytes of the transaction have the id, the way leads to the header's root, and the header has the hash. */
  holds: { id: boolean; root: boolean; hash: boolean }
}

/** @param proof as the node gave it: 18 hashes in its branch */
export function merklePath({ transaction, header, hash, position, branch }: Proof): MerklePath {
  const steps: PathStep[] = []
  let node = transaction.id
  let zeros = '0'.repeat(64)
  for (const [level, beside] of branch.entries()) {
    // In the tree the position's digits say whether the way is a right node; then it is left of the number, right of the miner.
    const isRight = level < TREE_LEVELS ? ((position >>> level) & 1) === 1 : level > TREE_LEVELS
    node = isRight ? hashOf(beside + node) : hashOf(node + beside)
    const kind = level > TREE_LEVELS ? 'miner' : level === TREE_LEVELS ? 'count' : beside === zeros ? 'zeros' : 'tree'
    steps.push({ kind, beside, side: isRight ? 'left' : 'right', node })
    zeros = hashOf(zeros + zeros)
  }
  return {
    steps,
    root: node,
    holds: {
      id: hashOf(transaction.ssz) === transaction.id,
      root: node === header.bodyRoot && header.ssz.slice(2 * 40, 2 * 72) === node,
      hash: hashOf(header.ssz) === hash,
    },
  }
}

/** SHA-256 of bytes, both as hex. */
const hashOf = (hex: string): string => bytesToHex(sha256(hexToBytes(hex)))
