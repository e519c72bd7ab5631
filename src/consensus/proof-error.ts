/** Every way a proof can fail, beside the rules of consensus that its header and transaction may break. */
import type { RuleCode } from './errors.ts'

/** What a proof must be, by the code of its failing. PROTOCOL.md shows this table; a test keeps the two the same. */
export const PROOF_FAULTS = {
  'proof-malformed': 'the document has the fields of a proof, each of its form, and no other',
  'proof-other-network': 'the genesis is the one that was asked for',
  'proof-fields-differ': 'each field says what the bytes say that it stands for',
  'proof-unlinked': 'each header’s parent is the one before it; block 1’s is the genesis',
  'proof-bad-branch': 'the branch leads from the id at its position to the header’s body root',
  'proof-too-short': 'the headers show as many confirmations as were asked for',
  'proof-other-block': 'the block that was asked for is among the proof’s',
} as const satisfies Record<string, string>

export type ProofCode = keyof typeof PROOF_FAULTS | RuleCode

/** A proof does not show what it should; the message says why. */
export class ProofError extends Error {
  override readonly name = 'ProofError'
  readonly code: ProofCode

  constructor(code: ProofCode, found: string) {
    super(`${code}: ${found}`)
    this.code = code
  }
}
