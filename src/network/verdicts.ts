/**
 * What follows from what a peer sent: one table, from every code to the fate of a gossiped message and of its sender.
 *
 * Codes are those of consensus (RULES), of the mempool (POLICIES) and of the protocols (FAULTS, below). The columns:
 *
 *   gossip  accept  it is good and new: forward it (the codes have no such row; it is the absence of one)
 *           ignore  neither forwarded nor held against anybody: known, too early, not judged yet, not wanted now
 *           reject  provably invalid: not forwarded, and gossipsub's score of the sender falls (P4)
 *   peer    none    nothing
 *           lower   10 points off its score, which recover in time; at −100 it is disconnected until they have
 *           ban     disconnected and refused for half an hour: no honest node sends this
 *
 * Why a rejected block bans: every honest node checks a block whole before it forwards it, the ledger too, though not
 * yet written, so whoever sends an invalid one made it or is broken. Two honest nodes cannot differ in that: whoever has
 * the parent as its tip has the same accounts, and whoever has not asks for it, or keeps the block as a side branch,
 * before it finds anything. Why side branches are not forwarded (gossip.ts): they are not checked whole.
 */
import type { RuleCode } from '../consensus/errors.ts'
import type { PolicyCode } from '../mempool/policy.ts'

export interface Verdict {
  gossip: 'accept' | 'ignore' | 'reject'
  peer: 'none' | 'lower' | 'ban'
}

/** What a peer can do wrong in a protocol, with what it should do instead. */
export const FAULTS = {
  'peer-bad-frame': 'a frame’s length is a shortest varint within the protocol’s limit',
  'peer-bad-message': 'a frame holds exactly the message of its protocol',
  'peer-unasked': 'an answer holds no more than was asked for',
  'peer-headers-unlinked': 'the headers of an answer follow one another, the first one a hash of the locator or genesis',
  'peer-cut-short': 'a frame that was begun is ended',
  'peer-low-work': 'a peer has headers of the work that its status claims',
  'peer-missing-body': 'a peer has the bodies of the headers that it gave',
  'peer-timeout': 'a request is answered in time',
  'peer-over-quota': 'a peer asks no more than its quota',
  'peer-not-gossiping': 'a peer keeps a gossip stream open in both directions',
  'peer-score-low': 'a score stays above −100',
  'peer-other-network': 'a peer has the same genesis',
  'peer-refused': 'a request is taken',
  'peer-gone': 'a connection lasts as long as a request',
  'gossip-validator-failed': 'our own validator does not throw: this is a bug here',
} as const satisfies Record<string, string>

export type FaultCode = keyof typeof FAULTS

/** Every code that a peer can be judged by. */
export type Code = RuleCode | PolicyCode | FaultCode

const INVALID: Verdict = { gossip: 'reject', peer: 'ban' }
const NOT_YET: Verdict = { gossip: 'ignore', peer: 'none' }
const NOT_WANTED: Verdict = { gossip: 'ignore', peer: 'none' }
const BROKEN: Verdict = { gossip: 'reject', peer: 'ban' }
const UNRELIABLE: Verdict = { gossip: 'ignore', peer: 'lower' }
const HARMLESS: Verdict = { gossip: 'ignore', peer: 'none' }

export const VERDICTS: Readonly<Record<Code, Verdict>> = {
  // Rules: provably invalid, whoever looks at it, and checked by every honest node before it forwards.
  'block-bad-encoding': INVALID,
  'block-too-large': INVALID,
  'block-bad-version': INVALID,
  'block-malformed-bits': INVALID,
  'block-target-above-limit': INVALID,
  'block-bad-pow': INVALID,
  'block-bad-body-root': INVALID,
  'block-duplicate-nonce': INVALID,
  'transaction-bad-encoding': INVALID,
  'transaction-amount-overflow': INVALID,
  'transaction-bad-signature': INVALID,
  'block-invalid-parent': INVALID,
  'block-bad-height': INVALID,
  'block-time-too-old': INVALID,
  'block-bad-bits': INVALID,
  'transaction-bad-nonce': INVALID,
  'transaction-overspend': INVALID,
  'block-balance-overflow': INVALID,
  // Rules that time or another block may still satisfy.
  'block-unknown-parent': NOT_YET,
  'block-too-early': NOT_YET,

  // Policies: each node's own choice, so nobody did wrong.
  'transaction-known': NOT_WANTED,
  'transaction-fee-too-low': NOT_WANTED,
  'transaction-nonce-used': NOT_WANTED,
  'transaction-nonce-gap': NOT_WANTED,
  'transaction-insufficient-balance': NOT_WANTED,
  'transaction-replacement-underpriced': NOT_WANTED,
  'transaction-sender-limit': NOT_WANTED,
  'mempool-full': NOT_WANTED,

  // Protocols: what no working node of this version sends.
  'peer-bad-frame': BROKEN,
  'peer-bad-message': BROKEN,
  'peer-unasked': BROKEN,
  'peer-headers-unlinked': BROKEN,
  // Protocols: what a slow, leaving or overloaded node may do.
  'peer-cut-short': UNRELIABLE,
  'peer-low-work': UNRELIABLE,
  'peer-missing-body': UNRELIABLE,
  'peer-timeout': UNRELIABLE,
  'peer-over-quota': UNRELIABLE,
  // Nobody's fault, or dealt with where it is found (disconnected, asked elsewhere, logged as a bug).
  'peer-not-gossiping': HARMLESS,
  'peer-score-low': HARMLESS,
  'peer-other-network': HARMLESS,
  'peer-refused': HARMLESS,
  'peer-gone': HARMLESS,
  'gossip-validator-failed': { gossip: 'reject', peer: 'none' },
}
