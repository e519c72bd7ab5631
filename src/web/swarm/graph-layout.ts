/**
 * Where the nodes of a swarm lie in the drawing of their network: each part of it on an ellipse of its own, so that a
 * parted network is seen to be parted; from the top and clockwise. Where many are on one, they lie on two in turn; where
 * there are too many for names, they fill it as seeds fill a sunflower (H. Vogel, "A better way to construct the
 * sunflower head", 1979). Pure.
 */
export interface PlacedNode {
  x: number
  y: number
  /** Which way its name goes. */
  side: 'left' | 'right' | 'above' | 'below'
}

export interface GraphLayout {
  width: number
  height: number
  /** By number. */
  nodes: Map<number, PlacedNode>
  /** Of a node's stone, px. */
  radius: number
  /** Whether there is room for names. */
  named: boolean
}

interface Cell {
  x: number
  y: number
  width: number
  height: number
}

const NARROW = 700
/** Room around an ellipse: for names beside, above and below; for names that all are below; for none. */
const MARGIN = { wide: { x: 132, y: 52 }, narrow: { x: 58, y: 46 }, bare: { x: 26, y: 26 } }
/** Above so many no name is drawn, and in a narrow drawing. */
const MAX_NAMED = { wide: 36, narrow: 14 }
const MAX_ON_ONE = 12
/** Parts in one row or column; more are laid in a grid. */
const MAX_IN_LINE = 4
const RADIUS = { min: 8, max: 22 }

/**
 * @param parts each a list of node numbers
 * @param width of the drawing, px
 */
export function layoutGraph(parts: readonly (readonly number[])[], width: number): GraphLayout {
  const count = parts.flat().length
  const narrow = width < NARROW
  const named = count <= (narrow ? MAX_NAMED.narrow : MAX_NAMED.wide)
  const height = heightOf(count, parts.length, narrow)
  const cells = cellsOf(parts.map((part) => part.length), width, height, narrow)
  const nodes = new Map<number, PlacedNode>()
  let closest: number = RADIUS.max * 4
  for (const [at, part] of parts.entries()) {
    const cell = cells[at]
    if (cell === undefined) continue
    const margin = MARGIN[named ? (narrow ? 'narrow' : 'wide') : 'bare']
    const centre = { x: cell.x + cell.width / 2, y: cell.y + cell.height / 2 }
    const [across, down] = [Math.max(24, cell.width / 2 - margin.x), Math.max(24, cell.height / 2 - margin.y)]
    const rings = part.length > MAX_ON_ONE ? 2 : 1
    const filled = rings > 1 && !named
    const around = 2 * Math.PI * Math.sqrt((across ** 2 + down ** 2) / 2)
    const apart = filled ? Math.sqrt((Math.PI * across * down) / part.length) : (around / part.length) * rings * 0.8
    if (part.length > 1) closest = Math.min(closest, apart)
    for (const [place, node] of part.entries()) {
      const { angle, reach } = filled ? seed(place, part.length) : onRing(place, part.length, rings)
      const [right, below] = [Math.cos(angle) * reach, Math.sin(angle) * reach]
      nodes.set(node, { x: centre.x + right * across, y: centre.y + below * down, side: narrow ? 'below' : sideOf(right, below, rings) })
    }
  }
  return { width, height, nodes, named, radius: Math.max(RADIUS.min, Math.min(RADIUS.max, closest * 0.36)) }
}

/** Direction, and share of the way from the centre to the ellipse. */
interface Polar {
  angle: number
  reach: number
}

const onRing = (place: number, count: number, rings: number): Polar => ({
  angle: (place / count) * 2 * Math.PI - Math.PI / 2,
  reach: count === 1 ? 0 : place % rings === 1 ? 0.68 : 1,
})

/** Each the golden angle further, and so far out that all have the same room. */
const seed = (place: number, count: number): Polar => ({
  angle: place * Math.PI * (3 - Math.sqrt(5)),
  reach: Math.sqrt((place + 0.5) / count),
})

/** Beside the node where there is room to the side, else above or below it. */
function sideOf(right: number, below: number, rings: number): PlacedNode['side'] {
  if (Math.abs(right) > (rings === 1 ? 0.35 : 0.8)) return right > 0 ? 'right' : 'left'
  return below < 0 ? 'above' : 'below'
}

function heightOf(nodes: number, parts: number, narrow: boolean): number {
  if (narrow) return Math.min(900, 220 + 70 * parts + 14 * Math.min(nodes, 30))
  return nodes <= 6 ? 360 : nodes <= MAX_ON_ONE ? 420 : 520
}

/** One place for each part: in a row, in a narrow drawing in a column, and where they are many, in a grid. */
function cellsOf(sizes: readonly number[], width: number, height: number, narrow: boolean): Cell[] {
  if (sizes.length > MAX_IN_LINE) {
    const columns = Math.ceil(Math.sqrt((sizes.length * width) / height))
    const rows = Math.ceil(sizes.length / columns)
    return sizes.map((_, at) => ({
      x: ((at % columns) * width) / columns, y: (Math.floor(at / columns) * height) / rows, width: width / columns, height: height / rows,
    }))
  }
  // Larger parts get more room, and the smallest enough for its name.
  const shares = sizes.map((size) => Math.sqrt(size) + 1)
  const whole = shares.reduce((sum, share) => sum + share, 0)
  let from = 0
  return shares.map((share) => {
    const [start, size] = [from, share / whole]
    from += size
    return narrow
      ? { x: 0, y: start * height, width, height: size * height }
      : { x: start * width, y: 0, width: size * width, height }
  })
}
