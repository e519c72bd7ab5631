/**
 * What this node asks others: status, headers, bodies, pending transactions, other nodes. Messages: messages.ts.
 *
 * Each request waits until this node's own pace allows it, opens a stream, sends one frame, closes its side and reads
 * frames until the other side closes. Whatever goes wrong is a `PeerFault` for the caller to judge, or the signal's
 * reason; the stream is reset then, so nothing more arrives.
 */
import { setMaxListeners } from 'node:events'
import type { Clock } from '../chain/clock.ts'
import type { Hex } from '../consensus/hex.ts'
import { decodeTransaction, type Transaction } from '../consensus/types.ts'
import { Deadline } from './deadline.ts'
import { endSending, type FrameLimits, FrameReader, sendFrame } from './frames.ts'
import type { CairnLibp2p, CairnStream } from './cairn-libp2p.ts'
import { decodePeers, decodeStatus, encodeHashes, encodeStatus, type KnownPeer, splitHeaders, type Status } from './messages.ts'
import { PeerFault, reason } from './network-error.ts'
import type { Tell } from './network-options.ts'
import type { Peer } from './peers.ts'
import {
  MAX_ANSWER_BYTES, MAX_HEADERS_BYTES, MAX_MEMPOOL_TRANSACTIONS, MAX_PEERS_BYTES, MAX_STATUS_BYTES, MAX_TRANSACTION_FRAME_BYTES,
  OWN_PACE, type Protocols, QUOTAS, REQUEST_TIMEOUT_MS, type RequestKind,
} from './protocols.ts'
import { Quotas, scaleQuotas, type TokenBucket } from './quota.ts'

export interface RequestsComponents {
  libp2p: CairnLibp2p
  protocols: Protocols
  clock: Clock
  /** Largest encoded block, bytes. */
  maxBlockBytes: number
  tell: Tell
}

export interface StatusAnswer {
  status: Status
  /** Round trip, ms. */
  latencyMs: number
  /** Their clock minus ours, ms. */
  clockOffsetMs: number
}

interface Question {
  kind: RequestKind
  payload: Uint8Array
  limits: FrameLimits
  /** Without a frame for this long, the peer is late, ms. */
  timeoutMs: number
  /** Frames that the answer may have. */
  maxFrames: number
  /** Tokens of the quota. */
  cost: number
}

/** Room for the length prefixes of an answer's frames. */
const PREFIXES = 4 * MAX_MEMPOOL_TRANSACTIONS

export class Requests {
  readonly #components: RequestsComponents
  readonly #pace: Quotas

  constructor(components: RequestsComponents) {
    this.#components = components
    this.#pace = new Quotas(scaleQuotas(QUOTAS, { perMs: OWN_PACE }), components.clock.now)
  }

  /** How long this node waits before it may ask a peer, ms. */
  waitMs(peer: Peer, kind: RequestKind): number {
    return this.#pace.of(peer.key, kind).waitMs()
  }

  /** Tells a peer our status and hears its own. */
  async status(peer: Peer, own: Status, signal: AbortSignal): Promise<StatusAnswer> {
    const { clock } = this.#components
    let sent = 0
    let received = 0
    let status: Status | undefined
    await this.#ask(
      peer,
      {
        kind: 'status', payload: encodeStatus(own), cost: 1, maxFrames: 1, timeoutMs: REQUEST_TIMEOUT_MS,
        limits: { maxFrameBytes: MAX_STATUS_BYTES, maxTotalBytes: MAX_STATUS_BYTES + PREFIXES },
      },
      signal,
      (frame) => {
        received = clock.now()
        status = decodeStatus(frame)
      },
      () => (sent = clock.now()),
    )
    if (status === undefined) throw new PeerFault('peer-cut-short', 'no status in the answer')
    // NTP's offset: the peer looked at its clock half a round trip ago.
    return { status, latencyMs: Math.max(0, received - sent), clockOffsetMs: Math.round(status.time - (sent + received) / 2) }
  }

  /** @returns headers of 92 bytes, undecoded and unchecked */
  async headers(peer: Peer, locator: readonly Hex[], signal: AbortSignal): Promise<Uint8Array[]> {
    let headers: Uint8Array[] | undefined
    await this.#ask(
      peer,
      {
        kind: 'headers', payload: encodeHashes(locator), cost: 1, maxFrames: 1, timeoutMs: REQUEST_TIMEOUT_MS,
        limits: { maxFrameBytes: MAX_HEADERS_BYTES, maxTotalBytes: MAX_HEADERS_BYTES + PREFIXES },
      },
      signal,
      (frame) => (headers = splitHeaders(frame)),
    )
    if (headers === undefined) throw new PeerFault('peer-cut-short', 'no headers in the answer')
    return headers
  }

  /**
   * Hands over each body as it comes, encoded and unchecked, in the order of the hashes; the answer may end early.
   * @param timeoutMs without a body for so long, the peer has stalled
   */
  async bodies(
    peer: Peer,
    hashes: readonly Hex[],
    timeoutMs: number,
    signal: AbortSignal,
    take: (body: Uint8Array, index: number) => void,
  ): Promise<void> {
    const { maxBlockBytes } = this.#components
    const bytes = this.#pace.of(peer.key, 'bodyBytes')
    let index = 0
    await this.#paced(bytes, 1, signal)
    await this.#ask(
      peer,
      {
        kind: 'bodies', payload: encodeHashes(hashes), cost: hashes.length, maxFrames: hashes.length, timeoutMs,
        limits: { maxFrameBytes: maxBlockBytes, maxTotalBytes: Math.max(MAX_ANSWER_BYTES, maxBlockBytes) + PREFIXES },
      },
      signal,
      (frame) => {
        bytes.spend(frame.length)
        take(frame, index++)
      },
    )
  }

  /** A peer's pending transactions, decoded and unchecked. Fails with `transaction-bad-encoding` too. */
  async mempool(peer: Peer, signal: AbortSignal, take: (transaction: Transaction) => void | Promise<void>): Promise<void> {
    await this.#ask(
      peer,
      {
        kind: 'mempool', payload: new Uint8Array(), cost: 1, maxFrames: MAX_MEMPOOL_TRANSACTIONS, timeoutMs: REQUEST_TIMEOUT_MS,
        limits: { maxFrameBytes: MAX_TRANSACTION_FRAME_BYTES, maxTotalBytes: MAX_ANSWER_BYTES + PREFIXES },
      },
      signal,
      (frame) => take(decodeTransaction(frame)),
    )
  }

  /** Other nodes that a peer is connected to, as it says. */
  async peers(peer: Peer, signal: AbortSignal): Promise<KnownPeer[]> {
    let known: KnownPeer[] | undefined
    await this.#ask(
      peer,
      {
        kind: 'peers', payload: new Uint8Array(), cost: 1, maxFrames: 1, timeoutMs: REQUEST_TIMEOUT_MS,
        limits: { maxFrameBytes: MAX_PEERS_BYTES, maxTotalBytes: MAX_PEERS_BYTES + PREFIXES },
      },
      signal,
      (frame) => (known = decodePeers(frame)),
    )
    if (known === undefined) throw new PeerFault('peer-cut-short', 'no nodes in the answer')
    return known
  }

  async #ask(
    peer: Peer,
    { kind, payload, limits, timeoutMs, maxFrames, cost }: Question,
    outer: AbortSignal,
    take: (frame: Uint8Array) => unknown,
    sent: () => void = () => {},
  ): Promise<void> {
    const { libp2p, protocols, clock, tell } = this.#components
    await this.#paced(this.#pace.of(peer.key, kind), cost, outer)
    const late = (): Error => new PeerFault('peer-timeout', `no answer to ${kind} for ${timeoutMs} ms`)
    const deadline = new Deadline(clock, timeoutMs, outer, late)
    const { signal } = deadline
    setMaxListeners(0, signal) // libp2p listens to it at every step
    let stream: CairnStream | undefined
    try {
      stream = await open(libp2p, peer, protocols[kind], signal)
      const reader = new FrameReader(stream, limits)
      sent()
      await sendFrame(stream, payload, signal)
      await endSending(stream, signal)
      for (let count = 0; ; count++) {
        const frame = await reader.next(signal)
        if (frame === undefined) return tell('request:ended', { kind, side: 'asked', outcome: 'done' })
        if (count === maxFrames) throw new PeerFault('peer-unasked', `more than ${maxFrames} frames in the answer to ${kind}`)
        deadline.extend()
        await take(frame)
      }
    } catch (error) {
      const cause: unknown = signal.aborted ? signal.reason : error
      stream?.abort(cause instanceof Error ? cause : new Error(reason(cause)))
      tell('request:ended', { kind, side: 'asked', outcome: cause instanceof PeerFault ? cause.code : 'failed' })
      throw cause
    } finally {
      deadline.end()
    }
  }

  /** Waits until this node's own pace allows to ask. */
  async #paced(bucket: TokenBucket, cost: number, signal: AbortSignal): Promise<void> {
    while (!bucket.take(cost)) {
      signal.throwIfAborted()
      await new Promise<void>((resolve) => {
        const done = (): void => {
          cancel()
          signal.removeEventListener('abort', done)
          resolve()
        }
        const cancel = this.#components.clock.after(bucket.waitMs(cost), done)
        signal.addEventListener('abort', done)
      })
    }
    signal.throwIfAborted()
  }
}

async function open(libp2p: CairnLibp2p, peer: Peer, protocol: string, signal: AbortSignal): Promise<CairnStream> {
  const connection = libp2p.getConnections(peer.id).find(({ status }) => status === 'open')
  if (connection === undefined) throw new PeerFault('peer-gone', 'not connected any more')
  try {
    return await connection.newStream(protocol, { signal })
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Error && error.name === 'UnsupportedProtocolError') {
      throw new PeerFault('peer-other-network', 'it speaks none of this network’s protocols')
    }
    throw new PeerFault('peer-gone', `no stream could be opened (${reason(error)})`)
  }
}
