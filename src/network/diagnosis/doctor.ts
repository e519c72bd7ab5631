/**
 * Examines why this node has the peers that it has: asks the parts what they know of each candidate, tries multicast on
 * every interface, and listens who else is nearby. It changes nothing, and takes as long as it listens.
 *
 * Whoever asks while an examination is under way gets that one, so that nobody can make a node flood its LAN.
 */
import type { Chain } from '../../chain/chain.ts'
import type { Clock } from '../../chain/clock.ts'
import type { NetworkParams } from '../../consensus/params.ts'
import type { Departures } from '../departures.ts'
import type { Discovery } from '../discovery.ts'
import type { CairnLibp2p } from '../cairn-libp2p.ts'
import type { Peers } from '../peers.ts'
import type { Protocols } from '../protocols.ts'
import type { Reputation } from '../reputation.ts'
import type { Sync } from '../sync.ts'
import type { Diagnosis, Findings, PeerDiagnosis } from './diagnosis.ts'
import { listInterfaces } from './interfaces.ts'
import { ladderOf, type OwnFacts, type PeerFacts } from './ladder.ts'
import { tryMulticast } from './multicast.ts'
import { NearbyNetworks } from './nearby.ts'
import { verdictOf } from './verdict.ts'

export interface DoctorComponents {
  libp2p: CairnLibp2p
  protocols: Pick<Protocols, 'serviceTag' | 'blocks'>
  chain: Pick<Chain, 'tip' | 'genesis' | 'params'>
  clock: Clock
  peers: Peers
  reputation: Pick<Reputation, 'bans'>
  discovery: Pick<Discovery, 'candidates'>
  departures: Pick<Departures, 'list'>
  sync: Pick<Sync, 'progress'>
  nearby: NearbyNetworks
}

export interface DoctorOptions {
  name: string
  mdns: boolean
  /** Nodes in memory have no interface. */
  transport: 'tcp' | 'memory'
  keyFingerprint: string | undefined
  targetPeers: number
}

/** gossipsub's mesh has at least so many peers where there are so many; beyond that a peer outside is none amiss. */
const MESH_ENOUGH = 4

export class Doctor {
  readonly #components: DoctorComponents
  readonly #options: DoctorOptions
  readonly #stopping = new AbortController()
  #running: Promise<Diagnosis> | undefined

  constructor(components: DoctorComponents, options: DoctorOptions) {
    this.#components = components
    this.#options = options
  }

  stop(): void {
    this.#stopping.abort(new Error('the network stops'))
  }

  /** @throws the signal's reason */
  async diagnose(signal?: AbortSignal): Promise<Diagnosis> {
    signal?.throwIfAborted()
    this.#running ??= this.#examine().finally(() => (this.#running = undefined))
    if (signal === undefined) return this.#running
    const gone = Promise.withResolvers<never>()
    const aborted = (): void => gone.reject(signal.reason as Error) // the signal's own, whatever it is
    signal.addEventListener('abort', aborted, { once: true })
    try {
      return await Promise.race([this.#running, gone.promise])
    } finally {
      signal.removeEventListener('abort', aborted)
    }
  }

  async #examine(): Promise<Diagnosis> {
    const { chain, clock, libp2p, nearby, protocols } = this.#components
    const { name, mdns, transport, keyFingerprint } = this.#options
    const listed = transport === 'tcp' ? listInterfaces() : []
    const { interfaces, problem } = await tryMulticast(listed, nearby, clock, this.#stopping.signal)
    const peers = this.#ladders()
    const addresses = listed.flatMap(({ address }) => address ?? [])
    const peerId = libp2p.peerId.toString()
    const findings: Findings = {
      time: clock.now(),
      node: {
        network: chain.params.name, networkId: chain.genesis.id, networkKey: keyFingerprint ?? null, name, peerId,
        addresses: libp2p.getMultiaddrs().map(String), mdns, height: chain.tip.height,
      },
      peers,
      interfaces,
      mdnsProblem: problem,
      nearby: nearby.list(protocols.serviceTag, addresses, peerId),
      clock: clockOf(peers, chain.params),
    }
    return { ...findings, advice: verdictOf(findings) }
  }

  /** Whoever is connected, was, or may be: the connected first. */
  #ladders(): PeerDiagnosis[] {
    const { chain, clock, departures, discovery, libp2p, peers, protocols, reputation, sync } = this.#components
    const { pubsub } = libp2p.services
    const ids = (list: { toString(): string }[]): Set<string> => new Set(list.map(String))
    const subscribers = ids(pubsub.getSubscribers(protocols.blocks))
    const mesh = new Set(pubsub.getMeshPeers(protocols.blocks))
    const own: OwnFacts = {
      now: clock.now(),
      tip: chain.tip,
      syncing: sync.progress.state !== 'idle',
      enough: peers.areEnough(this.#options.targetPeers),
      meshFull: mesh.size >= MESH_ENOUGH,
    }
    const bans = new Map(reputation.bans().map((ban) => [ban.peerId, ban]))
    const gone = new Map(departures.list().map((departure) => [departure.peerId, departure]))
    const candidates = discovery.candidates()
    const candidateOf = new Map(candidates.flatMap((candidate) => (candidate.peerId === null ? [] : [[candidate.peerId, candidate]])))
    const connected = [...peers].map((peer) => peer.key)
    const known = new Set([...connected, ...candidateOf.keys(), ...bans.keys(), ...gone.keys()])
    const facts = [...known].map((key): PeerFacts => {
      const peer = peers.get(key)
      return {
        candidate: candidateOf.get(key), peer, ban: bans.get(key), departure: peer === undefined ? gone.get(key) : undefined,
        subscribed: subscribers.has(key), inMesh: mesh.has(key),
      }
    })
    const strangers = candidates.filter(({ peerId }) => peerId === null)
    return [...facts, ...strangers.map((candidate): PeerFacts => ({ candidate, subscribed: false, inMesh: false }))]
      .map((each) => ladderOf(each, own))
  }
}

function clockOf(peers: PeerDiagnosis[], { maxFutureMs }: Pick<NetworkParams, 'maxFutureMs'>): Findings['clock'] {
  const offsets = peers.flatMap(({ clockOffsetMs }) => clockOffsetMs ?? []).sort((a, b) => a - b)
  return { offsetMs: offsets[Math.floor(offsets.length / 2)] ?? null, peers: offsets.length, maxFutureMs }
}
