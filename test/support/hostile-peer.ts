/**
 * A peer that does what a test tells it to: plain libp2p with the names of the network's protocols and nothing behind
 * them. It sends any bytes, answers with any bytes or not at all, and claims any status.
 *
 * @example
 *   const hostile = await createHostilePeer(blocks)
 *   await hostile.connect(node.address)
 *   await hostile.publish('blocks', encodeBlock(broken))
 *   await hostile.cutOff                                   // resolves when the node has disconnected it
 */
import { setImmediate as turn } from 'node:timers/promises'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { gossipsub, StrictNoSign } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import type { Connection, MessageStream, PrivateKey, Stream } from '@libp2p/interface'
import { memory } from '@libp2p/memory'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { sha256 } from '../../src/consensus/hash.ts'
import { type Hex, toHex } from '../../src/consensus/hex.ts'
import { decodeHashes, encodeHeaders, encodeStatus, type Status } from '../../src/network/messages.ts'
import { encodeFrame, FrameReader } from '../../src/network/frames.ts'
import { MAX_BODIES, MAX_LOCATOR_HASHES, protocolsOf, type RequestKind } from '../../src/network/protocols.ts'
import { encodeBody } from '../../src/consensus/types.ts'
import type { BlockBuilder } from './blocks.ts'

/** Answers a request with frames' payloads, or does to the stream what it likes and returns undefined. */
export type Answer = (request: Uint8Array, stream: Stream) => Uint8Array[] | undefined

export interface HostilePeer {
  readonly peerId: string
  readonly address: string
  /** What it says of itself; a test changes it as it likes. */
  status: Status
  /** How it answers; a test replaces what it likes. @default status with `status`, everything else with an empty frame */
  readonly answers: Record<RequestKind, Answer>
  /** Every request that it got. */
  readonly asked: { kind: RequestKind; request: Uint8Array }[]
  /** Connects, and waits until the node takes part in both topics with it, or has cut it off. */
  connect(address: string): Promise<void>
  /** Connects and no more, `again` also where there is a connection; rejects where the node refuses. */
  dial(address: string, options?: { again?: boolean }): Promise<Connection>
  /** Tells its status, as a node does after connecting. */
  tellStatus(): Promise<void>
  /** Resets the streams of gossip, as a full buffer does. */
  breakGossip(): void
  publish(topic: 'blocks' | 'transactions', data: Uint8Array): Promise<void>
  /** Sends raw bytes on a protocol and ends its side: the answer's payloads, or the error's name when the stream was reset. */
  send(kind: RequestKind, raw: Uint8Array): Promise<Uint8Array[] | string>
  /** Opens a stream on any protocol, and leaves the rest to the test. */
  open(protocol: string): Promise<Stream>
  /** Answers whoever asks who it is (identify) with these bytes. */
  sayWho(bytes: Uint8Array): Promise<void>
  /** Sends bytes between yamux's frames, which should be one. */
  yamux(frame: Uint8Array): void
  /** Sends packets on gossip's own protocol, each as it stands: see gossip-packet.ts. */
  gossip(...packets: Uint8Array[]): Promise<Stream>
  /** Resolves when the node has disconnected it. */
  readonly cutOff: Promise<void>
  /** Serves the chain of the builder up to a block as an honest node would, and claims it. */
  pretend(name: string): void
  stop(): Promise<void>
}

/** gossipsub takes the newest stream of a peer for the one that counts. */
const GOSSIP = '/meshsub/1.2.0'
const IDENTIFY = '/ipfs/id/1.0.0'

let peers = 0

export interface HostileOptions {
  privateKey?: PrivateKey
  /** @default the builder's */
  networkId?: Hex
  /** On 127.0.0.1, where it is TCP. @default 'memory' */
  transport?: 'tcp' | 'memory'
  /** IP address that it dials from, where it is TCP: 127.0.0.2 is on every machine, and nobody's own. */
  from?: string
}

export async function createHostilePeer(blocks: Pick<BlockBuilder, 'genesis' | 'path' | 'get'>, options: HostileOptions = {}): Promise<HostilePeer> {
  const { genesis } = blocks
  const protocols = protocolsOf(options.networkId ?? genesis.id)
  const overTcp = options.transport === 'tcp'
  const from: object = { localAddress: options.from } // for net.connect, which gets it: libp2p's type names a few others
  let muxed: MessageStream | undefined
  const libp2p = await createLibp2p({
    privateKey: options.privateKey ?? (await generateKeyPair('Ed25519')),
    addresses: { listen: [overTcp ? '/ip4/127.0.0.1/tcp/0' : `/memory/hostile-${(peers += 1)}`] },
    transports: [overTcp ? tcp({ dialOpts: from }) : memory()],
    connectionEncrypters: [noise()],
    streamMuxers: [
      () => {
        const factory = yamux()()
        return {
          protocol: factory.protocol,
          createStreamMuxer(connection) {
            muxed = connection
            return factory.createStreamMuxer(connection)
          },
        }
      },
    ],
    connectionManager: { reconnectRetries: 0 },
    services: {
      identify: identify(),
      ping: ping(),
      pubsub: gossipsub({
        globalSignaturePolicy: StrictNoSign,
        allowPublishToZeroTopicPeers: true,
        msgIdFn: ({ topic, data }) => sha256(new Uint8Array([...new TextEncoder().encode(topic), ...data])).subarray(0, 20),
      }),
    },
  })
  const cut = Promise.withResolvers<void>()
  libp2p.addEventListener('peer:disconnect', () => cut.resolve())
  libp2p.services.pubsub.subscribe(protocols.blocks)
  libp2p.services.pubsub.subscribe(protocols.transactions)
  let node: Connection | undefined

  const hostile: HostilePeer = {
    peerId: libp2p.peerId.toString(),
    get address() {
      return String(libp2p.getMultiaddrs()[0])
    },
    status: {
      genesis: toHex(genesis.hash), tip: toHex(genesis.hash), height: 0, work: 1n, time: Date.now(),
      account: new Uint8Array(32), name: 'hostile',
    },
    answers: {
      status: () => [encodeStatus(hostile.status)],
      headers: () => [new Uint8Array()],
      bodies: () => [],
      mempool: () => [],
      peers: () => [new Uint8Array()],
    },
    asked: [],
    cutOff: cut.promise,
    async dial(address, { again = false } = {}) {
      node = await libp2p.dial(multiaddr(address), { force: again })
      return node
    },
    async connect(address) {
      const { pubsub } = libp2p.services
      const meshed = new Promise<void>((resolve) => {
        const check = (): void => {
          const ready = [protocols.blocks, protocols.transactions].every((topic) => pubsub.getSubscribers(topic).length > 0)
          if (ready) resolve()
        }
        pubsub.addEventListener('subscription-change', check)
      })
      await hostile.dial(address)
      await hostile.tellStatus()
      await Promise.race([meshed, cut.promise])
      // Its own stream to the node opens beside the node's to it, with no event for it; what is published before is lost.
      const streams = (pubsub as unknown as { streamsOutbound: Map<string, unknown> }).streamsOutbound // public in the class
      const isReady = (): boolean => node?.status !== 'open' || streams.has(node.remotePeer.toString())
      while (!isReady()) await turn()
    },
    async tellStatus() {
      await hostile.send('status', encodeFrame(encodeStatus(hostile.status)))
    },
    breakGossip() {
      for (const stream of node?.streams ?? []) if (stream.protocol.startsWith('/meshsub/')) stream.abort(new Error('broken'))
    },
    async publish(topic, data) {
      await libp2p.services.pubsub.publish(protocols[topic], data)
    },
    async open(protocol) {
      if (node === undefined) throw new Error('connect first')
      return node.newStream(protocol, { maxOutboundStreams: Infinity })
    },
    async sayWho(bytes) {
      await libp2p.unhandle(IDENTIFY)
      await libp2p.handle(IDENTIFY, async (stream) => {
        stream.send(encodeFrame(bytes))
        await stream.close()
      })
    },
    yamux(frame) {
      muxed?.send(frame)
    },
    async gossip(...packets) {
      const stream = await hostile.open(GOSSIP)
      for (const packet of packets) if (!stream.send(encodeFrame(packet))) await Promise.race([stream.onDrain(), cut.promise])
      return stream
    },
    async send(kind, raw) {
      if (node === undefined) throw new Error('connect first')
      const signal = AbortSignal.timeout(10_000)
      try {
        const stream = await node.newStream(protocols[kind], { signal })
        const reader = new FrameReader(stream, { maxFrameBytes: 4_194_304, maxTotalBytes: 16_777_216 })
        if (raw.length > 0) stream.send(raw)
        await stream.close({ signal })
        const answer: Uint8Array[] = []
        for (let frame = await reader.next(signal); frame !== undefined; frame = await reader.next(signal)) answer.push(frame)
        return answer
      } catch (error) {
        return error instanceof Error && 'code' in error ? String(error.code) : (error as Error).name
      }
    },
    pretend(name) {
      const path = blocks.path(name)
      const last = blocks.get(name)
      hostile.status = { ...hostile.status, tip: last.hex, height: last.height, work: 2n ** 40n }
      hostile.answers.headers = (request) => {
        const locator = decodeHashes(request, MAX_LOCATOR_HASHES)
        const from = locator.map((hash) => path.findIndex(({ hex }) => hex === hash)).find((index) => index >= 0) ?? -1
        return [encodeHeaders(path.slice(from + 1).map(({ block }) => block.header))]
      }
      const bodies = new Map(path.map(({ hex, block }) => [hex, encodeBody(block.body)]))
      hostile.answers.bodies = (request) => decodeHashes(request, MAX_BODIES).flatMap((hash) => bodies.get(hash) ?? [])
    },
    async stop() {
      await libp2p.stop()
    },
  }

  for (const kind of ['status', 'headers', 'bodies', 'mempool', 'peers'] as const) {
    await libp2p.handle(protocols[kind], async (stream) => {
      const signal = AbortSignal.timeout(10_000)
      const reader = new FrameReader(stream, { maxFrameBytes: 65_536, maxTotalBytes: 131_072 })
      const request = await reader.next(signal)
      if (request === undefined) return
      hostile.asked.push({ kind, request })
      const answer = hostile.answers[kind](request, stream)
      if (answer === undefined) return
      for (const payload of answer) stream.send(encodeFrame(payload))
      await stream.close({ signal })
    })
  }
  return hostile
}
