/**
 * The parts of the network, and what one tells another.
 *
 *   libp2p.ts      transport, encryption, identify, gossipsub: one configuration
 *   discovery.ts   who there is; dialler.ts   whom to dial, and when                    connections.ts   who came, who went
 *   status-exchange.ts   who is where                        requests.ts, server.ts   asking and answering
 *   peer-exchange.ts   asking peers for others
 *   gossip.ts      new blocks and transactions               sync.ts, pool-exchange.ts   what was missed
 *   reputation.ts  scores and bans, by the table of verdicts.ts
 *   diagnosis/     why there are the peers that there are     departures.ts   why the last ones went
 *
 * Start, in order: protocols → libp2p listens → gossip → chain and mempool are listened to → discovery dials. Stop is
 * the reverse, and so is a start that fails.
 */
import type { Chain } from '../chain/chain.ts'
import type { ChainEvents } from '../chain/chain-events.ts'
import { Connections } from './connections.ts'
import type { CutHosts } from './cut-hosts.ts'
import { listening } from './dial-error.ts'
import { Departures } from './departures.ts'
import { Doctor } from './diagnosis/doctor.ts'
import { NearbyNetworks } from './diagnosis/nearby.ts'
import { Discovery } from './discovery.ts'
import { createGate } from './gate.ts'
import { Gossip } from './gossip.ts'
import type { CairnLibp2p } from './cairn-libp2p.ts'
import { createCairnLibp2p } from './libp2p.ts'
import { Mdns } from './mdns.ts'
import type { NetworkComponents, NetworkOptions, Tell } from './network-options.ts'
import type { NodeNames } from './node-names.ts'
import { PeerExchange } from './peer-exchange.ts'
import { fingerprintOf } from './network-key.ts'
import { infoOf, type Peers } from './peers.ts'
import { PoolExchange } from './pool-exchange.ts'
import { MAX_PEERS, protocolsOf, TARGET_PEERS } from './protocols.ts'
import type { Reputation } from './reputation.ts'
import { Requests } from './requests.ts'
import { Server } from './server.ts'
import { StatusExchange } from './status-exchange.ts'
import { Sync } from './sync.ts'
import type { Traffic } from './traffic.ts'
import { type Code, VERDICTS } from './verdicts.ts'

export interface Parts {
  chain: Pick<Chain, 'events'>
  listen: readonly string[]
  libp2p: CairnLibp2p
  connections: Connections
  status: StatusExchange
  sync: Sync
  pool: PoolExchange
  exchange: PeerExchange
  gossip: Gossip
  server: Server
  discovery: Discovery
  doctor: Doctor
}

/** What outlives the parts: the network may be stopped and started again. */
export interface Lasting {
  peers: Peers
  reputation: Reputation
  cutHosts: CutHosts
  names: NodeNames
  traffic: Traffic
  tell: Tell
}

/**
 * Makes the parts; nothing is started.
 * @throws NetworkError `network-listen-failed`, `peer-bad-address` (of an option)
 */
export async function buildParts(components: NetworkComponents, options: NetworkOptions, lasting: Lasting): Promise<Parts> {
  const { chain, mempool, verifier, clock, log, peerBook, privateKey, random, libp2p: create = createCairnLibp2p } = components
  const { name, account, agent, listen, mdns, networkKey, transport, targetPeers = TARGET_PEERS, maxPeers = MAX_PEERS } = options
  const { peers, reputation, cutHosts, names, tell } = lasting
  const protocols = protocolsOf(chain.genesis.id, networkKey)
  const { maxBlockBytes } = chain.params
  const departures = new Departures(clock)
  const judge = (peerId: string, code: Code, found: string): void => {
    departures.fault(peerId, code, found)
    reputation.judge(peerId, code, found)
    const consequence = VERDICTS[code].peer
    if (consequence !== 'none') tell('peer:judged', { peerId, code, consequence })
  }
  const score = (peerId: string): number => reputation.score(peerId)

  /** A peer was the first to bring valid blocks. */
  const credit = (peerId: string): void => {
    const peer = peers.credit(peerId, clock.now())
    if (peer?.status !== undefined) discovery.worked(peer)
  }

  const libp2p: CairnLibp2p = await listening(listen, () =>
    create({
      privateKey, protocols, transport, listen, agent, maxPeers, maxBlockBytes, networkKey, score, judge,
      traffic: lasting.traffic,
      now: clock.now,
      gater: createGate({ libp2p: (): CairnLibp2p => libp2p, clock, peers, reputation, cutHosts }, maxPeers),
    }),
  )
  const requests = new Requests({ libp2p, protocols, clock, maxBlockBytes, tell })
  const gossip: Gossip = new Gossip({
    libp2p, protocols, chain, mempool, verifier, clock, log, judge, credit, tell,
    orphan: (peerId, hash) => sync.ask(peerId, hash),
  })
  const pool = new PoolExchange({
    chain, mempool, peers, requests, clock, log, judge,
    publish: (transaction) => gossip.publishTransaction(transaction),
  })
  const sync: Sync = new Sync({
    chain, clock, log, peers, requests, judge, credit, score,
    progress: (progress) => tell('sync:progress', progress),
    ended: () => {
      status.tipChanged(true)
      for (const peer of peers.accepted()) pool.consider(peer)
    },
  })
  const nearby = new NearbyNetworks(clock)
  const multicast = new Mdns({
    clock, log, nearby,
    networkName: networkKey === undefined ? chain.params.name : undefined,
    serviceTag: protocols.serviceTag,
    peerId: libp2p.peerId.toString(),
    addresses: () => libp2p.getMultiaddrs(),
    found: (peerId, address) => discovery.found(peerId, address),
  })
  const discovery: Discovery = new Discovery(
    {
      libp2p, clock, random, log, peers, peerBook,
      interfaces: transport === 'memory' ? () => ({}) : undefined, // nodes in memory have none
      mdns: mdns ? multicast : undefined,
      moved: () => connections.probe(),
      dialled: (outcome) => tell('peer:dialled', { outcome }),
    },
    { peers: options.peers, targetPeers },
  )
  const exchange = new PeerExchange(
    {
      clock, log, peers, requests, judge,
      isNear: (address) => discovery.isNear(address),
      told: (teller, peerId, addresses) => discovery.told(teller, peerId, addresses),
    },
    { targetPeers },
  )
  const status: StatusExchange = new StatusExchange({
    chain, clock, log, name, account, peers, requests,
    accepted: (peer, before) => {
      names.learn(peer.status)
      if (before === undefined) tell('peer:connected', infoOf(peer, score(peer.key)))
      else if (before.tip !== peer.status.tip) tell('peer:updated', infoOf(peer, score(peer.key)))
      discovery.worked(peer)
      sync.consider(peer)
      pool.consider(peer)
      exchange.consider(peer)
      connections.checkGossip(peer)
    },
    failed: (peer, fault) => {
      discovery.failed(peer, fault)
      judge(peer.key, fault.code, fault.message)
    },
    cut: (peer) => connections.cut(peer.id),
  })
  const connections: Connections = new Connections({
    libp2p, clock, log, peers, status, sync, discovery, gossip, departures, score, tell, maxPeers,
  })
  const server = new Server({
    libp2p, protocols, chain, mempool, clock, log, tell,
    status: () => status.own(),
    known: (peerId) => exchange.known(peerId),
    told: (peerId, theirs, ours) => {
      const peer = peers.get(peerId)
      if (peer !== undefined) status.told(peer, theirs, ours)
    },
    judge: (peerId, fault) => judge(peerId, fault.code, fault.message),
  })
  const doctor = new Doctor(
    { libp2p, protocols, chain, clock, peers, reputation, discovery, departures, sync, nearby },
    { name, mdns, transport, keyFingerprint: networkKey && fingerprintOf(networkKey), targetPeers },
  )
  return { chain, listen, libp2p, connections, status, sync, pool, exchange, gossip, server, discovery, doctor }
}

/**
 * Starts the parts; resolves when the node listens.
 * @param started takes what undoes each step, also of a start that fails
 * @throws NetworkError `network-listen-failed`
 */
export async function startParts(parts: Parts, started: AsyncDisposableStack): Promise<void> {
  const { chain, listen, libp2p, connections, status, sync, pool, exchange, gossip, server, discovery, doctor } = parts
  started.defer(() => libp2p.stop())
  connections.start()
  await server.start()
  started.defer(() => {
    server.stop()
    status.stop()
    pool.stop()
    exchange.stop()
  })
  await listening(listen, () => libp2p.start())
  gossip.start()
  started.defer(() => gossip.stop())
  const onTip = ({ tip, origin }: ChainEvents['tip:changed'][0]): void => {
    if (origin !== 'sync') status.tipChanged(!gossip.carries(tip.hash)) // of a sync, its end is told
  }
  chain.events.on('tip:changed', onTip)
  started.defer(() => void chain.events.off('tip:changed', onTip))
  started.defer(() => sync.stop())
  discovery.start()
  started.defer(() => discovery.stop())
  started.defer(() => doctor.stop())
}
