/**
 * The outline of a stone: a smooth closed curve whose bumps come from the block's hash, so that a block looks the same
 * wherever and whenever it is drawn, and no two look quite alike.
 */
const CORNERS = 9

/** Radius, px, of the stone of a block with this many transactions: 18 for none, growing with the logarithm. */
export const stoneRadius = (transactionCount: number): number => 18 + Math.min(14, 4 * Math.log2(1 + transactionCount))

/**
 * SVG path data around (0, 0).
 * @param hash the block's hash; its end is random, its beginning is zeros
 */
export function stoneOutline(hash: string, radius: number): string {
  const corners = Array.from({ length: CORNERS }, (_, at) => {
    const digits = hash.slice(hash.length - 2 * (at + 1), hash.length - 2 * at)
    const bump = radius * (0.88 + 0.2 * ((Number.parseInt(digits, 16) || 0) / 255))
    const angle = (at / CORNERS) * 2 * Math.PI
    return [Math.cos(angle) * bump * 1.1, Math.sin(angle) * bump * 0.92] as const
  })
  // Curves from middle to middle of the sides, bent towards the corners: smooth at every joint.
  const middle = (at: number): string => {
    const [x, y] = corners[at % CORNERS] ?? [0, 0]
    const [nextX, nextY] = corners[(at + 1) % CORNERS] ?? [0, 0]
    return `${((x + nextX) / 2).toFixed(1)} ${((y + nextY) / 2).toFixed(1)}`
  }
  const curves = corners.map((_, at) => {
    const [x, y] = corners[(at + 1) % CORNERS] ?? [0, 0]
    return `Q${x.toFixed(1)} ${y.toFixed(1)} ${middle(at + 1)}`
  })
  return `M${middle(0)}${curves.join('')}Z`
}
