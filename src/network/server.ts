/**
 * What this node answers: status, headers, bodies, pending transactions, other nodes. Messages: messages.ts.
 *
 * One request a stream. In order: read the one frame of the request (its length checked before it is kept), take it
 * from the peer's quota and from everybody's, answer, close. What breaks the protocol is judged and the stream reset;
 * over everybody's quota it is only reset, which is nobody's fault: the peer asks another node. Over its own it is reset,
 * too, and judged once that happens often.
 */
import { setMaxListeners } from 'node:events'
import type { Logger } from 'pino'
import type { Chain } from '../chain/chain.ts'
import { type Clock, turn } from '../chain/clock.ts'
import { encodeTransaction } from '../consensus/types.ts'
import type { Mempool } from '../mempool/pool.ts'
import { Deadline } from './deadline.ts'
import { endSending, FrameReader, sendFrame } from './frames.ts'
import type { CairnConnection, CairnLibp2p, CairnStream } from './cairn-libp2p.ts'
import { decodeHashes, decodeStatus, encodeHeaders, encodePeers, encodeStatus, type KnownPeer, type Status } from './messages.ts'
import { PeerFault, reason } from './network-error.ts'
import type { Tell } from './network-options.ts'
import {
  MAX_ANSWER_BYTES, MAX_BODIES, MAX_HEADERS, MAX_INBOUND_STREAMS, MAX_LOCATOR_HASHES, MAX_MEMPOOL_TRANSACTIONS, MAX_STATUS_BYTES,
  type Protocols, QUOTAS, type RequestKind, SERVE_TIMEOUT_MS, TOTAL_QUOTA_FACTOR,
} from './protocols.ts'
import { Quotas, scaleQuotas } from './quota.ts'

export interface ServerComponents {
  libp2p: CairnLibp2p
  protocols: Protocols
  chain: Pick<Chain, 'headersAfter' | 'encodedBody'>
  mempool: Pick<Mempool, 'list'>
  clock: Clock
  log: Logger
  /** This node's status now. */
  status: () => Status
  /** A peer told its status, and has been told ours. */
  told: (peerId: string, theirs: Status, ours: Status) => void
  /** Nodes that a peer is told of. */
  known: (peerId: string) => KnownPeer[]
  /** A peer did something wrong. */
  judge: (peerId: string, fault: PeerFault) => void
  tell: Tell
}

/** What a kind of request may be at most, and how it is answered: frames one by one. */
interface Service {
  maxRequestBytes: number
  /** Tokens of the quota. */
  cost: (request: Uint8Array) => number
  answer: (request: Uint8Array, peerId: string) => Iterable<Uint8Array>
}

const EVERYBODY = 'everybody'
/** Frames after which others get a turn. */
const FRAMES_A_TURN = 64

export class Server {
  readonly #components: ServerComponents
  readonly #services: Readonly<Record<RequestKind, Service>>
  readonly #quotas: Quotas
  readonly #total: Quotas
  readonly #stopping = new AbortController()

  constructor(components: ServerComponents) {
    this.#components = components
    this.#quotas = new Quotas(QUOTAS, components.clock.now)
    this.#total = new Quotas(scaleQuotas(QUOTAS, { count: TOTAL_QUOTA_FACTOR }), components.clock.now)
    setMaxListeners(0, this.#stopping.signal)
    const one = (): number => 1
    const hashesIn = (request: Uint8Array): number => Math.ceil(request.length / 32)
    this.#services = {
      status: { maxRequestBytes: MAX_STATUS_BYTES, cost: one, answer: (request, peerId) => this.#status(request, peerId) },
      headers: { maxRequestBytes: MAX_LOCATOR_HASHES * 32, cost: one, answer: (request) => this.#headers(request) },
      bodies: { maxRequestBytes: MAX_BODIES * 32, cost: hashesIn, answer: (request, peerId) => this.#bodies(request, peerId) },
      mempool: { maxRequestBytes: 0, cost: one, answer: () => this.#mempool() },
      peers: { maxRequestBytes: 0, cost: one, answer: (_, peerId) => [encodePeers(components.known(peerId))].values() },
    }
  }

  async start(): Promise<void> {
    const { libp2p, protocols } = this.#components
    for (const [kind, service] of Object.entries(this.#services) as [RequestKind, Service][]) {
      // (Object.entries forgets that the keys are the kinds.)
      await libp2p.handle(protocols[kind], (stream, connection) => this.#serve(kind, service, stream, connection), {
        maxInboundStreams: MAX_INBOUND_STREAMS,
        maxOutboundStreams: 2 * MAX_INBOUND_STREAMS,
      })
    }
  }

  /** Resets whatever is being answered. */
  stop(): void {
    this.#stopping.abort(new PeerFault('peer-gone', 'this node stops'))
  }

  async #serve(kind: RequestKind, service: Service, stream: CairnStream, connection: CairnConnection): Promise<void> {
    const { clock, judge, log, tell } = this.#components
    const peerId = connection.remotePeer.toString()
    const reader = new FrameReader(stream, { maxFrameBytes: service.maxRequestBytes, maxTotalBytes: service.maxRequestBytes + 4 })
    const late = (): Error => new PeerFault('peer-timeout', `a ${kind} request took it more than ${SERVE_TIMEOUT_MS} ms`)
    const deadline = new Deadline(clock, SERVE_TIMEOUT_MS, this.#stopping.signal, late)
    setMaxListeners(0, deadline.signal)
    try {
      const request = await reader.next(deadline.signal)
      if (request === undefined) throw new PeerFault('peer-cut-short', `a ${kind} stream without a request`)
      const cost = service.cost(request)
      const tooMany = this.#tooMany(peerId, kind, cost)
      if (tooMany !== undefined) {
        log.debug({ peer: peerId, kind, reason: tooMany }, 'refused a request')
        stream.abort(new Error(tooMany))
        return tell('request:ended', { kind, side: 'answered', outcome: 'peer-refused' })
      }
      let count = 0
      for (const frame of service.answer(request, peerId)) {
        await sendFrame(stream, frame, deadline.signal)
        if (++count % FRAMES_A_TURN === 0) await turn(clock)
      }
      await endSending(stream, deadline.signal)
      tell('request:ended', { kind, side: 'answered', outcome: 'done' })
    } catch (error) {
      const cause: unknown = deadline.signal.aborted ? deadline.signal.reason : error
      stream.abort(cause instanceof Error ? cause : new Error(reason(cause)))
      tell('request:ended', { kind, side: 'answered', outcome: cause instanceof PeerFault ? cause.code : 'failed' })
      if (cause instanceof PeerFault) judge(peerId, cause)
      else log.warn({ err: cause, peer: peerId, kind }, 'failed to answer a request')
    } finally {
      deadline.end()
    }
  }

  /**
   * Takes a request from the quotas.
   * @returns why it is refused; undefined: it is not
   * @throws PeerFault `peer-over-quota` where the peer has been refused often
   */
  #tooMany(peerId: string, kind: RequestKind, cost: number): string | undefined {
    if (!take(this.#quotas, peerId, kind, cost)) {
      if (!this.#quotas.of(peerId, 'refusals').take()) throw new PeerFault('peer-over-quota', `too many ${kind} requests`)
      return `too many ${kind} requests`
    }
    return take(this.#total, EVERYBODY, kind, cost) ? undefined : `too many ${kind} requests of all peers together`
  }

  *#status(request: Uint8Array, peerId: string): Generator<Uint8Array> {
    const theirs = decodeStatus(request)
    const ours = this.#components.status()
    yield encodeStatus(ours)
    this.#components.told(peerId, theirs, ours)
  }

  *#headers(request: Uint8Array): Generator<Uint8Array> {
    const locator = decodeHashes(request, MAX_LOCATOR_HASHES)
    yield encodeHeaders(this.#components.chain.headersAfter(locator, MAX_HEADERS))
  }

  *#bodies(request: Uint8Array, peerId: string): Generator<Uint8Array> {
    const quotas = [this.#quotas.of(peerId, 'bodyBytes'), this.#total.of(EVERYBODY, 'bodyBytes')]
    let bytes = 0
    for (const hash of decodeHashes(request, MAX_BODIES)) {
      const body = this.#components.chain.encodedBody(hash)
      if (body === undefined) return
      if (bytes > 0 && bytes + body.length > MAX_ANSWER_BYTES) return
      bytes += body.length
      for (const quota of quotas) quota.spend(body.length)
      yield body
    }
  }

  *#mempool(): Generator<Uint8Array> {
    let bytes = 0
    for (const { transaction } of this.#components.mempool.list().slice(0, MAX_MEMPOOL_TRANSACTIONS)) {
      const encoded = encodeTransaction(transaction)
      bytes += encoded.length
      if (bytes > MAX_ANSWER_BYTES) return
      yield encoded
    }
  }
}

/** Of bodies, their bytes must have been paid for, too: those of the next answer are not known yet. */
const take = (quotas: Quotas, who: string, kind: RequestKind, cost: number): boolean =>
  (kind !== 'bodies' || quotas.of(who, 'bodyBytes').waitMs() === 0) && quotas.of(who, kind).take(cost)
