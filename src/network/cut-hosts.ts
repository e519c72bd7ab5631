/**
 * IP addresses that a peer was just cut off at, for what it did. A peer id costs nothing, so whoever was cut comes back as
 * somebody else at once, and each time the node pays for a handshake: some ten milliseconds, a thousand times what the
 * requests cost that it refuses. So for a minute after the last cut such an address gets one connection a second.
 *
 * Honest peers at that address keep their connections; those that come wait a little longer than they would.
 */
import { CUT_HOST_MS, CUT_HOST_QUOTA, MAX_REMEMBERED_FAULTS } from './protocols.ts'
import { TokenBucket } from './quota.ts'
import { setLatest } from './set-latest.ts'

export class CutHosts {
  readonly #now: () => number
  /** By IP address, the last cut last. */
  readonly #hosts = new Map<string, { until: number; connections: TokenBucket }>()

  /** @param now clock, ms */
  constructor(now: () => number) {
    this.#now = now
  }

  /** A peer at an IP address was cut off. */
  add(ip: string): void {
    const connections = this.#hosts.get(ip)?.connections ?? new TokenBucket(CUT_HOST_QUOTA, this.#now)
    setLatest(this.#hosts, ip, { until: this.#now() + CUT_HOST_MS, connections }, MAX_REMEMBERED_FAULTS)
  }

  /** Whether an IP address gets no connection now; one that it gets is counted. */
  refuses(ip: string): boolean {
    const host = this.#hosts.get(ip)
    if (host === undefined) return false
    if (host.until > this.#now()) return !host.connections.take()
    this.#hosts.delete(ip)
    return false
  }
}
