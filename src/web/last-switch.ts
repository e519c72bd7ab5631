/**
 * Which blocks the last switch of branches moved, so that the tree can show them go and come one after the other: those
 * that leave from the tip down, those that take their place upwards.
 */
import type { ApiEvents } from '../http/api.ts'

export interface Moved {
  way: 'left' | 'entered'
  /** 0 for the first that moves, of each way. */
  order: number
}

export interface LastSwitch {
  /** When, by the node's clock, ms. */
  at: number
  /** By hash. */
  moved: ReadonlyMap<string, Moved>
}

export const NO_SWITCH: LastSwitch = { at: 0, moved: new Map() }

/** Beyond these they move together: nobody wants to wait for a hundred. */
const IN_TURN = 8
/** Longer than the style sheet moves them; until then blocks that follow change nothing. */
const SHOWN_MS = 4_000

/** @param now by the node's clock, ms */
export function switchOf({ disconnected, connected }: ApiEvents['chain:reorg'], now: number): LastSwitch {
  const moves = (way: Moved['way']) => (hash: string, at: number): [string, Moved] => [hash, { way, order: Math.min(at, IN_TURN) }]
  return { at: now, moved: new Map([...disconnected.toReversed().map(moves('left')), ...connected.map(moves('entered'))]) }
}

/** The switch as long as it is to be seen. */
export const stillShown = (last: LastSwitch, now: number): LastSwitch => (now - last.at < SHOWN_MS ? last : NO_SWITCH)
