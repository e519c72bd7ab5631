/**
 * Tells which network this node is of, whoever asks on an interface which services there are (RFC 6763, section 9), and
 * listens to what others say of theirs. mdns.ts has one on each of its sockets.
 *
 * With it `cairn doctor`, `avahi-browse -at` and `dns-sd -B _services._dns-sd._udp` show every Cairn network of the LAN.
 * As all nodes of a network would answer the same, each waits for a moment, and is silent if another was quicker
 * (RFC 6762, sections 6 and 7.4).
 */
import type { Clock } from '../../chain/clock.ts'
import type { DnsPacket } from '../mdns-records.ts'
import { NAME_TEXT, type NearbyNetworks, SERVICES } from './nearby.ts'

/** An answer waits for 20 to 120 ms (RFC 6762, section 6), */
const LEAST_WAIT_MS = 20
const WAIT_MS = 100
/** and follows the one before no sooner than this. */
const PAUSE_MS = 1_000
/** For how long others may remember it, s: a node asks every 10 s. */
const TTL_S = 120

export interface AnnouncerComponents {
  clock: Clock
  nearby: Pick<NearbyNetworks, 'hear'>
  /** Sends to everybody on the interface. */
  respond: (answer: ServiceAnswer) => void
}

export interface AnnouncerOptions {
  serviceTag: string
  /** The network's name; undefined where it is not told, for the network is private. */
  networkName: string | undefined
}

export interface ServiceAnswer {
  answers: { name: string; type: 'PTR'; ttl: number; data: string }[]
  additionals: { name: string; type: 'TXT'; ttl: number; data: string[] }[]
}

export class Announcer {
  readonly #components: AnnouncerComponents
  readonly #options: AnnouncerOptions
  #cancel: (() => void) | undefined
  /** ms since the Unix epoch. */
  #answeredAt = -Infinity

  constructor(components: AnnouncerComponents, options: AnnouncerOptions) {
    this.#components = components
    this.#options = options
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  /**
   * Takes in a packet.
   * @param from the sender's IP address
   */
  hear(packet: DnsPacket, from: string): void {
    const { clock, nearby, respond } = this.#components
    nearby.hear(packet, from)
    // In a question: what whoever asks knows already.
    if (packet.answers?.some(({ name, data }) => name === SERVICES && data === this.#options.serviceTag)) return this.stop()
    if (!packet.questions?.some(({ name, type }) => name === SERVICES && (type === 'PTR' || type === 'ANY'))) return
    const since = clock.now() - this.#answeredAt
    if (this.#cancel !== undefined || (since >= 0 && since < PAUSE_MS)) return // below 0: the clock was set back
    this.#cancel = clock.after(LEAST_WAIT_MS + Math.random() * WAIT_MS, () => {
      this.#cancel = undefined
      this.#answeredAt = clock.now()
      respond(this.#answer())
    })
  }

  /** The answer: our tag, and in a text of it the network's name. */
  #answer(): ServiceAnswer {
    const { serviceTag, networkName } = this.#options
    const text = networkName === undefined ? [] : [`${NAME_TEXT}${networkName}`]
    return {
      answers: [{ name: SERVICES, type: 'PTR', ttl: TTL_S, data: serviceTag }],
      additionals: text.map((each) => ({ name: serviceTag, type: 'TXT', ttl: TTL_S, data: [each] })),
    }
  }
}
