/**
 * Many peers of one owner: each connects to a victim, is a well-behaved node by all that it says (a good status, an
 * answer to every request, other Sybils when it is asked for nodes), has no blocks, and comes back when it is cut off.
 *
 * @example
 *   const sybils = await createSybils(blocks, 200)
 *   await sybils.attack(victim.address)
 *   await sybils.stop()
 */
import { generateKeyPair } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import { memory } from '@libp2p/memory'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { toHex } from '../../src/consensus/hex.ts'
import { encodeFrame, FrameReader } from '../../src/network/frames.ts'
import { encodePeers, encodeStatus, type Status } from '../../src/network/messages.ts'
import { protocolsOf, type RequestKind } from '../../src/network/protocols.ts'
import type { BlockBuilder } from './blocks.ts'

export interface Sybils {
  /** Resolves when each has tried once; whoever was not let in, or is cut off, comes back from then on. */
  attack(address: string): Promise<void>
  stop(): Promise<void>
}

/** Sybils that try at once: a victim has only so many handshakes under way. */
const AT_ONCE = 16
/** Over TCP they have an address of their own: a second loopback address, as Linux has it. */
const SYBIL_IP = '127.0.0.2'
let worlds = 0

export async function createSybils(blocks: BlockBuilder, count: number, transport: 'memory' | 'tcp' = 'memory'): Promise<Sybils> {
  const world = (worlds += 1)
  const stopping = new AbortController()
  const sybils = await Promise.all(Array.from({ length: count }, (_, n) => createSybil(blocks, `/memory/sybil-${world}-${n}`, transport)))
  const known = sybils.slice(0, 32).map(({ peerId, getMultiaddrs }) => (
    { peerId: peerId.toString(), addresses: getMultiaddrs().map((address) => address.decapsulate('/p2p')) }))
  for (const { told } of sybils) told.peers = encodePeers(known)
  return {
    async attack(address) {
      const target = multiaddr(address)
      const waiting = new Set<(typeof sybils)[number]>()
      const dial = async (sybil: (typeof sybils)[number]): Promise<void> => {
        try {
          await sybil.dial(target, { signal: stopping.signal })
        } catch {
          again(sybil) // it is full, or had too much to do
        }
      }
      const again = (sybil: (typeof sybils)[number]): void => {
        if (stopping.signal.aborted || waiting.has(sybil)) return
        waiting.add(sybil)
        setTimeout(() => {
          waiting.delete(sybil)
          void dial(sybil)
        }, 500 + 1_000 * Math.random()).unref()
      }
      for (const sybil of sybils) sybil.onCutOff(() => again(sybil))
      for (let at = 0; at < sybils.length; at += AT_ONCE) await Promise.all(sybils.slice(at, at + AT_ONCE).map(dial))
    },
    async stop() {
      stopping.abort()
      await Promise.all(sybils.map(({ stop }) => stop()))
    },
  }
}

async function createSybil({ genesis }: BlockBuilder, listen: string, transport: 'memory' | 'tcp') {
  const protocols = protocolsOf(genesis.id)
  const dialOpts = { noDelay: true, localAddress: SYBIL_IP } // the second goes on to `net.connect`, which libp2p's types leave out
  const libp2p = await createLibp2p({
    privateKey: await generateKeyPair('Ed25519'),
    addresses: { listen: [transport === 'tcp' ? `/ip4/${SYBIL_IP}/tcp/0` : listen] },
    transports: [transport === 'tcp' ? tcp({ dialOpts }) : memory()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { reconnectRetries: 0 },
    services: { identify: identify(), ping: ping() },
  })
  const status: Status = {
    genesis: toHex(genesis.hash), tip: toHex(genesis.hash), height: 0, work: 1n, time: Date.now(), account: new Uint8Array(32), name: 'sybil',
  }
  const told: Record<RequestKind, Uint8Array | undefined> = {
    status: encodeStatus(status), headers: new Uint8Array(), bodies: undefined, mempool: undefined, peers: undefined,
  }
  for (const [kind, answer] of Object.keys(told).map((key) => [key as RequestKind, () => told[key as RequestKind]] as const)) {
    await libp2p.handle(protocols[kind], async (stream) => {
      try {
        const signal = AbortSignal.timeout(10_000)
        await new FrameReader(stream, { maxFrameBytes: 65_536, maxTotalBytes: 131_072 }).next(signal)
        const payload = answer()
        if (payload !== undefined) stream.send(encodeFrame(payload))
        await stream.close({ signal })
      } catch {
        // cut off meanwhile
      }
    })
  }
  return {
    peerId: libp2p.peerId,
    told,
    getMultiaddrs: () => libp2p.getMultiaddrs(),
    dial: (...args: Parameters<typeof libp2p.dial>) => libp2p.dial(...args),
    onCutOff: (then: () => void) => libp2p.addEventListener('peer:disconnect', then),
    stop: () => libp2p.stop(),
  }
}
