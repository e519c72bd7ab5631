/**
 * The rules of a header that hash nothing: its hash is given to them. They stand apart from header.ts so that a page can
 * ask them too, which may not run the WebAssembly that hashes for the rest of the rules.
 *
 * Order: the work (version, bits, hash against target), then context (height, time, bits by the difficulty rule, clock).
 * What is too early fails last, so that whatever is reported as early is right in all else and worth keeping until its
 * time.
 */
import { type Ancestors, type DifficultyParams, nextBits } from './difficulty.ts'
import { RuleError } from './errors.ts'
import { toHex } from './hex.ts'
import type { NetworkParams } from './params.ts'
import { fromCompact, hashToNumber, targetOf } from './target.ts'
import type { Header } from './types.ts'

/**
 * Sanity, of a header whose fields are what they should be. In order: `block-bad-version`, `block-malformed-bits`,
 * `block-target-above-limit`, `block-bad-pow`.
 * @param hash the header's own hash
 */
export function checkWork(
  header: Pick<Header, 'version' | 'bits'>,
  hash: Uint8Array,
  params: Pick<NetworkParams, 'limitBits'>,
): void {
  if (header.version !== 1) throw new RuleError('block-bad-version', `version ${header.version}`)
  const target = targetOf(header.bits)
  if (target === undefined) throw new RuleError('block-malformed-bits', `bits ${hexBits(header.bits)}`)
  if (target > fromCompact(params.limitBits).target) {
    const limit = hexBits(params.limitBits)
    throw new RuleError('block-target-above-limit', `bits ${hexBits(header.bits)} are easier than the limit ${limit}`)
  }
  if (hashToNumber(hash) > target) {
    throw new RuleError('block-bad-pow', `hash ${toHex(hash)} is above the target of bits ${hexBits(header.bits)}`)
  }
}

/**
 * Context: the header against the chain that it extends.
 * In order: `block-bad-height`, `block-time-too-old`, `block-bad-bits`, `block-too-early`.
 * @param now this node's clock, ms since the Unix epoch
 */
export function checkHeaderContext(
  header: Pick<Header, 'height' | 'timestamp' | 'bits'>,
  parent: Ancestors,
  params: DifficultyParams & Pick<NetworkParams, 'maxFutureMs'>,
  now: number,
): void {
  if (header.height !== parent.height + 1) {
    throw new RuleError('block-bad-height', `height ${header.height} on a parent of height ${parent.height}`)
  }
  if (header.timestamp <= parent.timestamp) {
    throw new RuleError('block-time-too-old', `timestamp ${header.timestamp} is not after the parent’s ${parent.timestamp}`)
  }
  const bits = nextBits(parent, params)
  if (header.bits !== bits) {
    throw new RuleError('block-bad-bits', `bits ${hexBits(header.bits)} where the difficulty rule gives ${hexBits(bits)}`)
  }
  if (header.timestamp > now + params.maxFutureMs) {
    throw new RuleError('block-too-early', `timestamp ${header.timestamp} is ${header.timestamp - now} ms ahead of this clock`)
  }
}

const hexBits = (bits: number): string => bits.toString(16).padStart(8, '0')
