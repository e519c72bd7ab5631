/**
 * Whoever announces itself nearby, of any Cairn network: a memory of what was heard by mDNS.
 *
 * Each node asks for its own service tag every 10 s, for everybody to hear, and answers to it with its addresses. And
 * each answers the question which services there are at all (RFC 6763, section 9), with its tag and the name of its
 * network, so that one question shows every network of the LAN at once (announcer.ts).
 *
 * Nobody proves anything by mDNS: what is kept is bounded, and a name counts where the parameters that it stands for
 * give the id that was heard.
 *
 * @example
 *   const nearby = new NearbyNetworks(systemClock)
 *   nearby.hear(packet, '192.168.1.7')
 *   nearby.list('_cairn-dee6fe77._udp.local', ['192.168.1.5'])
 */
import type { Clock } from '../../chain/clock.ts'
import { genesisOf } from '../../consensus/genesis.ts'
import { networkParams } from '../../consensus/params.ts'
import { hostOf } from '../lan-address.ts'
import { type DnsPacket, type DnsRecord, readRecords, textsOf } from '../mdns-records.ts'
import type { NearbyNetwork, NearbyNode } from './diagnosis.ts'

/** The question which services there are. */
export const SERVICES = '_services._dns-sd._udp.local'
/** Before the network's name, in a text beside the answer to it. */
export const NAME_TEXT = 'network='

/** The service tags of networks; `k` marks a private one (protocols.ts). */
const TAG = /^_cairn-(k?)([0-9a-f]{8})\._udp\.local$/
/** A node asks every 10 s; one that was not heard for so long is gone. */
const REMEMBERED_MS = 60_000
/** More networks than a LAN has; what comes beyond is not kept. */
const MAX_NETWORKS = 32
const MAX_NODES = 64
/** Addresses of one node. */
const MAX_ADDRESSES = 16

interface Heard {
  name: string | null
  joinable: boolean
  /** Heard last, ms since the Unix epoch. */
  at: number
  /** By peer id, or by IP address where only a question was heard. */
  nodes: Map<string, { peerId: string | null; addresses: Set<string>; at: number }>
}

export class NearbyNetworks {
  readonly #clock: Pick<Clock, 'now'>
  /** By service tag. */
  readonly #networks = new Map<string, Heard>()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /**
   * Takes in a packet.
   * @param from the sender's IP address
   * @returns service tags that were not known before
   */
  hear({ questions = [], answers = [], additionals = [] }: DnsPacket, from: string): string[] {
    const records = [...answers, ...additionals]
    const before = new Set(this.#networks.keys())
    for (const { name } of questions) if (TAG.test(name)) this.#node(name, null, [from])
    for (const { name, type, data } of records) {
      if (name === SERVICES && type === 'PTR' && typeof data === 'string') this.#network(data)
    }
    for (const { name, type, data } of records) if (type === 'TXT' && TAG.test(name)) this.#name(name, textsOf(data))
    for (const { name, type } of answers) if (type === 'PTR' && TAG.test(name)) this.#announced(name, records)
    return [...this.#networks.keys()].filter((tag) => !before.has(tag))
  }

  /** The service tags that are known. */
  get tags(): string[] {
    return [...this.#networks.keys()]
  }

  /**
   * Who was heard lately.
   * @param ownTag service tag of this node's network
   * @param ownAddresses IP addresses of this machine
   * @param ownPeerId left out
   */
  list(ownTag: string | undefined, ownAddresses: readonly string[], ownPeerId?: string): NearbyNetwork[] {
    this.#forget()
    return [...this.#networks].map(([tag, { name, joinable, nodes }]) => {
      const [, mark, id = ''] = TAG.exec(tag) ?? [] // only such are kept
      const announced = [...nodes.values()].filter(({ peerId }) => peerId !== null)
      const silent = [...nodes.values()].filter(
        ({ peerId, addresses }) => peerId === null && !announced.some((node) => [...addresses].some((each) => node.addresses.has(each))),
      )
      const shown = [...announced, ...silent]
        .filter(({ peerId }) => peerId === null || peerId !== ownPeerId)
        .map(({ peerId, addresses }): NearbyNode => ({
          peerId,
          addresses: [...addresses],
          local: [...addresses].some((address) => ownAddresses.includes(address)),
        }))
      return { id, private: mark === 'k', own: tag === ownTag, name, joinable, nodes: shown }
    })
  }

  #network(tag: string): Heard | undefined {
    const known = this.#networks.get(tag)
    if (known !== undefined) known.at = this.#clock.now()
    if (known !== undefined || !TAG.test(tag)) return known
    this.#forget()
    if (this.#networks.size >= MAX_NETWORKS) return undefined
    const heard: Heard = { name: null, joinable: false, at: this.#clock.now(), nodes: new Map() }
    this.#networks.set(tag, heard)
    return heard
  }

  #node(tag: string, peerId: string | null, addresses: string[]): void {
    const nodes = this.#network(tag)?.nodes
    const key = peerId ?? addresses[0]
    if (nodes === undefined || key === undefined || (!nodes.has(key) && nodes.size >= MAX_NODES)) return
    // On each interface a node says the address that it has there.
    const all = [...new Set([...addresses, ...(nodes.get(key)?.addresses ?? [])])]
    nodes.set(key, { peerId, addresses: new Set(all.slice(0, MAX_ADDRESSES)), at: this.#clock.now() })
  }

  /** A node's own announcement. */
  #announced(tag: string, records: readonly DnsRecord[]): void {
    const node = readRecords(records, tag)
    if (node !== undefined) this.#node(tag, node.peerId, [...new Set(node.addresses.flatMap((address) => hostOf(address)?.ip ?? []))])
  }

  #name(tag: string, texts: string[]): void {
    const name = texts.find((text) => text.startsWith(NAME_TEXT))?.slice(NAME_TEXT.length)
    const heard = this.#network(tag)
    if (heard === undefined || name === undefined || heard.joinable) return
    try {
      const joinable = tag === `_cairn-${genesisOf(networkParams(name)).id}._udp.local`
      Object.assign(heard, { name, joinable })
    } catch {
      // No network has such a name.
    }
  }

  #forget(): void {
    const oldest = this.#clock.now() - REMEMBERED_MS
    for (const [tag, { at, nodes }] of this.#networks) {
      for (const [key, node] of nodes) if (node.at < oldest) nodes.delete(key)
      if (at < oldest) this.#networks.delete(tag)
    }
  }
}
