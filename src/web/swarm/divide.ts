/** What a stroke over the drawing of the network means: a line that divides it, or a box around nodes. Pure. */
import type { GraphLayout } from './graph-layout.ts'

export interface Stroke {
  kind: 'line' | 'box'
  from: { x: number; y: number }
  to: { x: number; y: number }
}

/** A shorter stroke is a click that slipped, px. */
const MIN_LENGTH = 40

export const isStroke = ({ from, to }: Stroke): boolean => Math.hypot(to.x - from.x, to.y - from.y) >= MIN_LENGTH

/** On which side of a line, drawn on without end, each node lies. */
export function leftOf({ from, to }: Stroke, { nodes }: GraphLayout): Set<number> {
  const isLeft = ({ x, y }: { x: number; y: number }): boolean => (to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x) < 0
  return new Set([...nodes].flatMap(([node, place]) => (isLeft(place) ? [node] : [])))
}

export function insideOf({ from, to }: Stroke, { nodes }: GraphLayout): Set<number> {
  const within = (value: number, a: number, b: number): boolean => value >= Math.min(a, b) && value <= Math.max(a, b)
  return new Set([...nodes].flatMap(([node, { x, y }]) => (within(x, from.x, to.x) && within(y, from.y, to.y) ? [node] : [])))
}
