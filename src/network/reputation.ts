/**
 * What this node thinks of peers, by peer id, connected or not: scores and bans.
 *
 *   score   0 is neutral. Each fault with consequence `lower` takes 10 points, one comes back every 10 s.
 *           At −100 the peer is disconnected, and refused until it is above that again.
 *   ban     half an hour, for what no honest node sends; forgotten when the process ends, so that whoever mended a
 *           broken node need not wait: an attacker, who can have a new name at any time, gains nothing by it.
 *
 * Which code has which consequence: verdicts.ts. The connection gater asks `refusal` before any dial and after the
 * handshake of whoever dials us, when its peer id is proven.
 */
import type { Logger } from 'pino'
import type { Clock } from '../chain/clock.ts'
import type { CairnGate } from './cairn-libp2p.ts'
import { BAN_MS, FAULT_POINTS, MAX_REMEMBERED_FAULTS, POINT_RECOVERY_MS, SCORE_LIMIT } from './protocols.ts'
import { setLatest } from './set-latest.ts'
import { type Code, VERDICTS } from './verdicts.ts'

interface Entry {
  /** As of `at`; ≤ 0. */
  score: number
  /** ms since the Unix epoch. */
  at: number
  ban?: { code: Code; until: number }
}

export interface Ban {
  peerId: string
  code: Code
  /** ms since the Unix epoch. */
  until: number
}

export interface ReputationComponents {
  clock: Clock
  log: Logger
  /** Disconnects a peer at once. */
  cut: (peerId: string) => void
}

export class Reputation {
  readonly #components: ReputationComponents
  /** In order of last change, oldest first. */
  readonly #entries = new Map<string, Entry>()

  constructor(components: ReputationComponents) {
    this.#components = components
  }

  /** Draws the consequence of a code for a peer. */
  judge(peerId: string, code: Code, found = ''): void {
    const { clock, log, cut } = this.#components
    const { peer } = VERDICTS[code]
    if (peer === 'none') return
    const now = clock.now()
    const entry = this.#entries.get(peerId) ?? { score: 0, at: now }
    entry.score = this.score(peerId) - FAULT_POINTS
    entry.at = now
    setLatest(this.#entries, peerId, entry, MAX_REMEMBERED_FAULTS)
    if (peer === 'ban') {
      entry.score = SCORE_LIMIT
      entry.ban = { code, until: now + BAN_MS }
      log.warn({ code, peer: peerId, reason: found, minutes: BAN_MS / 60_000 }, 'banned a peer')
      cut(peerId)
    } else if (entry.score <= SCORE_LIMIT) {
      log.warn({ code: 'peer-score-low', peer: peerId, last: code, reason: found }, 'disconnected a peer')
      cut(peerId)
    } else {
      log.info({ code, peer: peerId, reason: found, score: entry.score }, 'lowered a peer’s score')
    }
  }

  /** 0 is neutral, less is worse; a whole number. */
  score(peerId: string): number {
    const entry = this.#entries.get(peerId)
    if (entry === undefined) return 0
    const back = Math.floor(Math.max(0, this.#components.clock.now() - entry.at) / POINT_RECOVERY_MS)
    return Math.min(0, entry.score + back)
  }

  /** Why a peer is not to be connected to, if so. */
  refusal(peerId: string): Code | undefined {
    const ban = this.#entries.get(peerId)?.ban
    if (ban !== undefined && ban.until > this.#components.clock.now()) return ban.code
    return this.score(peerId) <= SCORE_LIMIT ? 'peer-score-low' : undefined
  }

  /** Bans in force. */
  bans(): Ban[] {
    const now = this.#components.clock.now()
    return [...this.#entries].flatMap(([peerId, { ban }]) => (ban !== undefined && ban.until > now ? [{ peerId, ...ban }] : []))
  }

  /** For libp2p: nobody whom we refuse gets a connection, whoever dials. */
  gater(): CairnGate {
    const denied = (peerId: { toString(): string }): boolean => this.refusal(peerId.toString()) !== undefined
    return { denyDialPeer: denied, denyInboundEncryptedConnection: denied, denyOutboundEncryptedConnection: denied }
  }
}
