/**
 * Headers: identity and the rules that need no body.
 *
 * Order: sanity (encoding, then the work), then context; see header-rules.ts.
 */
import { RuleError } from './errors.ts'
import { sha256 } from './hash.ts'
import { checkWork } from './header-rules.ts'
import type { NetworkParams } from './params.ts'
import { encodeHeader, type Header, misfitOfHeader } from './types.ts'

export { checkHeaderContext } from './header-rules.ts'

/** SHA-256 of the 92 encoded bytes. Shown as hex, its leading zeros are the work. */
export const blockHash = (header: Header): Uint8Array => sha256(encodeHeader(header))

/**
 * Sanity. In order: `block-bad-encoding`, `block-bad-version`, `block-malformed-bits`, `block-target-above-limit`,
 * `block-bad-pow`.
 * @param hash the header's own hash, given so that it is computed once
 */
export function checkHeader(header: Header, hash: Uint8Array, params: Pick<NetworkParams, 'limitBits'>): void {
  const misfit = misfitOfHeader(header)
  if (misfit !== undefined) throw new RuleError('block-bad-encoding', misfit)
  checkWork(header, hash, params)
}
