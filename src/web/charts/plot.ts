/**
 * One chart on its canvas, by uPlot: a line, dots or a band behind it, a labelled line for what is aimed at; a drag selects
 * a stretch of time, a double click asks for all of it. Charts that hang together move their cursors together.
 *
 * It draws in the colours that its box has by the style sheet (`inkOf`), looked up at each drawing, so that it is dark when
 * the page is.
 */
import uPlot from 'uplot'
import type { Drawing } from './drawing.ts'
import type { Scale } from './scale.ts'
import { timeLabels } from './time-labels.ts'
import type { TimeWindow } from './time-window.ts'

export interface PlotContent {
  /** Of the points, ms since the Unix epoch. */
  times: readonly number[]
  drawing: Drawing
  scale: Scale
  shown: TimeWindow
  /** Over a longer pause no line is drawn, ms: nobody knows what was in between. */
  maxPauseMs: number
  /** What the values are aimed at. */
  target?: { value: number; label: string }
  /** A value as it is written beside the scale. */
  format: (value: number) => string
}

export interface PlotEvents {
  /** A stretch was selected, ms. */
  zoom: (from: number, to: number) => void
  zoomOut: () => void
  /** The cursor is at a point, or at none. */
  point: (at: number | null) => void
}

const HEIGHT = 200
const AXIS_WIDTH = 62
/** Room for the time, and the day below it. */
const AXIS_HEIGHT = 42
const FONT = '12px system-ui, sans-serif'
/** Charts of one group share it. */
const SYNC_KEY = 'charts'
/** The place of the line among the series. */
const LINE = 4
/** Where a cursor is not seen. */
const NOWHERE = { left: -10, top: -10 }

export class Plot {
  readonly #box: HTMLElement
  readonly #events: PlotEvents
  #content: PlotContent
  #uplot: uPlot
  #ink: Ink

  constructor(box: HTMLElement, content: PlotContent, events: PlotEvents) {
    this.#box = box
    this.#events = events
    this.#content = content
    this.#ink = inkOf(box)
    this.#uplot = this.#make()
  }

  /** The cursor stays at the time that it is at, wherever that is drawn now. */
  show(content: PlotContent): void {
    const { kind } = this.#content.scale
    const time = this.#timeAt(this.#uplot.cursor.idx)
    this.#content = content
    if (kind === content.scale.kind) {
      this.#uplot.batch(() => this.#uplot.setData(dataOf(content))) // at once: else it would take the cursor's place after us
    } else {
      // The kind of a scale is fixed when a plot is made.
      this.#uplot.destroy()
      this.#uplot = this.#make()
    }
    if (time !== undefined) this.#uplot.setCursor(placeOf(time, this.#uplot))
  }

  resize(width: number): void {
    if (width !== this.#uplot.width) this.#uplot.setSize({ width, height: HEIGHT })
  }

  /** Draws again, in the colours of now. */
  redraw(): void {
    this.#uplot.redraw(false, true)
  }

  /** Puts the cursor of all charts of the group at a point, or away. */
  point(at: number | null): void {
    const time = this.#timeAt(at)
    for (const plot of uPlot.sync(SYNC_KEY).plots) plot.setCursor(time === undefined ? NOWHERE : placeOf(time, plot))
    if (time === undefined) this.#events.point(null)
  }

  destroy(): void {
    this.#uplot.destroy()
  }

  #timeAt(at: number | null | undefined): number | undefined {
    return at === null || at === undefined ? undefined : this.#content.times[at]
  }

  #make(): uPlot {
    const { scale: { kind } } = this.#content
    const hasDots = (): boolean => this.#content.drawing.dots.some((value) => value !== null)
    const axis = { stroke: () => this.#ink.words, font: FONT, ticks: { show: false } }
    const grid = { stroke: () => this.#ink.grid, width: 1 }
    const options: uPlot.Options = {
      ms: 1,
      width: Math.max(this.#box.clientWidth, 1),
      height: HEIGHT,
      padding: [10, 30, 0, 0],
      legend: { show: false },
      scales: {
        x: { range: () => [this.#content.shown.since, this.#content.shown.until] },
        y: { distr: kind === 'log' ? 3 : 1, range: () => [this.#content.scale.from, this.#content.scale.to] },
      },
      axes: [
        { ...axis, grid: { show: false }, space: 76, size: AXIS_HEIGHT, gap: 9, values: (_, ticks, _axis, _space, increment) => timeLabels(ticks, increment) },
        {
          ...axis, grid, size: AXIS_WIDTH, splits: () => this.#content.scale.ticks, filter: (_, ticks) => ticks,
          values: (_, ticks) => ticks.map((tick) => this.#content.format(tick)),
        },
      ],
      series: [
        {},
        { stroke: 'transparent', points: { show: false } },
        { stroke: 'transparent', points: { show: false } },
        { paths: () => null, points: { show: () => hasDots(), size: 5, width: 0, fill: () => this.#ink.pale } },
        {
          stroke: () => this.#ink.line, width: 2, points: { show: (plot) => plot.data[0].length === 1, size: 7, fill: () => this.#ink.line },
          gaps: (plot, _series, first, last, gaps) => [...gaps, ...this.#pauses(plot, first, last)].sort((a, b) => a[0] - b[0]),
        },
      ],
      bands: [{ series: [1, 2], fill: () => this.#ink.paler }],
      cursor: {
        y: false,
        points: { size: (_, series) => (series === LINE ? 9 : 0), width: 0, fill: () => this.#ink.line },
        drag: { x: true, y: false, setScale: false, dist: 6 },
        sync: { key: SYNC_KEY, scales: ['x', null], filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' } },
        bind: { dblclick: () => () => { this.#events.zoomOut(); return null } },
      },
      hooks: {
        drawClear: [() => { this.#ink = inkOf(this.#box) }],
        draw: [(plot) => this.#drawTarget(plot)],
        setSelect: [(plot) => this.#selected(plot)],
        setCursor: [(plot) => this.#events.point(plot.cursor.idx ?? null)],
      },
    }
    return new uPlot(options, dataOf(this.#content), this.#box)
  }

  /** Where a line is broken, in px of the canvas. */
  #pauses(plot: uPlot, first: number, last: number): [number, number][] {
    const { times, maxPauseMs } = this.#content
    const pauses: [number, number][] = []
    for (let at = first + 1; at <= last; at += 1) {
      const [before, after] = [times[at - 1], times[at]]
      if (before === undefined || after === undefined || after - before <= maxPauseMs) continue
      pauses.push([plot.valToPos(before, 'x', true), plot.valToPos(after, 'x', true)])
    }
    return pauses
  }

  #drawTarget({ ctx, bbox, valToPos }: uPlot): void {
    const { target } = this.#content
    if (target === undefined) return
    const y = Math.round(valToPos(target.value, 'y', true))
    if (y < bbox.top || y > bbox.top + bbox.height) return
    const ratio = uPlot.pxRatio
    ctx.save()
    ctx.strokeStyle = ctx.fillStyle = this.#ink.words
    ctx.lineWidth = ratio
    ctx.setLineDash([5 * ratio, 4 * ratio])
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    ctx.font = FONT.replace('12', String(12 * ratio))
    ctx.textAlign = 'right'
    // Below the line where there is no room above it.
    const above = y - bbox.top > 20 * ratio
    ctx.textBaseline = above ? 'bottom' : 'top'
    ctx.lineJoin = 'round'
    ctx.setLineDash([])
    ctx.strokeStyle = this.#ink.paper
    ctx.lineWidth = 4 * ratio
    const [x, textY] = [bbox.left + bbox.width - 2 * ratio, y + (above ? -4 : 4) * ratio]
    ctx.strokeText(target.label, x, textY)
    ctx.fillText(target.label, x, textY)
    ctx.restore()
  }

  #selected(plot: uPlot): void {
    const { left, width } = plot.select
    if (width === 0) return
    const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
    this.#events.zoom(from, to)
  }
}

/** Where a cursor is at a time, ms. */
function placeOf(time: number, plot: uPlot): { left: number; top: number } {
  const left = plot.valToPos(time, 'x')
  return { left, top: left }
}

/** In the order of the series above. uPlot only reads them. */
const dataOf = ({ times, drawing: { most, least, dots, line } }: PlotContent): uPlot.AlignedData =>
  [times, most, least, dots, line].map((column) => [...column]) as uPlot.AlignedData // times have no null

interface Ink {
  words: string
  grid: string
  line: string
  pale: string
  paler: string
  paper: string
}

/** The colours of a box of class `plot`: charts.css says which property is for what. */
function inkOf(box: HTMLElement): Ink {
  const { color, borderTopColor, caretColor, textDecorationColor, textEmphasisColor, columnRuleColor } = getComputedStyle(box)
  return {
    words: color, grid: borderTopColor, line: caretColor, pale: textDecorationColor, paler: textEmphasisColor, paper: columnRuleColor,
  }
}
