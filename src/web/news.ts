/** What happened lately, newest first: facts only; strings.ts puts them into words. */
import type { ApiTransaction, BlockSummary } from '../http/api.ts'

export type Happening =
  | { kind: 'mined'; block: BlockSummary }
  | { kind: 'caught-up'; blocks: number; height: number }
  | { kind: 'switched'; out: number; in: number; miner: string | null }
  | { kind: 'sent'; transaction: ApiTransaction }
  | { kind: 'dropped'; id: string; reason: string }
  | { kind: 'joined'; peerId: string; name: string | null }
  | { kind: 'left'; peerId: string; name: string | null }
  | { kind: 'back'; awayMs: number }

/** `at`: ms since the Unix epoch by the node's clock. `key`: unique in the page. */
export type News = Happening & { at: number; key: string }

export const MAX_NEWS = 60
/** More blocks than this at once is catching up, and told in one line. */
export const MANY_BLOCKS = 12
/** Catching up is over when no block came for this long. */
const PAUSE_MS = 2_000

/** Adds what just happened, in the order it did; a run of many blocks becomes one line, and goes on in it. */
export function withNews(old: readonly News[], happenings: readonly Happening[], at: number): readonly News[] {
  const blocks = happenings.filter((happening) => happening.kind === 'mined')
  const [latest] = old
  const goesOn = latest?.kind === 'caught-up' && at - latest.at < PAUSE_MS ? latest.blocks : 0
  const last = blocks.at(-1)
  if (last !== undefined && (blocks.length > MANY_BLOCKS || goesOn > 0)) {
    const caughtUp: Happening = { kind: 'caught-up', blocks: goesOn + blocks.length, height: last.block.height }
    const others = happenings.filter(({ kind }) => kind !== 'mined')
    return withNews(goesOn > 0 ? old.slice(1) : old, [...others, caughtUp], at)
  }
  const news = happenings.map((happening): News => ({ ...happening, at: timeOf(happening, at), key: keyOf(happening, at) }))
  const seen = new Set(news.map(({ key }) => key))
  return [...news.reverse(), ...old.filter(({ key }) => !seen.has(key))].slice(0, MAX_NEWS)
}

/** A block has a time of its own; it may be ahead of our clock. */
const timeOf = (happening: Happening, at: number): number =>
  happening.kind === 'mined' ? Math.min(happening.block.timestamp, at) : at

/** Of the news that a transaction was sent. */
export const keyOfSent = (id: string): string => `sent ${id}`

function keyOf(happening: Happening, at: number): string {
  switch (happening.kind) {
    case 'mined': return `mined ${happening.block.hash}`
    case 'sent': return keyOfSent(happening.transaction.id)
    case 'dropped': return `dropped ${happening.id}`
    case 'joined':
    case 'left': return `${happening.kind} ${happening.peerId} ${at}`
    case 'caught-up': return `caught-up ${happening.height}`
    case 'switched':
    case 'back': return `${happening.kind} ${at}`
  }
}
