/**
 * Block 0: fixed by the network's parameters alone. No proof of work is asked of it; its hash is the network's
 * identity, is signed into every transaction and names every protocol.
 */
import { toHex, type Hex } from './hex.ts'
import { blockHash } from './header.ts'
import type { NetworkParams } from './params.ts'
import { type Block, NetworkParamsType } from './types.ts'

export interface Genesis {
  /** Header as PROTOCOL.md part 2 says; the body is empty and not what `bodyRoot` commits to. */
  block: Block
  /** 32 bytes. */
  hash: Uint8Array
  /** First 8 hex digits of the hash: the short name in protocols, topics and mDNS. */
  id: Hex
}

/** The genesis block of a network: height 0, parent zero, `bodyRoot` = root of the parameters, nonce 0. */
export function genesisOf(params: NetworkParams): Genesis {
  const bodyRoot = NetworkParamsType.hashTreeRoot({ ...params, name: new TextEncoder().encode(params.name) })
  const header = {
    version: 1,
    height: 0,
    parent: new Uint8Array(32),
    bodyRoot,
    timestamp: params.genesisTimestamp,
    bits: params.initialBits,
    nonce: 0,
  }
  const hash = blockHash(header)
  return { block: { header, body: { miner: new Uint8Array(32), transactions: [] } }, hash, id: toHex(hash).slice(0, 8) }
}
