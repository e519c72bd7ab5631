/** A chart as a table, newest first; written out only where somebody opens it, a part at a time. */
import { useSignal } from '@preact/signals'
import type { Series } from '../../../http/api.ts'
import type { ChartName, Drawing } from '../../charts/drawing.ts'
import { valueOf } from '../../charts/in-words.ts'
import { exactTime } from '../../format.ts'
import { blockLink } from '../../route.ts'
import { text } from '../../strings.ts'

const words = text.charts
const ROWS_AT_ONCE = 50

interface ChartTableProps {
  name: ChartName
  series: Series
  drawing: Drawing
}

export function ChartTable({ name, series, drawing }: ChartTableProps) {
  const open = useSignal(false)
  const rows = useSignal(ROWS_AT_ONCE)
  return (
    <details class="as-table" onToggle={(event) => { open.value = event.currentTarget.open }}>
      <summary>{words.table}</summary>
      {open.value && <Table name={name} series={series} drawing={drawing} rows={rows.value} />}
      {open.value && rows.value < series.heights.length && (
        <button type="button" class="more" onClick={() => { rows.value += ROWS_AT_ONCE }}>{text.showMore}</button>
      )}
    </details>
  )
}

function Table({ name, series, drawing, rows }: ChartTableProps & { rows: number }) {
  const { heights, blocks, timestamps } = series
  const columns = columnsOf(drawing)
  return (
    <table aria-label={words[name].term}>
      <thead>
        <tr>
          {[words.columns.blocks, words.columns.time, ...columns.map(({ heading }) => heading)].map((heading) => <th key={heading} scope="col">{heading}</th>)}
        </tr>
      </thead>
      <tbody>
        {heights.map((_, at) => at).reverse().slice(0, rows).map((at) => {
          const [height = 0, many = 1] = [heights[at], blocks[at]]
          return (
            <tr key={height}>
              <th scope="row"><a href={blockLink(String(height))}>{words.blocks(height - many + 1, height)}</a></th>
              <td>{exactTime(timestamps[at] ?? 0)}</td>
              {columns.map(({ heading, values }) => {
                const value = values[at] ?? null
                return <td key={heading}>{value === null ? text.tiles.none : valueOf(name, value)}</td>
              })}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** What the chart has: each point by itself, how it is spread where it stands for more blocks, and the line through them. */
function columnsOf({ values, least, most, line }: Drawing) {
  const { columns } = words
  const isGrouped = least.some((value) => value !== null)
  return [
    { heading: columns.value, values },
    ...(isGrouped ? [{ heading: columns.least, values: least }, { heading: columns.most, values: most }] : []),
    ...(line === values ? [] : [{ heading: columns.line, values: line }]),
  ]
}
