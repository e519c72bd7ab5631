/**
 * What the network costs and bears: blocks through gossip beside bare gossipsub, a sync beside a local import, groups
 * that meet, hostile peers, and Sybils. Each part measures in processes of its own (network/).
 */
import type { Benchmark } from './figure.ts'
import { convergenceFigures } from './network/convergence.ts'

export const benchmark: Benchmark = async (report, options) => {
  for (const figures of [convergenceFigures]) await figures(report, options)
}
