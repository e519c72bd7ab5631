/**
 * The messages of the five request protocols, byte by byte. All numbers little-endian; hashes as they are computed, not
 * reversed. Each message is one frame (frames.ts), encoded as SSZ; bytes that encoding the decoded message would not
 * give again are refused.
 *
 *   status     request and answer alike, 144 to 176 bytes:
 *                 0  32  genesis hash
 *                32  32  tip: hash of the best block
 *                64   4  height of the tip
 *                68  32  work of the chain up to the tip, u256
 *               100   8  the sender's clock, ms since the Unix epoch, ≤ 2^53 − 1
 *               108  32  account that the sender's mining pays, so that others can put its name beside its blocks
 *               140   4  144: offset of what follows
 *               144   n  node name, n ≤ 32 bytes of UTF-8 without control characters
 *   headers    request: locator, 1 to 64 block hashes of 32 bytes, one after another, from the tip backwards
 *              answer:  0 to 2 000 headers of 92 bytes, one after another: those of the sender's best chain that follow
 *                       the first hash of the locator which is on it, or genesis
 *   bodies     request: 1 to 128 block hashes of 32 bytes, one after another
 *              answer:  a frame with an SSZ Body for each, in that order. It ends early before a body that the sender
 *                       does not have, and before it would exceed 2 MiB (but the first one is sent)
 *   mempool    request: nothing (an empty frame)
 *              answer:  a frame with an SSZ Transaction for each, highest fee first, 8 192 at most, 2 MiB at most
 *
 *   peers      request: nothing (an empty frame)
 *              answer:  a frame with an SSZ List of at most 32 containers, the nodes that the sender is connected to:
 *                       peerId     ByteList[64], its multihash
 *                       addresses  List[ByteList[64], 4], binary multiaddrs of where it listens, without the peer id
 *                       (each list of variable elements: their offsets of 4 bytes, from its own beginning, then they)
 *
 * Whoever asks closes its side of the stream after the request, whoever answers closes after the answer.
 * Fails with `PeerFault` `peer-bad-message`, and where blocks and transactions are decoded with `RuleError`.
 */
import { ByteListType, ByteVectorType, ContainerType, ListCompositeType, UintBigintType, UintNumberType } from '@chainsafe/ssz'
import { peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { base58 } from '@scure/base'
import { equalBytes, fromHex, type Hex, toHex } from '../consensus/hex.ts'
import { encodeHeader, type Header, HEADER_BYTES, MAX_U64 } from '../consensus/types.ts'
import { CONTROL } from './agent.ts'
import { PeerFault, reason } from './network-error.ts'
import { MAX_ADDRESS_BYTES, MAX_HEADERS, MAX_NAME_BYTES, MAX_PEER_ID_BYTES, MAX_TOLD, MAX_TOLD_ADDRESSES } from './protocols.ts'

/** What a node says of itself. */
export interface Status {
  genesis: Hex
  tip: Hex
  height: number
  /** Expected hashes of its whole chain. */
  work: bigint
  /** Its clock, ms since the Unix epoch. */
  time: number
  /** Whom its mining pays, 32 bytes: a claim that nobody checks. */
  account: Uint8Array
  /** At most 32 bytes. */
  name: string
}

/** A node and where it listens. */
export interface KnownPeer {
  peerId: string
  /** Without the peer id. */
  addresses: Multiaddr[]
}

const StatusType = new ContainerType({
  genesis: new ByteVectorType(32),
  tip: new ByteVectorType(32),
  height: new UintNumberType(4),
  work: new UintBigintType(32),
  time: new UintNumberType(8),
  account: new ByteVectorType(32),
  name: new ByteListType(MAX_NAME_BYTES),
})

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Where a status that was decoded is encoded again, to be compared: no longer than a status may be. */
const again = new Uint8Array(StatusType.maxSize)
const againOut = { uint8Array: again, dataView: new DataView(again.buffer) }

export function encodeStatus(status: Status): Uint8Array {
  return StatusType.serialize({
    ...status,
    genesis: fromHex(status.genesis),
    tip: fromHex(status.tip),
    name: new TextEncoder().encode(status.name),
  })
}

export function decodeStatus(bytes: Uint8Array): Status {
  let status: Status
  try {
    const value = StatusType.deserialize(bytes)
    const length = StatusType.value_serializeToBytes(againOut, 0, value)
    if (!equalBytes(again.subarray(0, length), bytes)) throw new Error('encoding it again gives other bytes')
    status = { ...value, genesis: toHex(value.genesis), tip: toHex(value.tip), name: utf8.decode(value.name) }
  } catch (error) {
    throw new PeerFault('peer-bad-message', `not a status (${reason(error)})`)
  }
  if (status.time > MAX_U64) throw new PeerFault('peer-bad-message', `a clock of ${status.time} is above 2^53 − 1`)
  if (CONTROL.test(status.name)) throw new PeerFault('peer-bad-message', 'a name with control characters')
  return status
}

/** Hashes one after another: a locator, or what bodies are asked for. */
export function encodeHashes(hashes: readonly Hex[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * 32)
  hashes.forEach((hash, at) => bytes.set(fromHex(hash), at * 32))
  return bytes
}

/** @param most how many the protocol allows */
export function decodeHashes(bytes: Uint8Array, most: number): Hex[] {
  if (bytes.length === 0 || bytes.length % 32 !== 0 || bytes.length > most * 32) {
    throw new PeerFault('peer-bad-message', `${bytes.length} bytes are not 1 to ${most} hashes`)
  }
  return Array.from({ length: bytes.length / 32 }, (_, at) => toHex(bytes.subarray(at * 32, at * 32 + 32)))
}

export function encodeHeaders(headers: readonly Header[]): Uint8Array {
  const bytes = new Uint8Array(headers.length * HEADER_BYTES)
  headers.forEach((header, at) => bytes.set(encodeHeader(header), at * HEADER_BYTES))
  return bytes
}

/**
 * Splits an answer into headers of 92 bytes, undecoded: a long branch is held like this while it is checked.
 * Decode each with `decodeHeader`.
 */
export function splitHeaders(bytes: Uint8Array): Uint8Array[] {
  if (bytes.length % HEADER_BYTES !== 0 || bytes.length > MAX_HEADERS * HEADER_BYTES) {
    throw new PeerFault('peer-bad-message', `${bytes.length} bytes are not 0 to ${MAX_HEADERS} headers`)
  }
  const count = bytes.length / HEADER_BYTES
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * HEADER_BYTES, (at + 1) * HEADER_BYTES))
}

const PeersType = new ListCompositeType(
  new ContainerType({
    peerId: new ByteListType(MAX_PEER_ID_BYTES),
    addresses: new ListCompositeType(new ByteListType(MAX_ADDRESS_BYTES), MAX_TOLD_ADDRESSES),
  }),
  MAX_TOLD,
)

/** A peer id as text is the base58 of its multihash (libp2p specs, peer-ids). */
export function encodePeers(known: readonly KnownPeer[]): Uint8Array {
  return PeersType.serialize(known.map(({ peerId, addresses }) => ({
    peerId: base58.decode(peerId),
    addresses: addresses.map(({ bytes }) => bytes),
  })))
}

export function decodePeers(bytes: Uint8Array): KnownPeer[] {
  try {
    const value = PeersType.deserialize(bytes)
    if (!equalBytes(PeersType.serialize(value), bytes)) throw new Error('encoding it again gives other bytes')
    return value.map(({ peerId, addresses }) => ({
      peerId: peerIdFromString(base58.encode(peerId)).toString(),
      addresses: addresses.map((address) => multiaddr(address)),
    }))
  } catch (error) {
    throw new PeerFault('peer-bad-message', `not a list of nodes (${reason(error)})`)
  }
}
