/**
 * A model of gossipsub 1.1, as the network room is set up to use it (network/libp2p.ts): what is published goes to every
 * peer of the topic at once; what is received is passed on to the mesh once it is accepted, if that is within five seconds;
 * a mesh is kept of about six peers a topic; each second peers outside of it are told what came in the last three, and ask
 * for what they lack; what was seen is known for two minutes. Peers that sent invalid messages leave the mesh, and then are
 * not heard.
 *
 * Left out: the packets themselves (a message has its size and some bytes more), IDONTWANT, exchange of peers, and of the
 * score all but invalid messages and what the node itself knows of a peer.
 *
 * A heartbeat does nothing while nothing is new and the mesh is whole, so none is waited for then.
 */
import { createHash } from 'node:crypto'
import { TopicValidatorResult } from '@libp2p/gossipsub'
import type { PeerId } from '@libp2p/interface'
import type { Clock } from '../../chain/clock.ts'
import type { CairnGossip, CairnGossipEvents } from '../../network/cairn-libp2p.ts'
import type { Random } from '../random.ts'
import { Emitter } from './emitter.ts'
import type { GossipConnection, GossipEnd, Message } from './gossip-ends.ts'
import { GossipPeer } from './gossip-peer.ts'
import { MessageCache } from './message-cache.ts'

// As gossipsub's specification and network/libp2p.ts have them.
const [D, D_LOW, D_HIGH, D_LAZY] = [6, 4, 12, 6]
const HEARTBEAT_MS = 1_000
/** As long as gossipsub keeps a message that nobody has answered for. */
const ANSWER_MS = 5 * HEARTBEAT_MS
/** Whoever was pruned is not grafted again for so long. */
const BACKOFF_MS = 60_000
const [GOSSIP_SCORE, PUBLISH_SCORE, GRAYLIST_SCORE] = [-10, -50, -80]
/** Of a packet with one message around its data; of an id in IHAVE and IWANT; of a packet of control. */
const [MESSAGE_BYTES, ID_BYTES, CONTROL_BYTES] = [60, 22, 50]

export interface VirtualGossipComponents {
  clock: Clock
  random: Random
  /** What the node itself knows against a peer, 0 or below. */
  score: (peerId: string) => number
}

export class VirtualGossip extends Emitter<CairnGossipEvents> implements CairnGossip {
  readonly #components: VirtualGossipComponents
  readonly #topics = new Set<string>()
  readonly #peers = new Map<string, GossipPeer>()
  /** Peer ids by topic. */
  readonly #mesh = new Map<string, Set<string>>()
  readonly #messages: MessageCache
  /** Messages that nobody has answered for, who sent them, and when the first one did. */
  readonly #unjudged = new Map<string, { message: Message; senders: Set<string>; at: number }>()
  /** Asked for since the last heartbeat. */
  readonly #wanted = new Set<string>()
  /** Until when a peer is not grafted, by topic and peer. */
  readonly #backoffs = new Map<string, number>()
  #isStopped = false
  #cancelHeartbeat: (() => void) | undefined
  /** Heartbeats are at whole seconds after this, ms. */
  readonly #phaseMs: number

  constructor(components: VirtualGossipComponents) {
    super()
    this.#components = components
    this.#messages = new MessageCache(() => components.clock.now())
    this.#phaseMs = components.random.whole(HEARTBEAT_MS)
  }

  subscribe(topic: string): void {
    if (this.#topics.has(topic)) return
    this.#topics.add(topic)
    this.#mesh.set(topic, new Set())
    for (const { connection } of this.#peers.values()) this.#tellTopics(connection)
    this.#awaitHeartbeat()
  }

  getSubscribers(topic: string): PeerId[] {
    return [...this.#peers.values()].filter(({ topics }) => topics.has(topic)).map(({ id }) => id)
  }

  getMeshPeers(topic: string): string[] {
    return [...(this.#mesh.get(topic) ?? [])]
  }

  async publish(topic: string, data: Uint8Array): Promise<{ recipients: PeerId[] }> {
    const id = createHash('sha256').update(topic).update(data).digest().toString('hex', 0, 20)
    if (this.#isStopped || this.#messages.isSeen(id)) return { recipients: [] }
    const message: Message = { id, topic, data: data.slice() }
    this.#messages.see(id)
    this.#keep(message)
    const recipients = [...this.#peers.values()].filter((peer) => peer.topics.has(topic) && this.#scoreOf(peer) >= PUBLISH_SCORE)
    for (const peer of recipients) this.#send(peer, message)
    return { recipients: recipients.map(({ id: peerId }) => peerId) }
  }

  reportMessageValidationResult(msgId: string, sender: string, result: TopicValidatorResult): void {
    const judged = this.#unjudged.get(msgId)
    this.#unjudged.delete(msgId)
    if (judged === undefined || this.#isStopped) return
    const { message, senders, at } = judged
    if (result === TopicValidatorResult.Reject) return this.#punish(this.#peers.get(sender))
    if (result !== TopicValidatorResult.Accept || this.#components.clock.now() - at > ANSWER_MS) return
    this.#keep(message)
    for (const key of this.#mesh.get(message.topic) ?? []) {
      const peer = this.#peers.get(key)
      if (peer !== undefined && !senders.has(key)) this.#send(peer, message)
    }
  }

  /** There is a connection: after the round trip that opens a stream each side tells its topics. */
  opened(connection: GossipConnection): void {
    const key = connection.remotePeer.toString()
    if (this.#isStopped) return
    const known = this.#peers.get(key)
    const peer = known ?? new GossipPeer(connection)
    this.#peers.set(key, peer)
    // Of two connections each side may send on another one; and whoever comes back before it was known to be gone knows
    // nothing of before.
    connection.gossip = known?.connection.gossip ?? {
      toldTopics: (topics) => this.#toldTopics(peer, topics),
      received: (message) => this.#received(peer, message),
      grafted: (topic) => this.#grafted(peer, topic),
      pruned: (topic) => this.#pruned(peer, topic),
      toldIds: (ids) => this.#toldIds(peer, ids),
      askedFor: (ids) => this.#askedFor(peer, ids),
    }
    connection.transmit(CONTROL_BYTES, () => connection.other?.transmit(CONTROL_BYTES, () => this.#tellTopics(connection)))
  }

  /** A connection is gone: where it was the one that counts, another of the same peer takes its place, if there is one. */
  lost(connection: GossipConnection, left: GossipConnection | undefined): void {
    const key = connection.remotePeer.toString()
    const peer = this.#peers.get(key)
    connection.gossip = undefined
    if (peer?.connection !== connection) return
    if (left !== undefined) {
      peer.connection = left
      return
    }
    this.#peers.delete(key)
    for (const mesh of this.#mesh.values()) mesh.delete(key)
    this.#awaitHeartbeat()
  }

  stop(): void {
    this.#isStopped = true
    this.#cancelHeartbeat?.()
    this.#peers.clear()
    this.#unjudged.clear()
  }

  #tellTopics(connection: GossipConnection): void {
    const topics = [...this.#topics]
    this.#transmit({ connection }, CONTROL_BYTES * topics.length, (there) => there.toldTopics(topics))
  }

  #toldTopics(peer: GossipPeer, topics: readonly string[]): void {
    for (const topic of topics) peer.topics.add(topic)
    this.#awaitHeartbeat()
  }

  #send(peer: GossipPeer, message: Message): void {
    this.#transmit(peer, MESSAGE_BYTES + message.data.length, (there) => there.received(message))
  }

  #transmit({ connection }: Pick<GossipPeer, 'connection'>, bytes: number, deliver: (there: GossipEnd) => void): void {
    connection.transmit(bytes, () => {
      const there = connection.other?.gossip
      if (there !== undefined) deliver(there)
    })
  }

  #received(peer: GossipPeer, message: Message): void {
    const { id, topic, data } = message
    const sender = peer.key
    this.#wanted.delete(id)
    if (!this.#topics.has(topic) || this.#scoreOf(peer) < GRAYLIST_SCORE) return
    if (this.#messages.isSeen(id)) return void this.#unjudged.get(id)?.senders.add(sender)
    this.#messages.see(id)
    this.#unjudged.set(id, { message, senders: new Set([sender]), at: this.#components.clock.now() })
    this.tell('gossipsub:message', { detail: { propagationSource: peer.id, msgId: id, msg: { type: 'unsigned', topic, data } } })
  }

  #grafted(peer: GossipPeer, topic: string): void {
    const mesh = this.#mesh.get(topic)
    if (mesh === undefined || this.#scoreOf(peer) < 0 || this.#isBackedOff(topic, peer)) this.#prune(peer, topic)
    else mesh.add(peer.key)
  }

  #pruned(peer: GossipPeer, topic: string): void {
    this.#mesh.get(topic)?.delete(peer.key)
    this.#backOff(topic, peer)
    this.#awaitHeartbeat()
  }

  /** A peer has messages: those that we lack are asked for. */
  #toldIds(peer: GossipPeer, ids: readonly string[]): void {
    const missing = ids.filter((id) => !this.#messages.isSeen(id) && !this.#wanted.has(id))
    if (missing.length === 0 || this.#scoreOf(peer) < GOSSIP_SCORE) return
    for (const id of missing) this.#wanted.add(id)
    this.#awaitHeartbeat()
    this.#transmit(peer, CONTROL_BYTES + ID_BYTES * missing.length, (there) => there.askedFor(missing))
  }

  #askedFor(peer: GossipPeer, ids: readonly string[]): void {
    if (this.#scoreOf(peer) < GOSSIP_SCORE) return
    for (const id of ids) {
      const message = this.#messages.get(id)
      if (message !== undefined) this.#send(peer, message)
    }
  }

  #heartbeat(): void {
    this.#cancelHeartbeat = undefined
    for (const [topic, mesh] of this.#mesh) {
      this.#mend(topic, mesh)
      this.#tellIds(topic, mesh)
    }
    this.#messages.age()
    this.#wanted.clear()
    this.#awaitHeartbeat()
  }

  /** Grafts where there are too few, prunes where there are too many, and whoever is not worth it. */
  #mend(topic: string, mesh: Set<string>): void {
    const { random } = this.#components
    for (const key of mesh) {
      const peer = this.#peers.get(key)
      if (peer !== undefined && this.#scoreOf(peer) < 0) this.#prune(peer, topic)
    }
    if (mesh.size < D_LOW) {
      for (const peer of random.shuffled(this.#candidates(topic, mesh)).slice(0, D - mesh.size)) {
        mesh.add(peer.key)
        this.#transmit(peer, CONTROL_BYTES, (there) => there.grafted(topic))
      }
    }
    if (mesh.size > D_HIGH) {
      for (const key of random.shuffled([...mesh]).slice(D)) {
        const peer = this.#peers.get(key)
        if (peer !== undefined) this.#prune(peer, topic)
      }
    }
  }

  #tellIds(topic: string, mesh: ReadonlySet<string>): void {
    const ids = this.#messages.news(topic)
    if (ids.length === 0) return
    const others = [...this.#peers.values()].filter((peer) => peer.topics.has(topic) && !mesh.has(peer.key) && this.#scoreOf(peer) >= GOSSIP_SCORE)
    for (const peer of this.#components.random.shuffled(others).slice(0, D_LAZY)) {
      this.#transmit(peer, CONTROL_BYTES + ID_BYTES * ids.length, (there) => there.toldIds(ids))
    }
  }

  #candidates(topic: string, mesh: ReadonlySet<string>): GossipPeer[] {
    return [...this.#peers.values()].filter((peer) =>
      peer.topics.has(topic) && !mesh.has(peer.key) && this.#scoreOf(peer) >= 0 && !this.#isBackedOff(topic, peer))
  }

  #prune(peer: GossipPeer, topic: string): void {
    this.#mesh.get(topic)?.delete(peer.key)
    this.#backOff(topic, peer)
    this.#transmit(peer, CONTROL_BYTES, (there) => there.pruned(topic))
  }

  #backOff(topic: string, { key }: GossipPeer): void {
    this.#backoffs.set(`${topic} ${key}`, this.#components.clock.now() + BACKOFF_MS)
  }

  #isBackedOff(topic: string, { key }: GossipPeer): boolean {
    return (this.#backoffs.get(`${topic} ${key}`) ?? -Infinity) > this.#components.clock.now()
  }

  #punish(peer: GossipPeer | undefined): void {
    peer?.punish(this.#components.clock.now())
    this.#awaitHeartbeat()
  }

  #scoreOf(peer: GossipPeer): number {
    const { clock, score } = this.#components
    return peer.points(clock.now()) + score(peer.key)
  }

  #keep(message: Message): void {
    this.#messages.keep(message)
    this.#awaitHeartbeat()
  }

  /** Sees to the next heartbeat, where one has something to do. */
  #awaitHeartbeat(): void {
    if (this.#isStopped || this.#cancelHeartbeat !== undefined || !this.#isBusy()) return
    const { clock } = this.#components
    const sinceMs = (((clock.now() - this.#phaseMs) % HEARTBEAT_MS) + HEARTBEAT_MS) % HEARTBEAT_MS
    this.#cancelHeartbeat = clock.after(HEARTBEAT_MS - sinceMs, () => this.#heartbeat())
  }

  #isBusy(): boolean {
    if (this.#wanted.size > 0 || this.#messages.isFilled) return true
    return [...this.#mesh].some(([topic, mesh]) =>
      mesh.size > D_HIGH || (mesh.size < D_LOW && this.#candidates(topic, mesh).length > 0) ||
      [...mesh].some((key) => this.#scoreOf(this.#peers.get(key) as GossipPeer) < 0)) // who is gone has left the mesh
  }
}
