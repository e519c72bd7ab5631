/**
 * Counts of what has happened, kept from the node's start on at the cost of an addition each. What Prometheus asks for is
 * made of them when it asks (exposition.ts): a node that nobody scrapes loads nothing for it.
 */

export type Labels = Readonly<Record<string, string>>

/** One line of the exposition. */
export interface Sample {
  /** Where it differs from the metric's: `…_bucket`, `…_sum`, `…_count`. */
  metricName?: string
  labels: Labels
  value: number
}

/** One metric, by the conventions of https://prometheus.io/docs/practices/naming/: base units, `_total` of what only grows. */
export interface Metric {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  samples(): Sample[]
}

/** What only grows, by its labels. Labels are words of this program, of which there are few: never an id, name or path. */
export class Counter implements Metric {
  readonly type = 'counter'
  readonly name: string
  readonly help: string
  readonly #counts = new Map<string, Sample>()

  /** @param labels where the metric has one sample without labels, it is there from the start, at 0 */
  constructor(name: string, help: string, labels: 'plain' | 'labelled' = 'labelled') {
    this.name = name
    this.help = help
    if (labels === 'plain') this.add({}, 0)
  }

  add(labels: Labels = {}, count = 1): void {
    const key = Object.values(labels).join('\n')
    const sample = this.#counts.get(key)
    if (sample === undefined) this.#counts.set(key, { labels, value: count })
    else sample.value += count
  }

  samples(): Sample[] {
    return [...this.#counts.values()]
  }
}

/** How often what was measured was at most each bound: durations, in seconds. */
export class Histogram implements Metric {
  readonly type = 'histogram'
  readonly name: string
  readonly help: string
  readonly #bounds: readonly number[]
  readonly #series = new Map<string, { labels: Labels; counts: number[]; sum: number }>()

  /** @param bounds ascending; above the last there is no bound */
  constructor(name: string, help: string, bounds: readonly number[]) {
    this.name = name
    this.help = help
    this.#bounds = bounds
  }

  observe(value: number, labels: Labels = {}): void {
    const key = Object.values(labels).join('\n')
    const series = this.#series.get(key) ?? { labels, counts: Array.from({ length: this.#bounds.length + 1 }, () => 0), sum: 0 }
    const at = this.#bounds.findIndex((bound) => value <= bound)
    const place = at < 0 ? this.#bounds.length : at
    series.counts[place] = (series.counts[place] ?? 0) + 1
    series.sum += value
    this.#series.set(key, series)
  }

  samples(): Sample[] {
    return [...this.#series.values()].flatMap(({ labels, counts, sum }) => {
      let count = 0
      const buckets = counts.map((each, at): Sample => {
        count += each
        return { metricName: `${this.name}_bucket`, labels: { ...labels, le: String(this.#bounds[at] ?? '+Inf') }, value: count }
      })
      return [
        ...buckets,
        { metricName: `${this.name}_sum`, labels, value: sum },
        { metricName: `${this.name}_count`, labels, value: count },
      ]
    })
  }
}

/** What goes up and down, or is counted elsewhere, looked at when it is asked for. */
export const looked = (
  type: 'gauge' | 'counter',
  name: string,
  help: string,
  look: () => number | (readonly [labels: Labels, value: number])[],
): Metric => ({
  name,
  help,
  type,
  samples() {
    const found = look()
    return typeof found === 'number' ? [{ labels: {}, value: found }] : found.map(([labels, value]) => ({ labels, value }))
  },
})
