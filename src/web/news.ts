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

/** `at`: ms since the Unix epoch by the node's clock. `key`: unique in the page. */
export type News = Happening & { at: number; key: string }

export const MAX_NEWS = 60
/** More blocks than this at once is catching up, and told in one line. */
export const MANY_BLOCKS = 12

/** Adds what just happened, in the order it did; a run of many blocks becomes one line, and goes on in it. */
export function withNews(old: readonly News[], happenings: readonly Happening[], at: number): readonly News[] {
  const blocks = happenings.filter((happening) => happening.kind === 'mined')
  if (blocks.length > MANY_BLOCKS) {
    const [latest] = old
    const before = latest?.kind === 'caught-up' ? latest.blocks : 0
    const caughtUp: Happening = { kind: 'caught-up', blocks: before + blocks.length, height: blocks.at(-1)?.block.height ?? 0 }
    const others = happenings.filter(({ kind }) => kind !== 'mined')
    return withNews(before > 0 ? old.slice(1) : old, [...others, caughtUp], at)
  }
  const news = happenings.map((happening): News => ({ ...happening, at: timeOf(happening, at), key: keyOf(happening, at) }))
  const seen = new Set(news.map(({ key }) => key))
  return [...news.reverse(), ...old.filter(({ key }) => !seen.has(key))].slice(0, MAX_NEWS)
}

/** A block has a time of its own; it may be ahead of our clock. */
const timeOf = (happening: Happening, at: number): number =>
  happening.kind === 'mined' ? Math.min(happening.block.timestamp, at) : at

function keyOf(happening: Happening, at: number): string {
  switch (happening.kind) {
    case 'mined': return `mined ${happening.block.hash}`
    case 'sent': return `sent ${happening.transaction.id}`
    case 'dropped': return `dropped ${happening.id}`
    case 'joined':
    case 'left': return `${happening.kind} ${happening.peerId} ${at}`
    case 'caught-up': return `caught-up ${happening.height}`
    case 'switched': return `switched ${at}`
  }
}
