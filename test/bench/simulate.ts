/**
 * How fast simulated time passes: twenty nodes that find a block in ten seconds, an hour of it, twice by one seed; whether
 * both runs were the same, event for event.
 */
import { createSwarm } from '../../src/swarm/create-swarm.ts'
import { RunLog } from '../../src/swarm/virtual/run-log.ts'
import { type Benchmark, figureOf, timed } from './figure.ts'

const NODES = 20
const HOUR_MS = 3_600_000
const MINUTES = 20

export const benchmark: Benchmark = async (report, { full }) => {
  const simulatedMs = full ? HOUR_MS : MINUTES * 60_000
  const runs: number[] = []
  const hashes = new Set<string>()
  for (let run = 0; run < 2; run++) {
    await using swarm = await createSwarm({
      nodes: NODES, seed: 7, time: 'virtual', hashRates: Array.from({ length: NODES }, () => 1), latencyMs: 20, jitterMs: 5,
    })
    const log = new RunLog(swarm)
    runs.push(simulatedMs / HOUR_MS / ((await timed(() => swarm.run(simulatedMs))) / 1_000))
    hashes.add(log.hash)
  }
  report(figureOf({ name: `simulated time, ${NODES} nodes, hours a second`, unit: 'h/s', runs, atLeast: 0.1 }))
  report(figureOf({ name: 'different runs of one seed', unit: 'runs', runs: [hashes.size], atMost: 1 }))
}
