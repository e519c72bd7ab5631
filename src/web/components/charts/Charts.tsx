/**
 * The chain over time: six charts of the same blocks, that zoom and move together.
 *
 * What is shown is asked of the node anew whenever the chain has another tip, or somebody zooms: an answer has no more
 * points than there is room for, however long the chain is, and follows the best chain whatever happened to it. While
 * blocks come fast it is asked for at a pace that both sides can follow.
 */
import { useComputed, useSignal } from '@preact/signals'
import type { Series } from '../../../http/api.ts'
import { CHARTS } from '../../charts/drawing.ts'
import { windowFor } from '../../charts/smooth.ts'
import { RANGES, scaled, sinceOf, type TimeRange, type TimeWindow, wholeOf } from '../../charts/time-window.ts'
import { age, exactTime } from '../../format.ts'
import { usePage } from '../../page.ts'
import { linkTo } from '../../route.ts'
import { text } from '../../strings.ts'
import { useAnswer } from '../../use-answer.ts'
import { usePaced } from '../../use-paced.ts'
import { Json } from '../Json.tsx'
import { Says } from '../Says.tsx'
import { Unanswered, View } from '../View.tsx'
import { Chart } from './Chart.tsx'
import '../../styles/charts.css'

const words = text.charts
/** A point for two pixels of a wide screen. */
const POINTS = 600
/** Time goes on without blocks too: so often the charts follow it, ms. */
const FOLLOW_TIME_MS = 30_000
/** Of changes of the chain: where a point stands for more blocks, one block more changes less. */
const PACE_MS = 500
const MAX_PACE_MS = 2_000

interface Shown {
  series: Series
  /** All that there is to see of this range. */
  whole: TimeWindow
  /** What was asked of the node. */
  route: string
}

export function Charts() {
  const { state } = usePage()
  const range = useSignal<TimeRange>('hour')
  const zoom = useSignal<TimeWindow | undefined>(undefined)
  const at = useSignal<number | null>(null)
  const step = useSignal(1)
  const whole = useSignal<TimeWindow | undefined>(undefined)
  const tip = usePaced(state.tip.value?.hash, Math.min(PACE_MS * step.value, MAX_PACE_MS))
  const moment = useComputed(() => Math.floor(state.now.value / FOLLOW_TIME_MS))
  const { since, until } = zoom.value ?? {}
  const key = [range.value, since, until, tip, moment.value].join(' ')
  const { value: shown, failure } = useAnswer(key, async (client, signal): Promise<Shown> => {
    const now = state.now.peek()
    const query = { since: Math.max(0, since ?? sinceOf(range.value, now)), until, points: POINTS }
    const series = await client.series(query, { signal })
    step.value = series.step
    if (since === undefined) whole.value = wholeOf(series, query.since, now)
    return { series, whole: whole.peek() ?? wholeOf(series, query.since, now), route: routeOf(query) }
  })
  const tipNow = state.tip.value
  if (tipNow === undefined) return <Unanswered heading={words.heading} failure={failure} />
  if (tipNow.height < 2) {
    return (
      <View heading={words.heading}>
        <p class="empty"><Says text={words.tooFew} /></p>
        <p><a class="button" href={linkTo({ view: 'overview' })}>{words.toOverview}</a></p>
      </View>
    )
  }
  const choose = (chosen: TimeRange): void => {
    range.value = chosen
    zoom.value = undefined
  }
  const window = zoom.value ?? shown?.whole
  const zoomBy = (factor: number): void => {
    if (window !== undefined && shown !== undefined) zoom.value = scaled(window, factor, shown.whole)
  }
  return (
    <View heading={words.heading} says={shown && window && words.says(sum(shown.series.blocks), exactTime(window.since), exactTime(window.until))}>
      <div class="chart-controls">
        <div role="group" aria-label={words.range}>
          {RANGES.map((each) => (
            <button key={each} type="button" class="soft" aria-pressed={range.value === each} onClick={() => choose(each)}>{words.ranges[each]}</button>
          ))}
        </div>
        <div role="group" aria-label={words.zoom}>
          <button type="button" class="soft" disabled={window === undefined} onClick={() => zoomBy(0.5)}>{words.zoomIn}</button>
          <button type="button" class="soft" disabled={zoom.value === undefined} onClick={() => zoomBy(2)}>{words.zoomOut}</button>
        </div>
        {shown !== undefined && shown.series.heights.length > 0 && <p class="quiet">{pointsOf(shown.series)}</p>}
      </div>
      {failure !== undefined && <p role="status" class="failed">{text.views.failed(failure)}</p>}
      {shown === undefined && failure === undefined && <p role="status" class="quiet">{text.views.loading}</p>}
      {shown !== undefined && window !== undefined && (
        <Drawn shown={shown} window={window} at={at} zoom={zoom} />
      )}
    </View>
  )
}

interface DrawnProps {
  shown: Shown
  window: TimeWindow
  at: { value: number | null }
  zoom: { value: TimeWindow | undefined }
}

function Drawn({ shown: { series, whole, route }, window, at, zoom }: DrawnProps) {
  const { state } = usePage()
  const tip = state.tip.value
  if (series.heights.length === 0) {
    const { value, unit } = age(state.now.value - (tip?.timestamp ?? 0))
    return <p class="empty">{words.noneInRange(`${value} ${unit}`)}</p>
  }
  return (
    <>
      <div class="charts">
        {CHARTS.map((name) => (
          <Chart
            key={name} name={name} series={series} window={window} at={at}
            zoomTo={(to) => { zoom.value = to }} whole={whole}
          />
        ))}
      </div>
      <p id="chart-keys" class="quiet chart-keys">{words.keys}</p>
      <Json route={route} value={series} />
    </>
  )
}

/** What a point stands for. */
function pointsOf({ step, heights }: Series): string {
  const window = windowFor(heights.length)
  return step === 1 ? words.ofBlocks(window) : words.ofGroups(step, window)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

/** The address of what the client asks. */
function routeOf({ since, until, points }: { since: number; until: number | undefined; points: number }): string {
  const end = until === undefined ? '' : `&until=${until}`
  return `/api/v1/series?since=${since}${end}&points=${points}`
}
