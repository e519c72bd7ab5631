/**
 * Mutants that behave as the original for every input that there can be, so that no test can tell them apart, each with
 * the reason. Named by what they change and not by line numbers; run.ts says when one is no longer there.
 */
export interface Equivalent {
  /** In src/consensus. */
  file: string
  /** The line, trimmed. */
  source: string
  /** As run.ts prints it. */
  change: string
  reason: string
}

export const EQUIVALENT: readonly Equivalent[] = []
