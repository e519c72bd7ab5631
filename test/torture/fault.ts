/**
 * What every kind of fault has in common: it is done to a folder again and again, and each time something came of it.
 */
import type { Random } from '../support/random.ts'

export interface Outcome {
  /** What came of it, in the same words each time: cycles are counted by it. */
  verdict: string
  /** This cycle alone. */
  detail: string
}

/**
 * Breaks something once and looks what came of it. Throws where that is what must never be.
 * @param seed of `random`; cycles of one run have seeds that follow each other, so that variants can take turns by it
 */
export type Cycle = (random: Random, seed: number) => Promise<Outcome>

/**
 * Gets a kind of fault ready.
 * @param folder empty, and the fault's own; what a failed cycle leaves in it is the evidence
 */
export type Fault = (folder: string) => Cycle
