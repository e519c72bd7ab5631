/**
 * The cells of a model as a picture: plain SVG, light and dark by what the reader has set. A column a network, a row a
 * quantity over the time between blocks; a colour a size, dashed where blocks are compact.
 */
import type { Cell } from './grid.ts'
import { sizeOf } from './table.ts'

interface Quantity {
  title: string
  /** The least and the greatest that the axis shows; what is beyond lies on its edge. */
  range: [number, number]
  marks: [number, string][]
  of: (cell: Cell) => number
  /** Marked by a line across. */
  limit?: (cell: Cell) => number
}

const QUANTITIES: Quantity[] = [
  {
    title: 'until 95 % of the nodes have a block, median',
    range: [0.01, 100],
    marks: [[0.01, '10 ms'], [0.1, '0.1 s'], [1, '1 s'], [10, '10 s'], [100, '100 s']],
    of: ({ figures }) => figures.reachedMs[95].median / 1_000,
  },
  {
    title: 'blocks lost to forks, expected',
    range: [1e-5, 1],
    marks: [[1e-5, '0.001 %'], [1e-4, '0.01 %'], [1e-3, '0.1 %'], [1e-2, '1 %'], [0.1, '10 %'], [1, '100 %']],
    of: ({ figures }) => figures.expectedStaleShare,
  },
  {
    title: 'what a node sends, blocks and payments (line across: all that its line carries)',
    range: [10, 3e7],
    marks: [[10, '10 B/s'], [1e3, '1 kB/s'], [1e5, '100 kB/s'], [1e7, '10 MB/s']],
    of: ({ figures }) => figures.sentBytesPerSecond.mean + figures.paymentsBytesPerSecond,
    limit: ({ uploadBytesPerSecond }) => uploadBytesPerSecond,
  },
]

const [LEFT, TOP, PANEL, PANEL_GAP, ROW_GAP, WIDE, LEGEND] = [84, 128, 170, 30, 78, 260, 172]

export function scaleSvg(cells: readonly Cell[]): string {
  const networks = [...Map.groupBy(cells, ({ nodes, where }) => `${nodes.toLocaleString('en').replaceAll(',', ' ')} nodes, ${where}`)]
  const sizes = [...new Set(cells.map(({ blockBytes }) => blockBytes))].sort((a, b) => a - b)
  const times = [...new Set(cells.map(({ blockMs }) => blockMs))].sort((a, b) => a - b)
  const width = LEFT + networks.length * (WIDE + PANEL_GAP)
  const height = TOP + QUANTITIES.length * (PANEL + ROW_GAP) - 20
  const span = Math.log((times.at(-1) ?? 1) / (times[0] ?? 1)) || 1
  const xOf = (column: number, blockMs: number): number => LEFT + column * (WIDE + PANEL_GAP) + 14 + (Math.log(blockMs / (times[0] ?? 1)) / span) * (WIDE - 28)
  const topOf = (row: number): number => TOP + row * (PANEL + ROW_GAP)
  const yOf = (row: number, { range: [least, most] }: Quantity, value: number): number =>
    topOf(row) + PANEL * (1 - Math.log(Math.min(most, Math.max(least, value)) / least) / Math.log(most / least))

  const panels = QUANTITIES.flatMap((quantity, row) => networks.flatMap(([, there], column) => {
    const [x, y] = [LEFT + column * (WIDE + PANEL_GAP), topOf(row)]
    const grid = quantity.marks.map(([value, label]) => {
      const at = round(yOf(row, quantity, value))
      return `<path class="grid" d="M${x} ${at}h${WIDE}"/>${column === 0 ? `<text class="mark end" x="${x - 8}" y="${at + 4}">${label}</text>` : ''}`
    })
    const ticks = times.map((blockMs) => `<text class="mark middle" x="${round(xOf(column, blockMs))}" y="${y + PANEL + 17}">${blockMs / 1_000} s</text>`)
    if (row === QUANTITIES.length - 1) ticks.push(`<text class="mark middle" x="${x + WIDE / 2}" y="${y + PANEL + 36}">time between two blocks</text>`)
    const [some] = there
    const limit = quantity.limit === undefined || some === undefined ? [] : [`<path class="limit" d="M${x} ${round(yOf(row, quantity, quantity.limit(some)))}h${WIDE}"/>`]
    const lines = [...Map.groupBy(there, sizeOf)].map(([name, line]) => {
      const sorted = line.toSorted((a, b) => a.blockMs - b.blockMs)
      const points = sorted.map((cell) => [round(xOf(column, cell.blockMs)), round(yOf(row, quantity, quantity.of(cell)))] as const)
      const kind = `size${sizes.indexOf(sorted[0]?.blockBytes ?? 0) % 3}${sorted[0]?.isCompact ? ' compact' : ''}`
      const dots = points.map(([px, py], at) => `<circle class="${kind}" cx="${px}" cy="${py}" r="3.2"><title>${name}, every ${(sorted[at]?.blockMs ?? 0) / 1_000} s</title></circle>`)
      return `<path class="line ${kind}" d="M${points.map((point) => point.join(' ')).join('L')}"/>${dots.join('')}`
    })
    const title = column === 0 ? `<text x="${LEFT}" y="${y - 12}">${quantity.title}</text>` : ''
    return [title, ...grid, ...ticks, ...limit, ...lines]
  }))
  const heads = networks.map(([name], column) => `<text class="head" x="${LEFT + column * (WIDE + PANEL_GAP)}" y="${TOP - 38}">${name}</text>`)
  const legend = [...new Map(cells.map((cell) => [sizeOf(cell), cell]))].map(([name, cell], at) => {
    const kind = `size${sizes.indexOf(cell.blockBytes) % 3}${cell.isCompact ? ' compact' : ''}`
    return `<path class="line ${kind}" d="M${LEFT + at * LEGEND} 58h28"/><text x="${LEFT + at * LEGEND + 36}" y="62">${name}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>Propagation, forks and bandwidth over block time and size, by a model</title>
<style>
svg { background: #fbfaf7; font: 13px system-ui, sans-serif; }
text { fill: #2a2824; } .mark { fill: #77726a; font-size: 11px; } .end { text-anchor: end; } .middle { text-anchor: middle; }
.title { font-size: 20px; font-weight: 600; } .head { font-size: 15px; font-weight: 600; }
.grid { stroke: #e4dfd5; } .limit { stroke: #a33b2e; stroke-width: 1.5; } .line { fill: none; stroke-width: 2; } .compact.line { stroke-dasharray: 5 4; }
.size0 { stroke: #6f6a60; } .size1 { stroke: #2f7d6d; } .size2 { stroke: #b8662a; }
circle.size0 { fill: #6f6a60; } circle.size1 { fill: #2f7d6d; } circle.size2 { fill: #b8662a; } circle.compact { fill: #fbfaf7; }
@media (prefers-color-scheme: dark) {
  svg { background: #191816; } text { fill: #eeeae2; } .mark { fill: #9a948a; } .grid { stroke: #34312c; } .limit { stroke: #e2796b; }
  .size0 { stroke: #b5aea2; } .size1 { stroke: #5cc0ab; } .size2 { stroke: #e8995c; }
  circle.size0 { fill: #b5aea2; } circle.size1 { fill: #5cc0ab; } circle.size2 { fill: #e8995c; } circle.compact { fill: #191816; }
}
</style>
<text class="title" x="${LEFT}" y="32">From a LAN to the internet, over the time between blocks</text>
${legend.join('\n')}
${heads.join('\n')}
${panels.filter((part) => part !== '').join('\n')}
</svg>
`
}

const round = (value: number): number => Math.round(value * 10) / 10
