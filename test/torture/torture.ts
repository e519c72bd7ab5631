/**
 * The kinds of fault, and how one is done again and again.
 *
 * A cycle's seed is its number plus that of the run, so that one cycle can be done again by itself. (Where a process is
 * killed, the moment within a millisecond is the machine's.)
 */
import { mkdirSync } from 'node:fs'
import { createRandom } from '../support/random.ts'
import { flip, truncate } from './damage.ts'
import { diskFull } from './disk-full.ts'
import type { Fault, Outcome } from './fault.ts'
import { kill } from './kill.ts'
import { node } from './node.ts'
import { readOnly } from './read-only.ts'
import { disksAvailable } from './tmpfs.ts'
import { torn } from './torn.ts'

interface Kind {
  fault: Fault
  /** What is done, in a few words. */
  what: string
  /** Cycles of this kind for one of `kill`, where all are run. */
  share: number
  /** Whether it needs disks of its own. */
  disks?: boolean
}

export const KINDS = {
  kill: { fault: kill, share: 1, what: 'a chain’s process is killed' },
  node: { fault: node, share: 0.25, what: 'a whole node is killed' },
  torn: { fault: torn, share: 0.25, what: 'the end of the log is torn off' },
  flip: { fault: flip, share: 2, what: 'a bit of the file flips' },
  truncate: { fault: truncate, share: 0.25, what: 'the file is cut' },
  'disk-full': { fault: diskFull, share: 0.1, what: 'the disk is full', disks: true },
  'read-only': { fault: readOnly, share: 0.035, what: 'the folder or a file is read-only', disks: true },
} satisfies Record<string, Kind>

export type KindName = keyof typeof KINDS

/** Why a kind cannot be run here, where it cannot. */
export const whyNot = (name: KindName): string | undefined => {
  const { disks = false }: Kind = KINDS[name]
  return disks && !disksAvailable() ? 'NOT RUN: needs Linux, root and mount' : undefined
}

export interface TortureOptions {
  cycles: number
  /** Of the first cycle. */
  seed: number
  /** Made here; what a failed cycle leaves in it is the evidence. */
  folder: string
}

/**
 * Does a kind of fault so many times, and tells what came of each.
 * @throws Error that says how to do a cycle again, where one ended in what must never be; the difference is its cause
 */
export async function* torture(name: KindName, options: TortureOptions): AsyncIterable<Outcome & { seed: number }> {
  const { cycles, seed, folder } = options
  mkdirSync(folder)
  const { fault }: Kind = KINDS[name]
  const cycle = fault(folder)
  for (let at = 0; at < cycles; at++) {
    const own = seed + at
    let outcome: Outcome
    try {
      outcome = await cycle(createRandom(own), own)
    } catch (error) {
      // No further cycle: it would go on with a state that is wrong.
      const again = `again by npm run torture -- --kind ${name} --cycles 1 --seed ${own}`
      throw new Error(`${again}; what is left is in ${folder}`, { cause: error })
    }
    yield { ...outcome, seed: own }
  }
}
