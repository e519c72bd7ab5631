/**
 * Where the nodes of a swarm lie in the drawing of their network: each part of it on an ellipse of its own, so that a
 * parted network is seen to be parted; from the top and clockwise. More than a dozen fill it, as seeds fill a sunflower
 * (H. Vogel, "A better way to construct the sunflower head", 1979). Names are drawn where all of them have room. Pure.
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
const MARGIN = { beside: { x: 132, y: 52 }, below: { x: 58, y: 46 }, none: { x: 26, y: 26 } }
/** In a cell that is narrower, all names are below; so they are up to the second width, where they have room there. */
const MIN_BESIDE = 330
const ALWAYS_BESIDE = 430
/** On an ellipse; more fill it. */
const MAX_ON_ONE = 12
/** Room that a name below takes, px; beside, a line of it is enough. */
const NAME = { below: 74, beside: 34 }
/** Parts in one row or column; more are laid in a grid. */
const MAX_IN_LINE = 4
const RADIUS = { min: 8, max: 22 }

/**
 * @param parts each a list of node numbers
 * @param width of the drawing, px
 */
export function layoutGraph(parts: readonly (readonly number[])[], width: number): GraphLayout {
  const narrow = width < NARROW
  const height = heightOf(parts.flat().length, parts.length, narrow)
  const cells = cellsOf(parts.map((part) => part.length), width, height, narrow)
  const sized = parts.flatMap((part, at) => (cells[at] === undefined ? [] : [{ part, cell: cells[at] }]))
  const named = sized.every(({ part, cell }) => hasRoom(part.length, ellipseIn(cell, part.length, true)))
  const nodes = new Map<number, PlacedNode>()
  let closest: number = RADIUS.max * 4
  for (const { part, cell } of sized) {
    const { across, down, apart, beside } = ellipseIn(cell, part.length, named)
    if (part.length > 1) closest = Math.min(closest, apart)
    for (const [place, node] of part.entries()) {
      const { angle, reach } = part.length > MAX_ON_ONE ? seed(place, part.length) : onRing(place, part.length)
      const [right, below] = [Math.cos(angle) * reach, Math.sin(angle) * reach]
      nodes.set(node, {
        x: cell.x + cell.width / 2 + right * across,
        y: cell.y + cell.height / 2 + below * down,
        side: beside ? sideOf(right, below) : 'below',
      })
    }
  }
  return { width, height, nodes, named, radius: Math.max(RADIUS.min, Math.min(RADIUS.max, closest * 0.36)) }
}

interface Ellipse {
  /** Half of its width and height, px. */
  across: number
  down: number
  /** About how far nodes are from each other, px. */
  apart: number
  /** Whether names lie beside their nodes. */
  beside: boolean
}

function ellipseIn(cell: Cell, count: number, named: boolean): Ellipse {
  const mayBeside = named && cell.width >= MIN_BESIDE && count <= MAX_ON_ONE
  if (!mayBeside || cell.width >= ALWAYS_BESIDE) return ellipseWith(cell, count, named, mayBeside)
  const below = ellipseWith(cell, count, true, false)
  return hasRoom(count, below) ? below : ellipseWith(cell, count, true, true)
}

function ellipseWith({ width, height }: Cell, count: number, named: boolean, beside: boolean): Ellipse {
  const margin = MARGIN[beside ? 'beside' : named ? 'below' : 'none']
  const [across, down] = [Math.max(24, width / 2 - margin.x), Math.max(24, height / 2 - margin.y)]
  const around = 2 * Math.PI * Math.sqrt((across ** 2 + down ** 2) / 2)
  const apart = count > MAX_ON_ONE ? Math.sqrt((Math.PI * across * down) / count) : (around / count) * 0.8
  return { across, down, apart, beside }
}

const hasRoom = (count: number, { apart, beside }: Ellipse): boolean => count < 3 || apart >= (beside ? NAME.beside : NAME.below)

/** Direction, and share of the way from the centre to the ellipse. */
interface Polar {
  angle: number
  reach: number
}

const onRing = (place: number, count: number): Polar => ({
  angle: (place / count) * 2 * Math.PI - Math.PI / 2,
  reach: count === 1 ? 0 : 1,
})

/** Each the golden angle further, and so far out that all have the same room. */
const seed = (place: number, count: number): Polar => ({
  angle: place * Math.PI * (3 - Math.sqrt(5)),
  reach: Math.sqrt((place + 0.5) / count),
})

/** Beside the node where there is room to the side, else above or below it. */
function sideOf(right: number, below: number): PlacedNode['side'] {
  if (Math.abs(right) > 0.35) return right > 0 ? 'right' : 'left'
  return below < 0 ? 'above' : 'below'
}

function heightOf(nodes: number, parts: number, narrow: boolean): number {
  if (narrow) return Math.min(900, 220 + 70 * parts + 14 * Math.min(nodes, 30))
  return nodes <= 6 ? 360 : nodes <= MAX_ON_ONE ? 420 : 560
}

/** One place for each part: in a row, in a narrow drawing in a column, and where they are many, in a grid. */
function cellsOf(sizes: readonly number[], width: number, height: number, narrow: boolean): Cell[] {
  if (sizes.length > MAX_IN_LINE) {
    const columns = Math.max(1, Math.ceil(Math.sqrt((sizes.length * width) / height))) // also while the drawing has no width yet
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
