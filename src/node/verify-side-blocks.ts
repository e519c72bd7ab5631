/**
 * Checks the blocks of side branches in a data folder, after the best chain: each by all that a node asks of a block
 * before it stores it there.
 *
 * In order, for each in order of arrival: its rows and the hash of its header → its parent is stored, and came before →
 * sanity (proof of work, body, signatures) → context (height, time, difficulty) → the digest of its body. At last: no
 * body without a block.
 *
 * What it would do to accounts is not looked at. A node stores side branches without asking that, as long as they have
 * less work, so one that spends too much is an honest loser and no damage.
 *
 * Fails with `StorageError` `storage-damaged`, which names height and block, and `storage-unavailable` (it is too early).
 *
 * @example
 *   const count = await verifySideBlocks({ snapshot, store, chain, verifier }, () => {})
 */
import type { Chain } from '../chain/chain.ts'
import { systemClock } from '../chain/clock.ts'
import { checkSanity } from '../chain/sanity.ts'
import type { SignatureVerifier } from '../chain/signature-verifier.ts'
import type { Ancestors } from '../consensus/difficulty.ts'
import { RuleError } from '../consensus/errors.ts'
import { checkHeaderContext } from '../consensus/header.ts'
import { fromHex, type Hex, toHex } from '../consensus/hex.ts'
import { OTHER_DIGEST, type ReplayStore } from '../storage/replay-store.ts'
import type { Snapshot, SnapshotBlock } from '../storage/snapshot.ts'

export interface SideBlockComponents {
  snapshot: Snapshot
  store: ReplayStore
  /** Has the snapshot's best chain. */
  chain: Chain
  verifier: SignatureVerifier
}

/**
 * @param onVerified told of each block how many it makes
 * @returns number of blocks
 */
export async function verifySideBlocks(components: SideBlockComponents, onVerified: (count: number) => void): Promise<number> {
  const { snapshot, chain } = components
  const verified = new Map<Hex, Ancestors>()
  for (const stored of snapshot.sideBlocks()) {
    const { height, hash, block: { header } } = stored
    const parentHash = toHex(header.parent)
    const parent = verified.get(parentHash) ?? chain.ancestors(parentHash)
    if (parent === undefined) throw snapshot.damagedAt(height, `its parent ${parentHash} is not stored before it`, { side: hash })
    try {
      await verifySideBlock(components, stored, parent)
    } catch (error) {
      throw error instanceof RuleError ? snapshot.refusedAt(height, error, { side: hash, cause: error }) : error
    }
    const { bits, timestamp } = header
    verified.set(hash, { height, bits, timestamp, parentTimestamp: parent.timestamp })
    onVerified(verified.size)
  }
  snapshot.checkBodies()
  return verified.size
}

async function verifySideBlock(components: SideBlockComponents, { hash, block }: SnapshotBlock, parent: Ancestors): Promise<void> {
  const { snapshot, store, chain, verifier } = components
  const { params, genesis: { hash: genesisHash } } = chain
  const { encodedBody } = await checkSanity(block, fromHex(hash), { params, genesisHash, verifier })
  checkHeaderContext(block.header, parent, params, systemClock.now())
  if (!store.hasDigestOf(hash, encodedBody)) throw snapshot.damagedAt(block.header.height, OTHER_DIGEST, { side: hash })
}
