/**
 * What the network costs and bears: blocks through gossip beside bare gossipsub, a sync beside a local import, groups
 * that meet, attacks, and Sybils. Each part measures in processes of its own (network/).
 */
import type { Benchmark } from './figure.ts'
import { convergenceFigures } from './network/convergence.ts'
import { hostileFigures } from './network/hostile.ts'
import { propagationFigures } from './network/propagation.ts'
import { sybilFigures } from './network/sybil.ts'
import { syncFigures } from './network/sync.ts'

export const benchmark: Benchmark = async (report, options) => {
  propagationFigures(report)
  await syncFigures(report, options)
  await convergenceFigures(report, options)
  hostileFigures(report)
  await sybilFigures(report)
}
