/**
 * A chart with what it says: its name and meaning, the newest value, a sentence in place of the picture, and the same as
 * a table. The keyboard reaches all that a pointer does.
 */
import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import type { Series } from '../../../http/api.ts'
import { type ChartName, type Drawing, drawingOf } from '../../charts/drawing.ts'
import { MEASURES, readingOf, sentenceOf, tickOf, valueOf } from '../../charts/in-words.ts'
import { Plot, type PlotContent, type PlotEvents } from '../../charts/plot.ts'
import { type Scale, scaleOf } from '../../charts/scale.ts'
import { dragged, moved, scaled, type TimeWindow } from '../../charts/time-window.ts'
import { usePage } from '../../page.ts'
import { blockLink } from '../../route.ts'
import { text } from '../../strings.ts'
import { useWidth } from '../../use-width.ts'
import { Term } from '../Term.tsx'
import { ChartTable } from './ChartTable.tsx'

const words = text.charts
/** The rule of difficulty takes a longer pause for no longer than this, in target times, and so does a line. */
const PAUSE_IN_TARGETS = 60

export interface ChartProps {
  name: ChartName
  series: Series
  window: TimeWindow
  /** All that there is to see: zooming out ends there. */
  whole: TimeWindow
  /** The point that the cursors of all charts are at. */
  at: { value: number | null }
  /** Undefined: all of it. */
  zoomTo: (window: TimeWindow | undefined) => void
}

export function Chart(props: ChartProps) {
  const { name, series } = props
  const { state } = usePage()
  const targetMs = state.network.value?.parameters.targetBlockTimeMs
  const target = name === 'interval' ? targetMs : undefined
  const drawing = useMemo(() => drawingOf(name, series), [name, series])
  const scale = useMemo(() => scaleOf(seenIn(drawing, target), MEASURES[name]), [drawing, target])
  const { summary } = drawing
  const newest = drawing.line.at(-1)
  const targetText = target === undefined ? undefined : valueOf('interval', target)
  const sentence = summary && sentenceOf(name, summary, targetText)
  const at = props.at.value
  const reading = at === null || at >= series.heights.length ? sentence : readingOf(name, series, drawing, at)
  const focused = useSignal(false)
  return (
    <section class="chart" aria-label={words[name].term}>
      <div class="chart-head">
        <h3><Term is={words[name]} /></h3>
        {newest !== undefined && newest !== null && <p class="newest"><small>{words.latest}</small> {valueOf(name, newest)}</p>}
      </div>
      {sentence === undefined ? <p class="empty">{name === 'arrival' ? words.noArrivals : words.unknown}</p> : (
        <>
          <Canvas
            {...props} drawing={drawing} scale={scale} sentence={sentence}
            maxPauseMs={(targetMs ?? 0) * PAUSE_IN_TARGETS * series.step}
            target={target === undefined ? undefined : { value: target, label: words.target(targetText ?? '') }}
            focus={(has) => { focused.value = has }}
          />
          <p class="quiet reading" aria-live={focused.value ? 'polite' : 'off'}>{reading}</p>
          <ChartTable name={name} series={series} drawing={drawing} />
        </>
      )}
    </section>
  )
}

interface CanvasProps extends ChartProps {
  drawing: Drawing
  scale: Scale
  sentence: string
  maxPauseMs: number
  target: PlotContent['target']
  /** The keyboard is at it, or left it. */
  focus: (has: boolean) => void
}

function Canvas(props: CanvasProps) {
  const { name, series, window, whole, at, zoomTo, drawing, scale, sentence, maxPauseMs, target, focus } = props
  const { box, width } = useWidth()
  const plot = useRef<Plot>(undefined)
  const content: PlotContent = {
    times: series.timestamps, drawing, scale, shown: window, maxPauseMs, target, format: (value) => tickOf(name, value),
  }
  const events: PlotEvents = {
    zoom: (from, to) => zoomTo(dragged(from, to, whole)),
    zoomOut: () => zoomTo(undefined),
    point: (point) => { at.value = point },
  }
  const latest = useRef(events)
  latest.current = events

  useEffect(() => {
    if (box.current === null) return
    const made = new Plot(box.current, content, {
      zoom: (from, to) => latest.current.zoom(from, to),
      zoomOut: () => latest.current.zoomOut(),
      point: (point) => latest.current.point(point),
    })
    plot.current = made
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const redraw = (): void => made.redraw()
    dark.addEventListener('change', redraw)
    return () => {
      dark.removeEventListener('change', redraw)
      made.destroy()
    }
  }, [])
  // Before the page is drawn, so that a key which follows what is read meets what is seen.
  useLayoutEffect(() => plot.current?.show(content), [drawing, scale, window.since, window.until])
  useEffect(() => plot.current?.resize(Math.floor(width)), [width])

  const last = series.heights.length - 1
  const goTo = (point: number): void => plot.current?.point(Math.min(Math.max(point, 0), last))
  const keys: Record<string, () => void> = {
    '+': () => zoomTo(scaled(window, 0.5, whole)),
    '=': () => zoomTo(scaled(window, 0.5, whole)),
    '-': () => zoomTo(scaled(window, 2, whole)),
    ArrowLeft: () => goTo((at.value ?? last + 1) - 1),
    ArrowRight: () => goTo((at.value ?? -1) + 1),
    'Shift ArrowLeft': () => zoomTo(moved(window, -0.25, whole)),
    'Shift ArrowRight': () => zoomTo(moved(window, 0.25, whole)),
    Home: () => goTo(0),
    End: () => goTo(last),
    Enter: () => { if (at.value !== null) location.assign(blockLink(String(series.heights[at.value]))) },
    Escape: () => {
      plot.current?.point(null)
      zoomTo(undefined)
    },
  }
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const act = keys[event.shiftKey && event.key.startsWith('Arrow') ? `Shift ${event.key}` : event.key]
    if (act === undefined) return
    event.preventDefault()
    act()
  }
  return (
    <figure
      ref={box} class="plot" role="application" aria-roledescription={words.role} tabIndex={0}
      aria-label={`${words[name].term}. ${sentence}`} aria-describedby="chart-keys" onKeyDown={press}
      onFocus={() => focus(true)}
      onBlur={() => {
        focus(false)
        plot.current?.point(null)
      }}
    />
  )
}

/** All values that the scale must have room for. */
function* seenIn({ line, dots, least, most }: Drawing, target: number | undefined): Iterable<number | null> {
  for (const column of [line, dots, least, most]) yield* column
  yield target ?? null
}
