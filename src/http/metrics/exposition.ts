/**
 * Metrics as Prometheus reads them: text, version 0.0.4 of
 * https://prometheus.io/docs/instrumenting/exposition_formats/. Written by prom-client, which adds those of the process.
 *
 * To load it takes a tenth of a second, so that is for the first scrape: no start waits for it.
 */
import { collectDefaultMetrics, type Metric as KnownMetric, Registry } from 'prom-client'
import type { Metric } from './tally.ts'

export class Exposition {
  readonly #registry = new Registry()

  constructor(metrics: readonly Metric[]) {
    for (const each of metrics) {
      const { name, help, type } = each
      const metric = { name, help, type, aggregator: 'sum', get: async () => ({ name, help, type, values: each.samples() }) }
      // All that the registry asks of a metric: its own kinds would count a second time what is counted already.
      this.#registry.registerMetric(metric as unknown as KnownMetric)
    }
    collectDefaultMetrics({ register: this.#registry })
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }
}
