/**
 * Tells which network this node is of, whoever asks on the LAN which services there are (RFC 6763, section 9), and
 * listens to what others say of theirs.
 *
 * @libp2p/mdns answers for nodes, by their network's tag, and not this question. With it `cairn doctor`, `avahi-browse`
 * and `dns-sd -B _services._dns-sd._udp` show every Cairn network of the LAN. As all nodes of a network would answer the
 * same, each waits for a moment, and is silent if another was quicker (RFC 6762, sections 6 and 7.4).
 */
import multicastDNS, { type MulticastDNS } from 'multicast-dns'
import type { Logger } from 'pino'
import type { Clock } from '../../chain/clock.ts'
import { reason } from '../network-error.ts'
import { type DnsPacket, NAME_TEXT, type NearbyNetworks, SERVICES } from './nearby.ts'

/** An answer waits for 20 to 120 ms (RFC 6762, section 6), */
const LEAST_WAIT_MS = 20
const WAIT_MS = 100
/** and follows the one before no sooner than this. */
const PAUSE_MS = 1_000
/** For how long others may remember it, s: a node asks every 10 s. */
const TTL_S = 120

export interface AnnouncerComponents {
  clock: Clock
  log: Logger
  nearby: Pick<NearbyNetworks, 'hear'>
}

export interface AnnouncerOptions {
  serviceTag: string
  /** The network's name; undefined where it is not told, for the network is private. */
  networkName: string | undefined
}

export class Announcer {
  readonly #components: AnnouncerComponents
  readonly #options: AnnouncerOptions
  #mdns: MulticastDNS | undefined
  #cancel: (() => void) | undefined
  /** ms since the Unix epoch. */
  #answeredAt = -Infinity

  constructor(components: AnnouncerComponents, options: AnnouncerOptions) {
    this.#components = components
    this.#options = options
  }

  start(): void {
    const mdns = multicastDNS()
    this.#mdns = mdns
    mdns.on('warning', () => {}) // not DNS: anybody may send it
    mdns.on('error', (error: Error) => {
      this.#components.log.debug({ reason: reason(error) }, 'cannot tell others which network this is')
    })
    mdns.on('packet', (packet: DnsPacket, { address }: { address: string }) => this.hear(packet, address, (answer) => mdns.respond(answer)))
  }

  async stop(): Promise<void> {
    this.#cancel?.()
    this.#cancel = undefined
    const mdns = this.#mdns
    this.#mdns = undefined
    if (mdns !== undefined) await new Promise<void>((resolve) => mdns.destroy(resolve))
  }

  /**
   * Takes in a packet.
   * @param from the sender's IP address
   * @param respond sends to everybody
   */
  hear(packet: DnsPacket, from: string, respond: (answer: ReturnType<Announcer['answer']>) => void): void {
    const { clock, nearby } = this.#components
    nearby.hear(packet, from)
    // In a question: what whoever asks knows already.
    if (packet.answers?.some(({ name, data }) => name === SERVICES && data === this.#options.serviceTag)) {
      this.#cancel?.()
      this.#cancel = undefined
      return
    }
    if (!packet.questions?.some(({ name, type }) => name === SERVICES && (type === 'PTR' || type === 'ANY'))) return
    if (this.#cancel !== undefined || clock.now() - this.#answeredAt < PAUSE_MS) return
    this.#cancel = clock.after(LEAST_WAIT_MS + Math.random() * WAIT_MS, () => {
      this.#cancel = undefined
      this.#answeredAt = clock.now()
      respond(this.answer())
    })
  }

  /** The answer: our tag, and in a text of it the network's name. */
  answer(): { answers: [{ name: string; type: 'PTR'; ttl: number; data: string }]; additionals: { name: string; type: 'TXT'; ttl: number; data: string[] }[] } {
    const { serviceTag, networkName } = this.#options
    const text = networkName === undefined ? [] : [`${NAME_TEXT}${networkName}`]
    return {
      answers: [{ name: SERVICES, type: 'PTR', ttl: TTL_S, data: serviceTag }],
      additionals: text.map((each) => ({ name: serviceTag, type: 'TXT', ttl: TTL_S, data: [each] })),
    }
  }
}
