/**
 * What nodes say of themselves by multicast DNS (libp2p specs, discovery/mdns.md): a pointer from the network's service to
 * a name of the node's own, and under that a text record for each of its addresses, `dnsaddr=MULTIADDR`.
 *
 * Whatever comes is somebody's claim: what cannot be read is left out, and nothing here fails.
 */
import { peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { hostOf } from './lan-address.ts'

/** RFC 6762, section 3. */
export const MDNS_GROUP = '224.0.0.251'
export const MDNS_PORT = 5353
/** More than a node has addresses on one interface. */
export const MAX_RECORDS = 8
/** What a text record begins with. */
const PREFIX = 'dnsaddr='

/** As much of a DNS packet as matters here; a question has no data. */
export interface DnsPacket {
  questions?: { name: string; type: string }[]
  answers?: DnsRecord[]
  additionals?: DnsRecord[]
}

export interface DnsRecord {
  name: string
  type: string
  data?: unknown
}

/** A record that is sent. */
interface Said {
  name: string
  type: 'PTR' | 'TXT'
  class: 'IN'
  ttl: number
  data: string
}

/** What a node says of itself. @param addresses with or without its peer id */
export function recordsOf(serviceTag: string, peerId: string, addresses: readonly Multiaddr[]): Said[] {
  const name = `${peerId}.${serviceTag}`
  return [
    { name: serviceTag, type: 'PTR', class: 'IN', ttl: 120, data: name },
    ...addresses.map((address) => {
      const text = address.getComponents().some((part) => part.name === 'p2p') ? String(address) : `${address}/p2p/${peerId}`
      return { name, type: 'TXT' as const, class: 'IN' as const, ttl: 120, data: PREFIX + text }
    }),
  ]
}

/** The node that records are of, and its TCP addresses without its peer id; undefined where they are of none of ours. */
export function readRecords(records: readonly DnsRecord[], serviceTag: string): { peerId: string; addresses: Multiaddr[] } | undefined {
  if (!records.some(({ name, type }) => type === 'PTR' && name === serviceTag)) return undefined
  const addresses: Multiaddr[] = []
  let peerId: string | undefined
  for (const record of records) {
    if (record.type !== 'TXT') continue
    for (const text of textsOf(record.data)) {
      if (!text.startsWith(PREFIX) || addresses.length === MAX_RECORDS) continue
      try {
        const address = multiaddr(text.slice(PREFIX.length))
        const last = address.getComponents().at(-1)
        if (last?.name !== 'p2p' || last.value === undefined || hostOf(address) === undefined) continue
        peerId ??= peerIdFromString(last.value).toString()
        if (last.value === peerId) addresses.push(address.decapsulate('/p2p'))
      } catch {
        // not an address: somebody else's mistake, or worse
      }
    }
  }
  return peerId === undefined ? undefined : { peerId, addresses }
}

/** The texts of a TXT record, whose data is one or several byte strings. */
export const textsOf = (data: unknown): string[] =>
  [data].flat().flatMap((text) => (text instanceof Uint8Array ? [new TextDecoder().decode(text)] : typeof text === 'string' ? [text] : []))
