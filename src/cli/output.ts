/**
 * What commands print: one JSON document with --json, else lines, fields and tables for people.
 *
 * On a terminal, tables are fitted to its width (hashes are cut in the middle, names at the end, and the columns that
 * matter least are left out) and coloured; in a pipe nothing is cut or coloured, so that `cairn chain | grep …` sees
 * whole hashes. NO_COLOR and FORCE_COLOR are heeded, as `styleText` does.
 *
 * @example
 *   const output = createOutput(process.stdout)
 *   output.table([{ title: 'height', value: (block) => String(block.height), align: 'right' }], blocks)
 */
import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'
import { cutEnd, cutMiddle, padEnd, padStart, stripControls, textWidth } from './text.ts'

/** A colour or style by the name that `styleText` knows it by. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta'

/** Wraps text in a style where the stream shows styles, else returns it as it is. */
export type Paint = (style: Style, text: string) => string

export interface Column<Row> {
  title: string
  /** The cell as plain text; what it may not show is taken out here, so remote names may come as they are. */
  value: (row: Row) => string
  /** @default 'left' */
  align?: 'left' | 'right'
  /** Where the cell may be cut, and the fewest columns it keeps then. @default never cut */
  cut?: { where: 'middle' | 'end'; least: number }
  /** Left out where the terminal is too narrow for all: the highest number first. @default never left out */
  spare?: number
  /** Styles the cell, cut already. */
  paint?: (text: string, row: Row, paint: Paint) => string
}

export interface Output {
  /** Columns of the terminal; Infinity where it is none. */
  readonly width: number
  readonly paint: Paint
  line(text?: string): void
  /** One JSON document, on a line of its own. */
  json(document: unknown): void
  /** Names in one column, values in the next; an undefined value leaves the line out. */
  fields(entries: [name: string, value: string | undefined][]): void
  /** @param none what to say instead where there are no rows */
  table<Row>(columns: Column<Row>[], rows: Row[], none: string): void
}

const GAP = 2

/** @param stream `process.stdout`, or anything that can be written to */
export function createOutput(stream: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>): Output {
  const width = stream.isTTY ? (stream.columns ?? 80) : Infinity
  const paint = painter(stream)
  const line = (text = ''): void => void stream.write(`${text}\n`)
  return {
    width,
    paint,
    line,
    json: (document) => line(JSON.stringify(document)),
    fields(entries) {
      for (const text of layFields(entries, paint)) line(text)
    },
    table(columns, rows, none) {
      if (rows.length === 0) line(paint('dim', none))
      else for (const text of layTable(columns, rows, width, paint)) line(text)
    },
  }
}

/** A `Paint` for a stream: styles only where the stream shows them. */
export const painter =
  (stream: NodeJS.WritableStream): Paint =>
  (style, text) =>
    styleText(style, text, { stream })

/** No style at all. */
export const plain: Paint = (_style, text) => text

/** The lines of a list of named values. */
export function layFields(entries: [name: string, value: string | undefined][], paint: Paint): string[] {
  const shown = entries.filter((entry): entry is [string, string] => entry[1] !== undefined)
  const widest = Math.max(...shown.map(([name]) => textWidth(name)))
  return shown.map(([name, value]) => `${paint('dim', padEnd(name, widest))}  ${value}`)
}

/**
 * The lines of a table, its head first, fitted to a width: cells are cut as far as they may be, then columns are left
 * out as far as they may be; beyond that, the terminal wraps.
 */
export function layTable<Row>(all: Column<Row>[], rows: Row[], width: number, paint: Paint): string[] {
  const columns = roomFor(all, rows, width)
  const cells = rows.map((row) => columns.map((column) => stripControls(column.value(row))))
  const widths = columns.map(({ title }, at) => Math.max(textWidth(title), ...cells.map((row) => textWidth(row[at] ?? ''))))
  fit(columns, widths, width)

  const pad = (text: string, at: number): string => {
    const pad = columns[at]?.align === 'right' ? padStart : padEnd
    return pad(text, widths[at] ?? 0)
  }
  const head = columns.map(({ title }, at) => paint('dim', pad(title, at)))
  const body = cells.map((row, rowAt) =>
    row.map((cell, at) => {
      const column = columns[at] as Column<Row> // cells were made from the columns
      const cut = column.cut?.where === 'middle' ? cutMiddle : cutEnd
      const text = cut(cell, widths[at] ?? 0)
      const styled = column.paint?.(text, rows[rowAt] as Row, paint) ?? text // and from the rows
      // Padding is counted on the plain text and put around the styled one: a style takes no columns.
      return pad(text, at).replace(text, () => styled)
    }),
  )
  return [head, ...body].map((row) => row.join(' '.repeat(GAP)).trimEnd())
}

/** The columns that a width has room for, each cut to its least. */
function roomFor<Row>(columns: Column<Row>[], rows: Row[], width: number): Column<Row>[] {
  const leastOf = ({ title, value, cut }: Column<Row>): number => {
    const whole = Math.max(textWidth(title), ...rows.map((row) => textWidth(stripControls(value(row)))))
    return cut === undefined ? whole : Math.min(whole, Math.max(cut.least, textWidth(title)))
  }
  const kept = columns.map((column) => ({ column, least: width === Infinity ? 0 : leastOf(column) }))
  const needed = (): number => kept.reduce((sum, { least }) => sum + least, GAP * (kept.length - 1))
  while (needed() > width) {
    const spare = kept.toSorted((a, b) => (b.column.spare ?? 0) - (a.column.spare ?? 0))[0]
    if (spare?.column.spare === undefined) break
    kept.splice(kept.indexOf(spare), 1)
  }
  return kept.map(({ column }) => column)
}

/** Takes columns off: from what is cut in the middle first, since nobody reads the middle of a hash. */
function fit<Row>(columns: Column<Row>[], widths: number[], width: number): void {
  let excess = widths.reduce((sum, each) => sum + each, GAP * (widths.length - 1)) - width
  for (const where of ['middle', 'end'] as const) {
    while (excess > 0) {
      let widest = -1
      columns.forEach(({ cut, title }, at) => {
        if (cut?.where !== where || (widths[at] ?? 0) <= Math.max(cut.least, textWidth(title))) return
        if ((widths[at] ?? 0) > (widths[widest] ?? 0)) widest = at
      })
      if (widest === -1) break // these have nothing left to give
      widths[widest] = (widths[widest] ?? 0) - 1
      excess -= 1
    }
  }
}

/** A hash with the zeros that the work bought dimmed, so that what is left tells one hash from another. */
export function paintHash(text: string, paint: Paint): string {
  const zeros = /^0*/.exec(text)?.[0] ?? ''
  return zeros === '' ? text : paint('dim', zeros) + text.slice(zeros.length)
}
