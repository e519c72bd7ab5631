/**
 * Where the peers of a node lie in the drawing of its network: on an ellipse around it, from the top and clockwise. Where
 * they are many, they lie on two in turn, so that neighbours are not in each other’s way.
 */
export interface PlacedPeer {
  x: number
  y: number
  /** Which way its name goes. */
  side: 'left' | 'right' | 'above' | 'below'
}

export interface NetworkLayout {
  width: number
  height: number
  centre: { x: number; y: number }
  /** In the order in which the peers were given. */
  peers: PlacedPeer[]
}

/** Peers that fit on one ellipse. */
const MAX_ON_ONE = 12
/** Room for a name at both sides, and above and below. */
const MARGIN = { x: 106, y: 58 }
/** Where the sides have little room, each peer more makes the drawing that much higher. */
const NARROW = { width: 600, height: 300, perPeer: 24 }

/** @param width of the drawing, px */
export function layoutNetwork(peers: number, width: number): NetworkLayout {
  // One or two lie beside the node where there is room for that, else above and below it.
  const narrow = width < NARROW.width
  const few = peers < 3 && !narrow
  const wanted = narrow ? NARROW.height + NARROW.perPeer * peers : peers > MAX_ON_ONE ? 560 : 420
  const height = few ? 190 : Math.min(wanted, 560)
  const centre = { x: width / 2, y: height / 2 }
  const [across, down] = [Math.max(60, Math.min(width / 2 - MARGIN.x, 330)), height / 2 - MARGIN.y]
  const placed = Array.from({ length: peers }, (_, at): PlacedPeer => {
    const angle = (at / peers) * 2 * Math.PI - (few ? 0 : Math.PI / 2)
    const reach = peers > MAX_ON_ONE && at % 2 === 1 ? 0.62 : 1
    const [right, below] = [Math.cos(angle) * reach, Math.sin(angle) * reach]
    return {
      x: centre.x + right * across,
      y: centre.y + below * down,
      side: Math.abs(right) > 0.25 ? (right > 0 ? 'right' : 'left') : below > 0 ? 'below' : 'above',
    }
  })
  return { width, height, centre, peers: placed }
}
