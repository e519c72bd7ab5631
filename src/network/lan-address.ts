/**
 * Which addresses are on the LAN, and in which order to dial those of one peer.
 *
 * What strangers say (by mDNS, or a peer of another) is dialled only on the LAN: a private or loopback address, or one
 * in a network that this machine is in itself. The latter may be public: universities give every laptop a public
 * address, and IPv6 gives every machine one. Such a network counts because its machines are reached without a router,
 * so a packet to them goes no further than one to a private address. It does not count where its prefix is so short
 * that it cannot be one cable or one Wi-Fi (a VPN's route to half of the internet looks like that).
 *
 * Never dialled: port 0, multicast, and a network's first and last address (the last is its broadcast).
 *
 * A machine has many addresses, also of its docker bridges and its loopback. An address in a network that we are in
 * ourselves is tried first, loopback last.
 */
import { BlockList } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Multiaddr } from '@multiformats/multiaddr'

const LOOPBACK = blockList([['127.0.0.0', 8, 'ipv4'], ['::1', 128, 'ipv6']])
/** RFC 1918, RFC 3927, RFC 4193, RFC 4291: no packet to them leaves the site. */
const PRIVATE = blockList([
  ['10.0.0.0', 8, 'ipv4'], ['172.16.0.0', 12, 'ipv4'], ['192.168.0.0', 16, 'ipv4'], ['169.254.0.0', 16, 'ipv4'],
  ['fc00::', 7, 'ipv6'], ['fe80::', 10, 'ipv6'],
])
/** The largest network that is believed to be a LAN: a campus, and a site's whole IPv6 prefix. */
const SHORTEST_PREFIX = { ipv4: 16, ipv6: 48 } as const

type Family = 'ipv4' | 'ipv6'

/** The addresses of this machine, as `os.networkInterfaces` tells them. */
export type Interfaces = ReturnType<typeof networkInterfaces>

/** The networks that this machine is in, and the addresses in them that are no machine's. */
export interface OwnNetworks {
  networks: BlockList
  edges: BlockList
}

/** Whether it is TCP at an IP address on the LAN. */
export function isLanAddress(address: Multiaddr, { networks, edges }: OwnNetworks): boolean {
  const host = hostOf(address)
  if (host === undefined || host.port === 0) return false
  const { ip, family } = host
  if (LOOPBACK.check(ip, family)) return true
  return !edges.check(ip, family) && (PRIVATE.check(ip, family) || networks.check(ip, family))
}

/** Whether an IP address is this machine's loopback, whoever says it. */
export const isLoopback = (ip: string, family: Family): boolean => LOOPBACK.check(ip, family)

/** Whether an IP address is one that this node listens on. @param listens where it does, on every interface */
export const isOwnIp = (ip: string, listens: readonly Multiaddr[]): boolean => listens.some((address) => hostOf(address)?.ip === ip)

/** The order to dial a peer's addresses in. */
export function nearestFirst(addresses: readonly Multiaddr[], { networks } = ownNetworks(networkInterfaces())): Multiaddr[] {
  const distance = (address: Multiaddr): number => {
    const host = hostOf(address)
    if (host === undefined) return 1
    if (LOOPBACK.check(host.ip, host.family)) return 2
    return networks.check(host.ip, host.family) ? 0 : 1
  }
  return [...addresses].sort((a, b) => distance(a) - distance(b))
}

/** The IP address and port of a TCP multiaddr. */
export function hostOf(address: Multiaddr): { ip: string; family: Family; port: number } | undefined {
  const parts = address.getComponents().filter(({ name }) => name !== 'ip6zone' && name !== 'p2p')
  const [host, port] = parts
  if (parts.length !== 2 || port?.name !== 'tcp' || host?.value === undefined) return undefined
  const at = { ip: host.value, port: Number(port.value) }
  if (host.name === 'ip4') return { ...at, family: 'ipv4' }
  return host.name === 'ip6' ? { ...at, family: 'ipv6' } : undefined
}

export function ownNetworks(interfaces: Interfaces): OwnNetworks {
  const [networks, edges] = [new BlockList(), new BlockList()]
  for (const { address, family: name, internal, cidr } of Object.values(interfaces).flatMap((list) => list ?? [])) {
    const prefix = Number(cidr?.split('/')[1])
    const family = name === 'IPv4' ? 'ipv4' : 'ipv6'
    if (internal || !Number.isInteger(prefix)) continue
    if (prefix >= SHORTEST_PREFIX[family]) networks.addSubnet(address, prefix, family)
    if (family === 'ipv6' || prefix > 30) continue // links of two machines (RFC 3021) use every address
    const size = 2 ** (32 - prefix)
    const first = Math.floor(numberOf(address) / size) * size
    for (const edge of [first, first + size - 1]) edges.addAddress(textOf(edge))
  }
  return { networks, edges }
}

const numberOf = (ip: string): number => ip.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)
const textOf = (ip: number): string => [24, 16, 8, 0].map((shift) => Math.floor(ip / 2 ** shift) % 256).join('.')

function blockList(subnets: [string, number, Family][]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) list.addSubnet(...subnet)
  return list
}
