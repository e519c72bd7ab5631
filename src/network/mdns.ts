/**
 * Finds nodes of this network by multicast DNS (RFC 6762), in the messages that libp2p has for it
 * (libp2p specs, discovery/mdns.md): a question for the network's service, answered with a text record an address.
 *
 * On every interface with an IPv4 address there is a socket of its own, which joins the group there and sends there:
 * with one socket for all, the system would send by the default route alone, which may be a VPN's. Loopback has one
 * too, for nodes on a machine without a network.
 *
 *   asked    at a start, 1, 2 and 4 s later (should a packet be lost), and then every 10 s
 *   said     to whoever asks on an interface: the addresses that this node listens on there, to everybody at once and
 *            four times a second at most, however many ask; and which network it is of to whoever asks for any
 *            (diagnosis/announcer.ts)
 *   believed answers from a machine of the interface's own network, and of what they say only the address that they
 *            came from. So a forged answer can bring a dial to its sender and to nobody else, and what is found can be
 *            reached, for a packet came from there.
 *
 * Whoever uses this starts it anew when interfaces change. Nothing fails: an interface where multicast does not work is
 * named in the log.
 */
import { BlockList } from 'node:net'
import type { Multiaddr } from '@multiformats/multiaddr'
import multicastDns from 'multicast-dns'
import type { Logger } from 'pino'
import type { Clock } from '../chain/clock.ts'
import { Announcer } from './diagnosis/announcer.ts'
import type { NearbyNetworks } from './diagnosis/nearby.ts'
import { hostOf, type Interfaces } from './lan-address.ts'
import { type DnsRecord, MAX_RECORDS, MDNS_GROUP, MDNS_PORT, readRecords, recordsOf } from './mdns-records.ts'
import { reason } from './network-error.ts'
import { MDNS_ANSWER_INTERVAL_MS, MDNS_INTERVAL_MS } from './protocols.ts'

export interface MdnsComponents {
  clock: Clock
  log: Logger
  /** Name of the service, with the network's ID. */
  serviceTag: string
  peerId: string
  /** Where this node listens, on all interfaces. */
  addresses: () => Multiaddr[]
  /** Hears of every Cairn network. */
  nearby: NearbyNetworks
  /** This network's name, for whoever asks which there are; undefined where it is private. */
  networkName: string | undefined
  /** A node answered from an address. May be told again at any time. */
  found: (peerId: string, address: Multiaddr) => void
}

/** An interface's IPv4 address. */
interface Link {
  address: string
  prefix: number
}

/** Waits after the first question; the last one goes on. */
const WAITS_MS = [1_000, 1_000, 2_000, MDNS_INTERVAL_MS]

export class Mdns {
  readonly #components: MdnsComponents
  #sockets: MdnsSocket[] = []

  constructor(components: MdnsComponents) {
    this.#components = components
  }

  /** libp2p must be listening. Not to be called twice without `stop` between. */
  start(interfaces: Interfaces): void {
    this.#sockets = linksOf(interfaces).map((link) => new MdnsSocket(this.#components, link))
  }

  async stop(): Promise<void> {
    const sockets = this.#sockets
    this.#sockets = []
    await Promise.all(sockets.map((socket) => socket.close()))
  }
}

class MdnsSocket {
  readonly #components: MdnsComponents
  readonly #link: Link
  readonly #network = new BlockList()
  readonly #socket: multicastDns.MulticastDNS
  readonly #announcer: Announcer
  #cancelQuestion: () => void = () => {}
  #cancelAnswer: (() => void) | undefined
  #answeredAt = -Infinity
  #warned = false

  constructor(components: MdnsComponents, link: Link) {
    this.#components = components
    this.#link = link
    this.#network.addSubnet(link.address, link.prefix)
    // Bound to no address, for packets to the group are not addressed to one.
    this.#socket = multicastDns({ port: MDNS_PORT, ip: MDNS_GROUP, interface: link.address, bind: '0.0.0.0' })
    this.#socket.on('error', this.#warn)
    this.#socket.on('warning', this.#warn)
    const { clock, nearby, serviceTag, networkName } = components
    const respond = (answer: multicastDns.ResponseOutgoingPacket): void => this.#socket.respond(answer, this.#sent)
    this.#announcer = new Announcer({ clock, nearby, respond }, { serviceTag, networkName })
    this.#socket.on('packet', (packet, { address }) => {
      if (this.#network.check(address)) this.#announcer.hear(packet, address)
    })
    this.#socket.on('query', ({ questions }, { address }) => {
      const asked = questions.some(({ name }) => name === components.serviceTag)
      if (asked && this.#network.check(address)) this.#answerSoon()
    })
    this.#socket.on('response', ({ answers, additionals }, { address }) => {
      if (this.#network.check(address)) this.#take([...answers, ...additionals], address)
    })
    this.#ask(0)
  }

  close(): Promise<void> {
    this.#cancelQuestion()
    this.#cancelAnswer?.()
    this.#announcer.stop()
    return new Promise((resolve) => this.#socket.destroy(() => resolve()))
  }

  #ask(count: number): void {
    const { clock, serviceTag } = this.#components
    this.#socket.query({ questions: [{ name: serviceTag, type: 'PTR' }] }, this.#sent)
    const wait = WAITS_MS[Math.min(count, WAITS_MS.length - 1)] ?? MDNS_INTERVAL_MS
    this.#cancelQuestion = clock.after(wait, () => this.#ask(count + 1))
  }

  /** At once, or as soon as the pace allows; who asks meanwhile hears the same answer. */
  #answerSoon(): void {
    const { clock } = this.#components
    if (this.#cancelAnswer !== undefined) return
    const wait = this.#answeredAt + MDNS_ANSWER_INTERVAL_MS - clock.now()
    if (wait <= 0 || wait > MDNS_ANSWER_INTERVAL_MS) this.#answer() // above: the clock was set back
    else {
      this.#cancelAnswer = clock.after(wait, () => {
        this.#cancelAnswer = undefined
        this.#answer()
      })
    }
  }

  #answer(): void {
    const { clock, serviceTag, peerId, addresses } = this.#components
    this.#answeredAt = clock.now()
    const here = addresses().filter((address) => hostOf(address)?.ip === this.#link.address).slice(0, MAX_RECORDS)
    if (here.length > 0) this.#socket.respond({ answers: recordsOf(serviceTag, peerId, here) }, this.#sent)
  }

  #take(records: DnsRecord[], from: string): void {
    const { serviceTag, peerId, found } = this.#components
    const node = readRecords(records, serviceTag)
    if (node === undefined || node.peerId === peerId) return
    for (const address of node.addresses) if (hostOf(address)?.ip === from) found(node.peerId, address)
  }

  readonly #sent = (error?: Error | null): void => {
    if (error != null) this.#warn(error)
  }

  /** Once: an interface that does not take one packet takes none. Only the system's errors: others are of what was received. */
  readonly #warn = (error: Error): void => {
    const { log } = this.#components
    if (this.#warned || !('code' in error)) return
    this.#warned = true
    log.warn(
      { interface: this.#link.address, reason: reason(error) },
      'mDNS does not work on an interface: give --peer an address there, and others will find the way',
    )
  }
}

/** The first IPv4 address of each interface: a group is joined once an interface. */
function linksOf(interfaces: Interfaces): Link[] {
  return Object.values(interfaces).flatMap((list = []) => {
    const first = list.find(({ family }) => family === 'IPv4')
    const prefix = Number(first?.cidr?.split('/')[1])
    return first !== undefined && Number.isInteger(prefix) ? [{ address: first.address, prefix }] : []
  })
}
