/** Why mining did not go on, as stable codes. */
export const MINING_FAILURES = {
  'mining-stopped': 'the miner was stopped',
  'mining-off': 'this node’s own miner may not search: its blocks are found in another way',
  'mining-catching-up': 'this node is behind its peers: a block made now would be on a tip that they left',
  'mining-worker-failed': 'a mining thread died; the next search starts new ones',
} as const satisfies Record<string, string>

export type MiningCode = keyof typeof MINING_FAILURES

/** Mining ended before it had what was asked of it. */
export class MiningError extends Error {
  override readonly name = 'MiningError'
  readonly code: MiningCode

  constructor(code: MiningCode, found: string) {
    super(`${code}: ${found}`)
    this.code = code
  }
}
