/**
 * Judges what comes on gossip before gossipsub looks at it.
 *
 *   a packet that is none, or longer than any may be            → peer-bad-frame: banned
 *   a message that is signed, or not of this network's topics   → peer-bad-message: banned
 *   more messages than GOSSIP_QUOTA                             → peer-over-quota: dropped, and 10 points for each packet
 *
 * gossipsub logs packets that it cannot decode and goes on, skips messages of other topics, and counts no messages: a
 * peer could keep a node busy with them for ever.
 *
 * Each packet is decoded once: gossipsub is given what was judged here.
 */
import type { GossipSub } from '@libp2p/gossipsub'
import type { PeerId } from '@libp2p/interface'
import { PeerFault, reason } from './network-error.ts'
import { GOSSIP_QUOTA, MAX_REMEMBERED_FAULTS, type Protocols } from './protocols.ts'
import { TokenBucket } from './quota.ts'
import { setLatest } from './set-latest.ts'
import type { FaultCode } from './verdicts.ts'

export interface GossipGuardOptions {
  protocols: Protocols
  judge: (peerId: string, code: FaultCode, found: string) => void
  /** Clock, ms. */
  now: () => number
}

/** A packet as it comes out of its length prefix. */
interface Packet {
  subarray(): Uint8Array
}

interface Message {
  topic: string
  from?: Uint8Array
  seqno?: Uint8Array
  signature?: Uint8Array
  key?: Uint8Array
}

interface Rpc {
  messages: Message[]
}

/** What gossipsub keeps to itself, as it is in version 17; libp2p.test.ts notices when it is not. */
interface Inner {
  /** Within the limits of `decodeRpcLimits`. */
  decodeRpc(bytes: Uint8Array): Rpc
  pipePeerReadStream(peerId: PeerId, packets: AsyncIterable<Packet>): Promise<void>
}

export function guardGossip(pubsub: GossipSub, { protocols, judge, now }: GossipGuardOptions): void {
  const inner = pubsub as unknown as Inner // its types hide both, and there is no other way to a packet and its sender
  const [read, decode] = [inner.pipePeerReadStream.bind(pubsub), inner.decodeRpc.bind(pubsub)]
  const topics = [protocols.blocks, protocols.transactions]
  /** By peer id: they outlive a stream, and a connection, so that another one does not fill them. */
  const buckets = new Map<string, TokenBucket>()
  /** What was passed on last: gossipsub asks for it next, unless another peer's packet comes in between. */
  let passed: { bytes: Uint8Array; rpc: Rpc } | undefined
  inner.decodeRpc = (bytes) => {
    const rpc = passed?.bytes === bytes ? passed.rpc : decode(bytes)
    passed = undefined
    return rpc
  }
  inner.pipePeerReadStream = (peerId, packets) => {
    const peer = peerId.toString()
    const bucket = buckets.get(peer) ?? new TokenBucket(GOSSIP_QUOTA, now)
    setLatest(buckets, peer, bucket, MAX_REMEMBERED_FAULTS)
    const decoded = (bytes: Uint8Array): Rpc => {
      try {
        return decode(bytes)
      } catch (error) {
        throw new PeerFault('peer-bad-frame', `not a packet of gossip (${reason(error)})`)
      }
    }
    async function* judged(): AsyncIterable<Packet> {
      try {
        for await (const packet of packets) {
          const bytes = packet.subarray()
          const rpc = decoded(bytes)
          for (const message of rpc.messages) check(message, topics)
          if (bucket.take(rpc.messages.length)) {
            passed = { bytes, rpc }
            yield { subarray: () => bytes }
          } else judge(peer, 'peer-over-quota', `more than ${GOSSIP_QUOTA.count} messages in ${GOSSIP_QUOTA.perMs} ms`)
        }
      } catch (error) {
        if (error instanceof PeerFault) judge(peer, error.code, error.message)
        else if (isLengthError(error)) judge(peer, 'peer-bad-frame', `on gossip: ${reason(error)}`)
        throw error
      }
    }
    return read(peerId, judged())
  }
}

function check({ topic, from, seqno, signature, key }: Message, topics: readonly string[]): void {
  if (!topics.includes(topic)) throw new PeerFault('peer-bad-message', 'a message of a topic that is not of this network')
  if (from !== undefined || seqno !== undefined || signature !== undefined || key !== undefined) {
    throw new PeerFault('peer-bad-message', 'a signed message: blocks and transactions carry their own proof')
  }
}

/** Of the length before a packet; a stream that ends or breaks is another matter. */
const isLengthError = (error: unknown): boolean =>
  error instanceof Error && ['InvalidMessageLengthError', 'InvalidDataLengthError', 'InvalidDataLengthLengthError'].includes(error.name)
