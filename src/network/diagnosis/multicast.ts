/**
 * Whether multicast works here, and who answers: on each interface a question is sent to everybody, as mDNS does, and
 * listened for. What is sent comes back to the sender where the machine's own rules and firewall let it; whether it is
 * carried to others shows by their answers alone.
 *
 * The question is a real one (which services are there?), beside a name that nobody has, by which the packet is known
 * again. Whatever network is heard of is asked for its nodes at once.
 */
import { randomBytes } from 'node:crypto'
import multicastDNS, { type MulticastDNS } from 'multicast-dns'
import type { Clock } from '../../chain/clock.ts'
import { type DnsPacket, MDNS_GROUP, MDNS_PORT } from '../mdns-records.ts'
import { reason } from '../network-error.ts'
import type { InterfaceDiagnosis } from './diagnosis.ts'
import { type NearbyNetworks, SERVICES } from './nearby.ts'

/**
 * How long is listened; half-way everything is asked again, should a packet be lost. Answers come within 0.4 s; a Wi-Fi
 * that saves power keeps multicast back for up to 0.3 s.
 */
const LISTEN_MS = 2_000

export interface MulticastFindings {
  /** With `multicast` filled in. */
  interfaces: InterfaceDiagnosis[]
  /** Why nothing could be tried; null where it could. */
  problem: string | null
}

/**
 * Tries every interface at once, for two seconds.
 * @param nearby hears what comes
 * @throws the signal's reason
 */
export async function tryMulticast(
  listed: readonly InterfaceDiagnosis[],
  nearby: Pick<NearbyNetworks, 'hear' | 'tags'>,
  clock: Pick<Clock, 'after'>,
  signal: AbortSignal,
): Promise<MulticastFindings> {
  signal.throwIfAborted()
  const addresses = listed.flatMap(({ address }) => address ?? [])
  const markers = new Map(addresses.map((address) => [`_${randomBytes(6).toString('hex')}._udp.local`, address]))
  const heard = new Set<string>()
  const again: (() => void)[] = []
  let problem: string | null = null

  const sockets = [...markers].map(([marker, address]) => {
    // The library hands `bind` on to the socket: what is sent to the group comes only to sockets bound to all addresses.
    const socket = multicastDNS({ interface: address, bind: '0.0.0.0', port: MDNS_PORT, ip: MDNS_GROUP })
    socket.on('error', (error: Error) => (problem ??= reason(error)))
    socket.on('warning', () => {}) // not DNS, or an interface that takes no multicast: it shows by its silence
    socket.on('packet', (packet: DnsPacket, { address: from }: { address: string }) => {
      for (const { name } of packet.questions ?? []) {
        const arrived = markers.get(name)
        // An interface that cannot be chosen is not sent on: then it came from the address of another.
        if (arrived === from) heard.add(arrived)
      }
      for (const tag of nearby.hear(packet, from)) for (const each of sockets) ask(each, tag)
    })
    const askAll = (): void => ask(socket, SERVICES, marker, ...nearby.tags)
    socket.on('ready', askAll)
    again.push(clock.after(LISTEN_MS / 2, askAll))
    return socket
  })
  try {
    await pause(addresses.length === 0 ? 0 : LISTEN_MS, clock, signal)
  } finally {
    for (const cancel of again) cancel()
    await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.destroy(resolve))))
  }
  const tried = (address: string | null): boolean | null => (address === null || problem !== null ? null : heard.has(address))
  return {
    interfaces: listed.map((each) => ({ ...each, multicast: tried(each.address) })),
    problem,
  }
}

/** What cannot be sent on an interface shows by its silence there. */
const ask = (socket: MulticastDNS, ...names: string[]): void =>
  socket.query(names.map((name) => ({ name, type: 'PTR' })), () => {})

function pause(ms: number, clock: Pick<Clock, 'after'>, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const cancel = clock.after(ms, resolve)
  const aborted = (): void => reject(signal.reason as Error) // the signal's own, whatever it is
  signal.addEventListener('abort', aborted, { once: true })
  return promise.finally(() => {
    cancel()
    signal.removeEventListener('abort', aborted)
  })
}
