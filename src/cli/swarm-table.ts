/**
 * A swarm on a terminal: a row a node, drawn again in the same place as things happen; nothing at all in a pipe.
 *
 * What one should see at a glance is who agrees with whom: every tip has a colour and a letter, so that a fork shows as
 * two colours, and its end as one.
 */
import type { WriteStream } from 'node:tty'
import { formatAge, formatCount, formatCountOf, formatDuration } from './format.ts'
import { type Column, layTable, type Paint, painter, type Style } from './output.ts'
import { cutEnd } from './text.ts'

export interface SwarmRow {
  node: number
  name: string
  mines: boolean
  /** Undefined while the node does not run. */
  standing: { height: number; tip: string; peers: number } | undefined
  /** Blocks that it found, on whichever branch. */
  found: number
}

export interface SwarmFacts {
  rows: SwarmRow[]
  blocks: number
  /** Of them on the chain that most are on. */
  best: number
  /** Made so far, and in blocks of that chain. */
  payments: { sent: number; mined: number }
  /** When the last one was found, ms since the Unix epoch. */
  lastAt: number | undefined
  /** Median of the times in which blocks came to 95 % of the nodes, ms. */
  reachedMs: number | undefined
  now: number
}

const TIP_STYLES: readonly Style[] = ['green', 'yellow', 'magenta', 'cyan', 'red']
/** The shortest time between two drawings, ms: faster than the eye follows. */
const REDRAW_MS = 200
/** The least at the end of a table that is cut. */
const FRAME_LINES = 4

export class SwarmTable {
  readonly #stream: Pick<WriteStream, 'write' | 'isTTY' | 'columns' | 'rows'>
  readonly #facts: () => SwarmFacts
  #lines = 0
  #timer: NodeJS.Timeout | undefined

  constructor(stream: WriteStream, facts: () => SwarmFacts) {
    this.#stream = stream
    this.#facts = facts
  }

  start(): void {
    if (!this.#stream.isTTY) return
    this.#draw()
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS)
    this.#timer.unref()
  }

  /** Leaves the table as it is now. */
  stop(): void {
    if (this.#timer === undefined) return
    clearInterval(this.#timer)
    this.#draw()
  }

  #draw(): void {
    const { columns = 80, rows = 24 } = this.#stream
    const lines = laySwarm(this.#facts(), { width: columns, height: rows - 1 }, painter(this.#stream as WriteStream))
    const up = this.#lines === 0 ? '' : `\u001B[${this.#lines}A\r\u001B[J`
    this.#stream.write(`${up}${lines.map((line) => `${line}\n`).join('')}`)
    this.#lines = lines.length
  }
}

/** The table's lines, as many as there is room for. */
export function laySwarm(facts: SwarmFacts, { width, height }: { width: number; height: number }, paint: Paint): string[] {
  const { rows, blocks, best, payments: { sent, mined }, lastAt, reachedMs, now } = facts
  const tips = tipsOf(rows)
  const shown = rows.length + FRAME_LINES <= height ? rows : rows.slice(0, Math.max(1, height - FRAME_LINES - 1))
  const columns: Column<SwarmRow>[] = [
    { title: 'node', value: ({ node }) => String(node), align: 'right' },
    { title: 'name', value: ({ name }) => name, cut: { where: 'end', least: 8 }, spare: 1 },
    { title: 'height', value: ({ standing }) => (standing === undefined ? '–' : formatCount(standing.height)), align: 'right' },
    {
      title: 'tip',
      value: ({ standing }) => (standing === undefined ? 'away' : `${tips.get(standing.tip)?.letter ?? ''} ${standing.tip.slice(-8)}`),
      paint: (text, { standing }, painted) => painted(standing === undefined ? 'dim' : (tips.get(standing.tip)?.style ?? 'dim'), text),
    },
    { title: 'peers', value: ({ standing }) => (standing === undefined ? '–' : String(standing.peers)), align: 'right' },
    { title: 'found', value: ({ found }) => formatCount(found), align: 'right' },
    { title: 'mines', value: ({ mines }) => (mines ? 'yes' : ''), spare: 2, paint: (text, _row, painted) => painted('dim', text) },
  ]
  const agreement = tips.size <= 1 ? paint('green', 'one tip') : paint('yellow', `${tips.size} tips`)
  const summary = [
    agreement,
    `${formatCountOf(blocks, 'block')} found${blocks === best ? '' : `, ${formatCount(blocks - best)} beside the chain`}`,
    ...(lastAt === undefined ? [] : [`the last ${formatAge(lastAt, now)}`]),
    ...(reachedMs === undefined ? [] : [`at 95 % of the nodes in ${formatDuration(reachedMs)}`]),
    ...(sent === 0 ? [] : [`${formatCountOf(sent, 'payment')}, ${formatCount(mined)} mined`]),
  ]
  return [
    '',
    ...layTable(columns, shown, width, paint),
    ...(shown.length < rows.length ? [paint('dim', `… and ${rows.length - shown.length} more: a taller window shows them`)] : []),
    '',
    cutPainted(summary, width),
  ]
}

/** As many parts of a line as fit. */
function cutPainted(parts: string[], width: number): string {
  // oxlint-disable-next-line no-control-regex -- styles begin with a control character
  const bare = (text: string): string => text.replace(/\u001B\[\d+m/g, '')
  const kept = [...parts]
  while (kept.length > 1 && bare(kept.join(' · ')).length >= width) kept.pop()
  return bare(kept.join(' · ')).length < width ? kept.join(' · ') : cutEnd(bare(kept.join(' · ')), width - 1)
}

/** A letter and a colour for each tip: the one that most are on is A. */
function tipsOf(rows: SwarmRow[]): Map<string, { letter: string; style: Style }> {
  const groups = Map.groupBy(rows.flatMap(({ standing }) => standing ?? []), ({ tip }) => tip)
  const order = [...groups].sort(([, a], [, b]) => b.length - a.length || (b[0]?.height ?? 0) - (a[0]?.height ?? 0))
  return new Map(order.map(([tip], at) => [tip, {
    letter: at < 26 ? String.fromCharCode(65 + at) : '·',
    style: TIP_STYLES[at] ?? 'dim',
  }]))
}
