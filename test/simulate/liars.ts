/**
 * Peers that do what no node does, in simulated time. Each is what a node has in libp2p's place with nothing behind it, and
 * comes back under another name where it is refused.
 *
 *   status    claims a tip that nobody has, with more work than there is, and answers for its headers with nothing or noise
 *   blocks    takes blocks that it hears of and passes them on broken: proof of work, signature, amount, miner
 *   bodies    says truly which headers there are, and never gives a body
 *   junk      sends noise on every protocol, requests without end, and streams on which it says nothing
 */
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { TopicValidatorResult } from '@libp2p/gossipsub'
import { multiaddr } from '@multiformats/multiaddr'
import type { Chain } from '../../src/chain/chain.ts'
import { type Block, decodeBlock, encodeBlock } from '../../src/consensus/types.ts'
import { toHex } from '../../src/consensus/hex.ts'
import type { CairnStream, CairnStreamEvents } from '../../src/network/cairn-libp2p.ts'
import { encodeFrame } from '../../src/network/frames.ts'
import { decodeHashes, encodeHeaders, encodeStatus, type Status } from '../../src/network/messages.ts'
import { MAX_HEADERS, MAX_LOCATOR_HASHES, protocolsOf, type RequestKind } from '../../src/network/protocols.ts'
import type { Random } from '../../src/swarm/random.ts'
import { VirtualLibp2p } from '../../src/swarm/virtual/libp2p.ts'
import type { VirtualSwarm } from '../../src/swarm/virtual/swarm.ts'

export const LIES = ['status', 'blocks', 'bodies', 'junk'] as const
export type Lie = (typeof LIES)[number]

const KINDS: RequestKind[] = ['status', 'headers', 'bodies', 'mempool', 'peers']
/** It comes back this often where it is refused. */
const NAMES = 4
const COME_BACK_MS = 15_000
const JUNK_MS = 2_000

export interface LiarOptions {
  lie: Lie
  swarm: VirtualSwarm
  random: Random
  /** Its number on the wires, unlike any node's. */
  number: number
  /** Whom it connects to. */
  victims: readonly number[]
}

/** Connects, and lies until `stop`. */
export async function startLiar({ lie, swarm, random, number, victims }: LiarOptions): Promise<{ stop(): void }> {
  // It knows what an honest node knows, as a peer of one would: at least two run at any time.
  const chainNow = (): Chain => swarm.nodes[swarm.running[0]!]!.chain
  const protocols = protocolsOf(chainNow().genesis.id)
  const { clock } = swarm
  const keys = await Promise.all(Array.from({ length: NAMES }, () => generateKeyPairFromSeed('Ed25519', random.bytes(32))))
  let libp2p: VirtualLibp2p
  let stopped = false

  const answers: Record<RequestKind, (request: Uint8Array) => Uint8Array[] | undefined> = {
    status: () => [encodeStatus(statusOf(lie, chainNow(), clock.now(), random))],
    headers: (request) => {
      if (lie === 'bodies') return [encodeHeaders(chainNow().headersAfter(decodeHashes(request, MAX_LOCATOR_HASHES), MAX_HEADERS))]
      return random.next() < 0.5 ? [new Uint8Array()] : [random.bytes(92 * 3)]
    },
    bodies: () => (random.next() < 0.5 ? [] : undefined),
    mempool: () => (lie === 'junk' ? [random.bytes(40)] : []),
    peers: () => [new Uint8Array()],
  }
  const appear = async (name: number): Promise<void> => {
    libp2p = new VirtualLibp2p({ node: number, wires: swarm.wires, clock, random: random.fork(`gossip ${name}`) }, {
      privateKey: keys[name]!, agent: 'cairn/0.1.0 liar', gater: {}, score: () => 0, traffic: { receivedBytes: 0, sentBytes: 0 },
    })
    for (const kind of KINDS) await libp2p.handle(protocols[kind], (stream) => answer(stream, answers[kind]))
    const { pubsub } = libp2p.services
    pubsub.addEventListener('gossipsub:message', ({ detail: { msgId, propagationSource, msg: { topic, data } } }) => {
      pubsub.reportMessageValidationResult(msgId, propagationSource.toString(), TopicValidatorResult.Ignore)
      if (lie === 'blocks' && topic === protocols.blocks) void pubsub.publish(topic, encodeBlock(broken(decodeBlock(data), random)))
    })
    libp2p.start()
    pubsub.subscribe(protocols.blocks)
    pubsub.subscribe(protocols.transactions)
  }
  const connect = async (name: number): Promise<void> => {
    const reached = await Promise.all(victims.map((at) =>
      libp2p.dial(multiaddr(`/memory/${at}`)).then((connection) => tellStatus(connection)).catch(() => false)))
    if (stopped) return
    if (!reached.includes(true) && name + 1 < NAMES) {
      await libp2p.stop()
      await appear(name + 1)
      return connect(name + 1)
    }
    clock.after(COME_BACK_MS, () => void connect(name))
  }
  const tellStatus = async (connection: Awaited<ReturnType<VirtualLibp2p['dial']>>): Promise<boolean> => {
    const stream = await connection.newStream(protocols.status)
    stream.send(encodeFrame(encodeStatus(statusOf(lie, chainNow(), clock.now(), random))))
    await stream.close()
    return true
  }
  const sendJunk = (): void => {
    if (stopped) return
    for (const connection of libp2p.getConnections()) void junk(connection, protocols[random.pick(KINDS)], random).catch(() => {})
    clock.after(JUNK_MS, sendJunk)
  }

  await appear(0)
  void connect(0)
  if (lie === 'junk') sendJunk()
  return {
    stop() {
      stopped = true
      libp2p.kill()
    },
  }
}

function statusOf(lie: Lie, chain: Chain, time: number, random: Random): Status {
  const { hash, height, work } = chain.tip
  const honest: Status = { genesis: toHex(chain.genesis.hash), tip: hash, height, work, time, account: new Uint8Array(32), name: 'liar' }
  return lie === 'status' ? { ...honest, tip: toHex(random.bytes(32)), height: height + 1_000, work: work + 2n ** 40n } : honest
}

function answer(stream: CairnStream, by: (request: Uint8Array) => Uint8Array[] | undefined): void {
  let request = new Uint8Array()
  stream.addEventListener('message', ({ data }: CairnStreamEvents['message']) => (request = new Uint8Array([...request, ...data.subarray()])))
  stream.addEventListener('remoteCloseWrite', () => {
    // A request of a node is one frame, of a length that takes a byte or two.
    const frames = by(request.subarray((request[0] ?? 0) > 0x7f ? 2 : 1))
    if (frames === undefined || stream.status !== 'open') return // it never answers
    for (const frame of frames) stream.send(encodeFrame(frame))
    void stream.close()
  })
}

/** A block as nobody may make one. */
function broken(block: Block, random: Random): Block {
  const { header, body } = block
  const [first, ...others] = body.transactions
  switch (random.whole(4)) {
    case 0: return { header: { ...header, nonce: header.nonce + 1 }, body }
    case 1: return { header, body: { ...body, miner: random.bytes(32) } }
    case 2: return { header: { ...header, timestamp: 1 }, body }
    default: {
      if (first === undefined) return { header: { ...header, bits: header.bits + 1 }, body }
      return { header, body: { ...body, transactions: [{ ...first, amount: first.amount + 1 }, ...others] } }
    }
  }
}

async function junk(connection: Awaited<ReturnType<VirtualLibp2p['dial']>>, protocol: string, random: Random): Promise<void> {
  const stream = await connection.newStream(protocol)
  const kind = random.whole(4)
  if (kind === 0) stream.send(random.bytes(1 + random.whole(200)))
  else if (kind === 1) stream.send(encodeFrame(new Uint8Array(32 * random.whole(8))))
  else if (kind === 2) return // says nothing
  else return stream.abort(new Error('changed its mind'))
  await stream.close()
}
