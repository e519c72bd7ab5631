/**
 * A text as a QR code: SVG path data of its dark squares, a unit each, with the four light units around it that readers
 * need.
 */
import { encodeQR } from 'qr'

const QUIET_ZONE = 4

export interface QrDrawing {
  path: string
  /** Width and height, units. */
  size: number
}

export function drawQr(text: string): QrDrawing {
  const rows = encodeQR(text, 'raw', { ecc: 'low', border: QUIET_ZONE })
  const path = rows.map((row, y) => runsOf(row).map(({ from, length }) => `M${from} ${y}h${length}v1h-${length}z`).join('')).join('')
  return { path, size: rows.length }
}

/** Dark squares of a row that touch, as one. */
function runsOf(row: readonly boolean[]): { from: number; length: number }[] {
  const runs: { from: number; length: number }[] = []
  for (const [x, dark] of row.entries()) {
    if (!dark) continue
    const last = runs.at(-1)
    if (last !== undefined && last.from + last.length === x) last.length += 1
    else runs.push({ from: x, length: 1 })
  }
  return runs
}
