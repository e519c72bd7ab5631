/** The units that the rules issue to whoever mines the block of a height (PROTOCOL.md, part 2). */
import type { NetworkParameters } from '../http/api.ts'

/** @param height from 1 on: genesis issues none */
export const newCoinsAt = (height: number, { subsidy, halvingInterval }: Pick<NetworkParameters, 'subsidy' | 'halvingInterval'>): number =>
  Math.floor(subsidy / 2 ** Math.floor(height / halvingInterval))
