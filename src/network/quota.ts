/**
 * Token buckets: how much a peer may ask, and how fast this node asks.
 *
 *   tokens(t) = min(count, tokens(t₀) + (t − t₀) × count / perMs)
 */
import { type Counted, MAX_REMEMBERED_FAULTS, type Quota } from './protocols.ts'
import { setLatest } from './set-latest.ts'

export class TokenBucket {
  readonly #quota: Quota
  readonly #now: () => number
  #tokens: number
  #at: number

  /** @param now clock, ms */
  constructor(quota: Quota, now: () => number) {
    this.#quota = quota
    this.#now = now
    this.#tokens = quota.count
    this.#at = now()
  }

  /** Takes tokens if there are as many. */
  take(count = 1): boolean {
    if (this.waitMs(count) > 0) return false
    this.#tokens -= count
    return true
  }

  /** Takes tokens whether there are as many or not: what lacks has to come back first. */
  spend(count: number): void {
    this.waitMs(count)
    this.#tokens -= count
  }

  /** Time until there are as many, ms; 0 where there are. Asked for more than the bucket holds: time until it is full. */
  waitMs(count = 1): number {
    const now = this.#now()
    const { count: most, perMs } = this.#quota
    // A clock that was set back gives nothing and takes nothing.
    this.#tokens = Math.min(most, this.#tokens + (Math.max(0, now - this.#at) * most) / perMs)
    this.#at = now
    return Math.max(0, Math.ceil(((Math.min(count, most) - this.#tokens) * perMs) / most))
  }
}

/** The buckets of every peer, by peer id: they outlive a connection, so that dialling again does not fill them. */
export class Quotas {
  readonly #quotas: Readonly<Record<Counted, Quota>>
  readonly #now: () => number
  /** By kind, then by peer id: a key put together of both would be hashed anew at each look. */
  readonly #buckets: Record<Counted, Map<string, TokenBucket>>

  constructor(quotas: Readonly<Record<Counted, Quota>>, now: () => number) {
    this.#quotas = quotas
    this.#now = now
    this.#buckets = {
      status: new Map(), headers: new Map(), bodies: new Map(), mempool: new Map(), bodyBytes: new Map(), peers: new Map(), refusals: new Map(),
    }
  }

  of(peerId: string, kind: Counted): TokenBucket {
    const buckets = this.#buckets[kind]
    const bucket = buckets.get(peerId) ?? new TokenBucket(this.#quotas[kind], this.#now)
    setLatest(buckets, peerId, bucket, MAX_REMEMBERED_FAULTS)
    return bucket
  }
}

/** Quotas with a factor on how many, or on how slowly they come back. */
export const scaleQuotas = (
  quotas: Readonly<Record<Counted, Quota>>,
  { count = 1, perMs = 1 }: { count?: number; perMs?: number },
): Record<Counted, Quota> => {
  const scale = (quota: Quota): Quota => ({ count: quota.count * count, perMs: quota.perMs * perMs })
  return {
    status: scale(quotas.status),
    headers: scale(quotas.headers),
    bodies: scale(quotas.bodies),
    mempool: scale(quotas.mempool),
    bodyBytes: scale(quotas.bodyBytes),
    peers: scale(quotas.peers),
    refusals: scale(quotas.refusals),
  }
}
