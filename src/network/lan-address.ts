/**
 * Which addresses are on the LAN, and in which order to dial those of one peer.
 *
 * A machine announces every address it has: of its docker bridges and its loopback too. An address in a network that we
 * are in ourselves is tried first, loopback last.
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

type Family = 'ipv4' | 'ipv6'

/** Whether it is TCP at a private or loopback IP address: what mDNS is believed. */
export function isLanAddress(address: Multiaddr): boolean {
  const host = hostOf(address)
  return host !== undefined && (LOOPBACK.check(host.ip, host.family) || PRIVATE.check(host.ip, host.family))
}

/** The order to dial a peer's addresses in. */
export function nearestFirst(addresses: readonly Multiaddr[]): Multiaddr[] {
  const ours = new BlockList()
  for (const { address, family, internal, cidr } of Object.values(networkInterfaces()).flatMap((list) => list ?? [])) {
    const prefix = Number(cidr?.split('/')[1])
    if (!internal && Number.isInteger(prefix)) ours.addSubnet(address, prefix, family === 'IPv4' ? 'ipv4' : 'ipv6')
  }
  const distance = (address: Multiaddr): number => {
    const host = hostOf(address)
    if (host === undefined) return 1
    if (LOOPBACK.check(host.ip, host.family)) return 2
    return ours.check(host.ip, host.family) ? 0 : 1
  }
  return [...addresses].sort((a, b) => distance(a) - distance(b))
}

/** The IP address of a TCP multiaddr. */
export function hostOf(address: Multiaddr): { ip: string; family: Family } | undefined {
  const parts = address.getComponents().filter(({ name }) => name !== 'ip6zone' && name !== 'p2p')
  const [host, port] = parts
  if (parts.length !== 2 || port?.name !== 'tcp' || host?.value === undefined) return undefined
  if (host.name === 'ip4') return { ip: host.value, family: 'ipv4' }
  return host.name === 'ip6' ? { ip: host.value, family: 'ipv6' } : undefined
}

function blockList(subnets: [string, number, Family][]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) list.addSubnet(...subnet)
  return list
}
