/**
 * Which rules a block breaks that somebody changed by hand, in the order in which a node asks them (PROTOCOL.md, part 4):
 *
 *   the header alone      can be encoded, version, bits, work
 *   its body              can be encoded, root, amounts, signatures
 *   the header before it  parent, height, time, bits by the difficulty rule, clock
 *   the ledger            only the node has it: it says so when the block is handed in
 *
 * The rules of a header are the node's own code, which stops at the first that is broken. To see what else is wrong, what
 * it found is mended and it is asked again. Pure; tests hold the first finding to what the rules say of the same block.
 */
import { type Ancestors, nextBits } from '../consensus/difficulty.ts'
import { RuleError, type RuleCode } from '../consensus/errors.ts'
import { checkHeaderContext, checkWork } from '../consensus/header-rules.ts'
import { fromHex } from '../consensus/hex.ts'
import type { HeaderFields, NetworkParameters } from '../http/api.ts'
import type { BodyParts } from './body-bytes.ts'

/** What may be broken here, in the order in which it is asked. */
export const ASKED_RULES = [
  'block-bad-encoding',
  'block-bad-version',
  'block-malformed-bits',
  'block-target-above-limit',
  'block-bad-pow',
  'block-bad-body-root',
  'transaction-amount-overflow',
  'transaction-bad-signature',
  'block-unknown-parent',
  'block-bad-height',
  'block-time-too-old',
  'block-bad-bits',
  'block-too-early',
] as const satisfies readonly RuleCode[]

export type AskedRule = (typeof ASKED_RULES)[number]

export interface Evidence {
  /** Undefined where it cannot be encoded. */
  header: HeaderFields | undefined
  hash: string | undefined
  /** Undefined where it cannot be encoded. */
  body: BodyParts | undefined
  root: string | undefined
  /** Whether a transaction says something other than was signed. */
  isForged: boolean
  /** What the difficulty rule needs of the block that `header.parent` names; `unknown` where the node has no such block. */
  parent: Ancestors | 'asking' | 'unknown'
  params: NetworkParameters
  /** The node's clock, ms. */
  now: number
}

export interface Findings {
  /** The rules that are broken, the one that a node finds first first. */
  broken: AskedRule[]
  /** The rules that cannot be asked, because of what is broken or not known yet. */
  unasked: ReadonlySet<AskedRule>
}

/** Rules that cannot be asked while something before them is in the way. */
const OF_TARGET: readonly AskedRule[] = ['block-target-above-limit', 'block-bad-pow']
const OF_BODY: readonly AskedRule[] = ['block-bad-body-root', 'transaction-amount-overflow', 'transaction-bad-signature']
const OF_PARENT: readonly AskedRule[] = ['block-bad-height', 'block-time-too-old', 'block-bad-bits', 'block-too-early']

export function findingsOf({ header, hash, body, root, isForged, parent, params, now }: Evidence): Findings {
  if (header === undefined || hash === undefined) return { broken: ['block-bad-encoding'], unasked: new Set(ASKED_RULES.slice(1)) }
  const bits = Number.parseInt(header.bits, 16)
  const broken = new Set<AskedRule>()
  const unasked = new Set<AskedRule>()

  for (const code of brokenOfWork({ version: header.version, bits }, fromHex(hash), params)) broken.add(code)
  if (broken.has('block-malformed-bits')) for (const code of OF_TARGET) unasked.add(code)

  if (body === undefined) {
    broken.add('block-bad-encoding')
    for (const code of OF_BODY) unasked.add(code)
  } else {
    if (root !== header.bodyRoot) broken.add('block-bad-body-root')
    // Both are at most 2^53 − 1, so doubles still tell their sum from that.
    if (body.transactions.some(({ amount, fee }) => amount + fee > Number.MAX_SAFE_INTEGER)) broken.add('transaction-amount-overflow')
    if (isForged) broken.add('transaction-bad-signature')
  }

  if (typeof parent !== 'string') {
    for (const code of brokenOfContext({ ...header, bits }, parent, params, now)) broken.add(code)
  } else {
    if (parent === 'unknown') broken.add('block-unknown-parent')
    else unasked.add('block-unknown-parent')
    for (const code of OF_PARENT) unasked.add(code)
  }
  return { broken: ASKED_RULES.filter((code) => broken.has(code)), unasked }
}

function brokenOfWork(header: { version: number; bits: number }, hash: Uint8Array, { limitBits }: NetworkParameters): AskedRule[] {
  const given = { header, hash, limitBits }
  return allBroken(() => checkWork(given.header, given.hash, given), (code) => {
    switch (code) {
      case 'block-bad-version': given.header = { ...header, version: 1 }; break
      case 'block-target-above-limit': given.limitBits = header.bits; break
      case 'block-bad-pow': given.hash = new Uint8Array(32); break // which meets every target
      default: return false // bits that are no target leave nothing to hold the hash against
    }
    return true
  })
}

function brokenOfContext(
  header: { height: number; timestamp: number; bits: number },
  parent: Ancestors,
  params: NetworkParameters,
  now: number,
): AskedRule[] {
  const given = { ...header }
  return allBroken(() => checkHeaderContext(given, parent, params, now), (code) => {
    switch (code) {
      case 'block-bad-height': given.height = parent.height + 1; break
      case 'block-time-too-old': given.timestamp = parent.timestamp + 1; break
      case 'block-bad-bits': given.bits = nextBits(parent, params); break
      default: return false // the last one
    }
    return true
  })
}

/**
 * Asks again after each rule that is broken, once that is mended.
 * @param mend what the rule of that code asks for is given; false where it cannot be, or nothing is asked after it
 */
function allBroken(check: () => void, mend: (code: RuleCode) => boolean): AskedRule[] {
  const broken: AskedRule[] = []
  for (;;) {
    try {
      check()
      return broken
    } catch (error) {
      if (!(error instanceof RuleError)) throw error
      const code = ASKED_RULES.find((rule) => rule === error.code)
      if (code === undefined || broken.includes(code)) throw error // a mistake of this file, not of the block
      broken.push(code)
      if (!mend(code)) return broken
    }
  }
}
