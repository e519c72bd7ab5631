/** Where a server that listens can be reached: from this machine, and from others. */
import { isIP, isIPv6 } from 'node:net'
import type { networkInterfaces } from 'node:os'
import { listInterfaces } from '../network/diagnosis/interfaces.ts'
import { isLoopback } from '../network/lan-address.ts'

/** From this machine, where it listens on `host`. */
export function localUrl(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`
  return urlOf(host === '::' ? '::1' : host, port)
}

/**
 * From other machines, the LAN's addresses first; none where it listens on loopback.
 * @param address the IP address that it is bound to
 */
export function lanUrls({ address, port }: { address: string; port: number }, interfaces?: ReturnType<typeof networkInterfaces>): string[] {
  if (isFromHere(address)) return []
  if (address !== '0.0.0.0' && address !== '::') return [urlOf(address, port)]
  return listInterfaces(interfaces).flatMap(({ kind, address: own }) => (kind === 'loopback' || own === null ? [] : [urlOf(own, port)]))
}

/** Whether an address, of a caller or one to listen on, is this machine's loopback. A name other than `localhost` is not. */
export function isFromHere(address: string): boolean {
  if (address === '127.0.0.1') return true // as nearly everybody is, in nearly every request
  const ip = address.replace(/^::ffff:/i, '') // as a server on all of IPv6 sees callers of IPv4
  if (isIP(ip) === 0) return ip === 'localhost'
  return isLoopback(ip, isIPv6(ip) ? 'ipv6' : 'ipv4')
}

const urlOf = (host: string, port: number): string => `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
