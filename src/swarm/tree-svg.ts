/**
 * The block tree of a run as a picture: plain SVG that any browser opens, light and dark by what the reader has set.
 *
 * The chain that won grows to the right along the upper edge; branches that lost lie below it, paler, each from the block
 * that it left. A stone's colour is its miner's; its hash, miner and times show when it is pointed at.
 */
import type { Record, RecordedBlock } from './record.ts'

interface Placed extends RecordedBlock {
  /** 0: the best chain; branches below it. */
  lane: number
}

const MARGIN = 28
/** Between two heights, px: so much for a short run, less for a long one. */
const STEP = { most: 56, least: 14, widthPx: 6_000 }
const LANE_PX = 44
const HEAD_PX = 96
const LEGEND_PX = 190
const LEGEND_ROW_PX = 22
/** Miners that are named above the tree. */
const MOST_NAMED = 24

export function treeSvg(record: Record): string {
  const placed = place(record)
  const heights = placed.map(({ height }) => height)
  const [first, last] = placed.length === 0 ? [0, 0] : [least(heights) - 1, -least(heights.map((height) => -height))]
  const step = Math.max(STEP.least, Math.min(STEP.most, STEP.widthPx / (last - first + 1)))
  const lanes = 1 - least([0, ...placed.map(({ lane }) => -lane)])
  const width = Math.max(720, MARGIN * 2 + (last - first + 1) * step)
  const legend = legendOf(placed, width)
  const top = HEAD_PX + legend.height
  const at = (height: number, lane: number): [x: number, y: number] => [MARGIN + (height - first + 0.5) * step, top + lane * LANE_PX]
  const byHash = new Map(placed.map((block) => [block.hash, block]))
  const radius = Math.min(14, step * 0.4)

  const links = placed.map(({ height, lane, parent }) => {
    const from = byHash.get(parent)
    const [x, y] = at(height, lane)
    const [fromX, fromY] = at(from?.height ?? height - 1, from?.lane ?? 0)
    const middle = round((x + fromX) / 2)
    return `<path class="${lane === 0 ? 'link' : 'link lost'}" d="M${round(fromX)} ${fromY}C${middle} ${fromY} ${middle} ${y} ${round(x)} ${y}"/>`
  })
  const stones = placed.map((block) => {
    const [x, y] = at(block.height, block.lane)
    const label = `block ${block.height}  ${block.hash}\nmined by node ${block.node}, ${block.name}, at ${new Date(block.foundAt).toISOString()}\n${block.transactions} transactions${reachOf(record, block)}`
    const outline = `cx="${round(x)}" cy="${y}" rx="${round(radius * 1.12)}" ry="${round(radius * 0.9)}"`
    const ground = block.lane === 0 ? '' : `<ellipse class="ground" ${outline}/>` // no line shows through a paler stone
    return `${ground}<ellipse class="stone${block.lane === 0 ? '' : ' lost'}" ${outline} fill="${colourOf(block.node)}"><title>${escaped(label)}</title></ellipse>`
  })
  const every = Math.max(1, Math.ceil(48 / step / 5) * 5)
  const scale = Array.from({ length: last - first + 1 }, (_, index) => first + index)
    .filter((height) => height % every === 0 || height === last)
    .map((height) => `<text class="scale" x="${round(at(height, 0)[0])}" y="${top - 30}">${height}</text>`)
  const [originX, originY] = at(first, 0)
  const side = placed.filter(({ lane }) => lane > 0).length
  const height = top + (lanes - 1) * LANE_PX + MARGIN + 20
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${height}" viewBox="0 0 ${round(width)} ${height}">
<style>
svg { background: #fbfaf7; font: 13px system-ui, sans-serif; }
text { fill: #2a2824; } .quiet, .scale { fill: #77726a; } .title { font-size: 20px; font-weight: 600; }
.scale { font-size: 11px; text-anchor: middle; } .link { fill: none; stroke: #b9b2a6; stroke-width: 2; }
.stone { stroke: #00000026; } .stone:hover { stroke: #2a2824; stroke-width: 2; } .lost { opacity: 0.5; } .origin { fill: #b9b2a6; } .ground { fill: #fbfaf7; }
@media (prefers-color-scheme: dark) {
  svg { background: #191816; } text { fill: #eeeae2; } .quiet, .scale { fill: #9a948a; } .link { stroke: #57524a; }
  .stone:hover { stroke: #eeeae2; } .origin { fill: #57524a; } .ground { fill: #191816; }
}
</style>
<text class="title" x="${MARGIN}" y="38">${placed.length - side} blocks in the chain, ${side} beside it</text>
<text class="quiet" x="${MARGIN}" y="60">${escaped(spanOf(placed))}</text>
${legend.lines.join('\n')}
${scale.join('\n')}
${links.join('\n')}
<circle class="origin" cx="${round(originX)}" cy="${originY}" r="4"/>
${stones.join('\n')}
</svg>
`
}

/** Gives every block a lane: the first that is free from the block where its branch begins to where it ends. */
function place(record: Record): Placed[] {
  const best = record.best()
  const lanes = new Map<string, number>()
  /** By lane: the height up to which it is taken. */
  const taken: number[] = []
  const blocks = record.blocks.toSorted((a, b) => a.height - b.height || a.foundAt - b.foundAt)
  return blocks.map((block) => {
    const { hash, parent, height } = block
    if (best.has(hash)) return { ...block, lane: 0 }
    // A branch goes on in its own lane, where no sibling has gone on before.
    const own = lanes.get(parent)
    let lane = own ?? 1
    if (own === undefined || (taken[own] ?? 0) >= height) {
      lane = 1
      while ((taken[lane] ?? -1) >= height - 1) lane += 1
    }
    taken[lane] = height
    lanes.set(hash, lane)
    return { ...block, lane }
  })
}

function legendOf(placed: Placed[], width: number): { lines: string[]; height: number } {
  const found = [...Map.groupBy(placed, ({ node }) => node)].sort(([, a], [, b]) => b.length - a.length)
  const columns = Math.max(1, Math.floor((Math.min(width, 1_200) - MARGIN * 2) / LEGEND_PX))
  const named = found.slice(0, MOST_NAMED)
  const lines = named.map(([node, blocks], index) => {
    const x = MARGIN + (index % columns) * LEGEND_PX
    const y = HEAD_PX + Math.floor(index / columns) * LEGEND_ROW_PX
    const name = blocks[0]?.name ?? ''
    return `<ellipse cx="${x + 8}" cy="${y - 5}" rx="8" ry="6.5" fill="${colourOf(node)}"/><text x="${x + 24}" y="${y}">${node} ${escaped(name)} <tspan class="quiet">${blocks.length}</tspan></text>`
  })
  const rows = Math.ceil(named.length / columns)
  return { lines, height: rows * LEGEND_ROW_PX + 34 }
}

/** Hues as far from each other as can be, however many there are: by the golden angle. */
const colourOf = (node: number): string => `hsl(${Math.round((node * 137.508 + 28) % 360)} ${node % 2 === 0 ? 52 : 64}% ${[52, 44, 60][node % 3]}%)`

function reachOf(record: Record, block: RecordedBlock): string {
  const reached = record.reachedMs(block, 0.95)
  return reached === undefined ? '' : `, at 95 % of the nodes after ${reached} ms`
}

function spanOf(placed: Placed[]): string {
  if (placed.length === 0) return 'no block was found'
  const times = placed.map(({ foundAt }) => foundAt)
  const [from, to] = [least(times), -least(times.map((time) => -time))]
  const mean = placed.length < 2 ? '' : `, one in ${((to - from) / 1_000 / (placed.length - 1)).toFixed(1)} s`
  return `found from ${new Date(from).toISOString()} to ${new Date(to).toISOString()}${mean}`
}

const least = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.min(a, b), Infinity)
const round = (value: number): number => Math.round(value * 10) / 10
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
