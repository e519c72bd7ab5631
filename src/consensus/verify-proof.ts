/**
 * Checks the proof that a transaction is in a block (proof.ts), from the document alone: no node, no chain, no network.
 *
 * In order, cheapest first: the document's form → its network → header and transaction decode, and every field says what
 * their bytes say → each header is on the one before and carries its work → the branch leads from the id to the header's
 * body root → the sender's signature, for this network.
 *
 * What that shows: the sender signed this payment for this network; it is in that block; so many hashes were done on the
 * block and on the headers after it. What no document can show: that the block breaks no rule of the ledger (was the
 * balance there?), and that its chain is the one with the most work. Whoever wants to deceive must do that work, so the
 * more of it there is, the less likely; or one knows a block of the best chain, and asks for a proof that leads to it
 * (`block`). How hard the blocks had to be follows from the network's parameters: a network that is no more than a name
 * has known ones, those of another are to be given. Bits are then held to the limit, and to the difficulty rule wherever
 * the headers before are in the document too: from the third one on.
 *
 * Fails with `ProofError`, and with nothing else, whatever it is given that came out of JSON.
 *
 * @example
 *   const { id, block, confirmations, work } = verifyProof(JSON.parse(text), { params: networkParams('lan'), now: Date.now() })
 */
import { BRANCH_LENGTH, countInBranch, rootOfBranch } from './body-root.ts'
import { nextBits } from './difficulty.ts'
import { RuleError } from './errors.ts'
import { genesisOf } from './genesis.ts'
import { sha256 } from './hash.ts'
import { blockHash, checkHeader } from './header.ts'
import { equalBytes, fromHex, type Hex, toHex } from './hex.ts'
import { type NetworkParams, networkParams } from './params.ts'
import { type Proof, showHeader, showTransaction } from './proof.ts'
import { parseProof } from './proof-form.ts'
import { ProofError } from './proof-error.ts'
import { fromCompact, workOf } from './target.ts'
import { checkSignature, checkTransaction } from './transaction.ts'
import { decodeHeader, decodeTransaction, type Header, type Transaction } from './types.ts'

export interface VerifyProofOptions {
  /** The network that it must be of. @default the one that the document's name gives, if its genesis is the document's */
  params?: NetworkParams
  /** The genesis that it must have, where the parameters are not known: 64 hex digits. */
  genesis?: Hex
  /** ms since the Unix epoch: no header may be further ahead than the network allows. @default times are not compared */
  now?: number
  /** Blocks, from the transaction's own on, that the document's headers must show. @default 1 */
  confirmations?: number
  /** The hash of a block that is known to be on the best chain: it must be among the document's. @default none is known */
  block?: Hex
}

/** What a proof shows. */
export interface Proven {
  /** Of the transaction. */
  id: Hex
  transaction: Transaction
  network: {
    name: string
    genesis: Hex
    /** How the genesis is known: it was asked for, the name gives it, or only the document says so. */
    known: 'asked' | 'name' | 'no'
    /** Whether the parameters are known, so that the difficulty of the headers was compared with them. */
    parameters: boolean
  }
  block: { hash: Hex; height: number; timestamp: number; miner: Uint8Array; transactionCount: number; position: number }
  /** Blocks whose work the document shows: the transaction's own and those after it. */
  confirmations: number
  /** Blocks as the node that made the proof counted them: its word. */
  claimedConfirmations: number
  /** Hash of the last of them. */
  last: Hex
  /** Expected hashes to make those blocks. */
  work: bigint
}

/** Bits that no target is easier than: where a network's parameters are not known, its limit is not. */
const EASIEST_BITS = 0x2100_ffff

/**
 * Checks a proof.
 * @param document out of JSON
 * @throws ProofError whose code says what is wrong with it
 */
export function verifyProof(document: unknown, options: VerifyProofOptions = {}): Proven {
  const proof = parseProof(document)
  const { params, known } = networkOf(proof, options)
  const header = decoded('header.ssz', () => decodeHeader(fromHex(proof.header.ssz)))
  const transaction = decoded('transaction.ssz', () => decodeTransaction(fromHex(proof.transaction.ssz)))
  const hash = toHex(blockHash(header))
  hold('header', proof.header, showHeader(header))
  hold('transaction', proof.transaction, showTransaction(transaction))
  hold('proof', { height: proof.height, hash: proof.hash }, { height: header.height, hash })

  const headers = [header, ...proof.headers.map((ssz, at) => decoded(`headers[${at}]`, () => decodeHeader(fromHex(ssz))))]
  const { hashes, work } = checkHeaders(headers, proof, params, options.now)
  if (options.block !== undefined && !hashes.includes(options.block.toLowerCase())) {
    throw new ProofError('proof-other-block', `block ${options.block} is not among its ${hashes.length}`)
  }
  checkConfirmations(proof, headers.length, options.confirmations ?? 1)

  const { position } = proof
  const branch = proof.branch.map(fromHex)
  const transactionCount = countInBranch(branch)
  if (transactionCount === undefined || position >= transactionCount) {
    throw new ProofError('proof-bad-branch', `a list of ${transactionCount ?? 'no possible number of'} ids has none at ${position}`)
  }
  if (!equalBytes(rootOfBranch(sha256(fromHex(proof.transaction.ssz)), position, branch), header.bodyRoot)) {
    throw new ProofError('proof-bad-branch', `its hashes lead from the id at ${position} to another root than the header’s`)
  }
  decoded('transaction', () => {
    checkTransaction(transaction)
    checkSignature(transaction, fromHex(proof.genesis))
  })
  const miner = branch[BRANCH_LENGTH - 1] as Uint8Array // there are so many: see parseProof
  return {
    id: proof.transaction.id,
    transaction,
    network: { name: proof.network, genesis: proof.genesis, known, parameters: params !== undefined },
    block: { hash, height: header.height, timestamp: header.timestamp, miner, transactionCount, position },
    confirmations: headers.length,
    claimedConfirmations: proof.confirmations,
    last: hashes.at(-1) ?? hash,
    work,
  }
}

/** Whose proof it is, and that it is of the network that was asked for. */
function networkOf(proof: Proof, asked: VerifyProofOptions): { params?: NetworkParams; known: Proven['network']['known'] } {
  const expected = asked.params === undefined ? asked.genesis?.toLowerCase() : toHex(genesisOf(asked.params).hash)
  if (expected !== undefined && expected !== proof.genesis) {
    const which = asked.params === undefined ? '' : `, which is not network ${asked.params.name}’s`
    throw new ProofError('proof-other-network', `it is of genesis ${proof.genesis}${which}; expected is ${expected}`)
  }
  if (asked.params !== undefined) {
    if (asked.params.name !== proof.network) throw differs('network', proof.network, asked.params.name)
    return { params: asked.params, known: 'asked' }
  }
  const named = networkParams(proof.network) // it is a name: see parseProof
  if (toHex(genesisOf(named).hash) === proof.genesis) return { params: named, known: expected === undefined ? 'name' : 'asked' }
  return { known: expected === undefined ? 'no' : 'asked' }
}

/** Each header carries its work and is on the one before it. */
function checkHeaders(
  headers: readonly Header[],
  { genesis }: Proof,
  params: NetworkParams | undefined,
  now: number | undefined,
): { hashes: Hex[]; work: bigint } {
  const hashes: Hex[] = []
  let work = 0n
  for (const [at, header] of headers.entries()) {
    const name = at === 0 ? 'header' : `headers[${at - 1}]`
    const hash = blockHash(header)
    decoded(name, () => checkHeader(header, hash, { limitBits: params?.limitBits ?? EASIEST_BITS }))
    const parent = headers[at - 1]
    const expected = parent === undefined ? (header.height === 1 ? genesis : undefined) : hashes[at - 1]
    if (expected !== undefined && toHex(header.parent) !== expected) {
      throw new ProofError('proof-unlinked', `${name} is on block ${toHex(header.parent)}, not on ${expected}`)
    }
    decoded(name, () => checkPlace(header, parent, headers[at - 2], params))
    work += workOf(fromCompact(header.bits).target)
    hashes.push(toHex(hash))
  }
  const last = headers.at(-1)
  if (last !== undefined && params !== undefined && now !== undefined && last.timestamp > now + params.maxFutureMs) {
    throw new ProofError('block-too-early', `the last header is ${last.timestamp - now} ms ahead of this clock`)
  }
  return { hashes, work }
}

/** The rules of context that the headers before a header show: height, time, and bits where the gap before is known. */
function checkPlace(header: Header, parent: Header | undefined, grandparent: Header | undefined, params: NetworkParams | undefined): void {
  if (parent !== undefined && header.height !== parent.height + 1) {
    throw new RuleError('block-bad-height', `height ${header.height} on a parent of height ${parent.height}`)
  }
  if (parent !== undefined && header.timestamp <= parent.timestamp) {
    throw new RuleError('block-time-too-old', `timestamp ${header.timestamp} is not after the parent’s ${parent.timestamp}`)
  }
  if (params === undefined) return
  const needsNoGap = params.halfLifeBlocks === 0 || header.height <= 2
  if (!needsNoGap && (parent === undefined || grandparent === undefined)) return
  const [{ bits, timestamp }, { timestamp: parentTimestamp }] = [parent ?? header, grandparent ?? header]
  const expected = nextBits({ height: header.height - 1, bits, timestamp, parentTimestamp }, params)
  if (header.bits !== expected) {
    const [found, rule] = [header.bits, expected].map((each) => each.toString(16).padStart(8, '0'))
    throw new RuleError('block-bad-bits', `bits ${found} where the difficulty rule gives ${rule}`)
  }
}

function checkConfirmations({ confirmations: claimed }: Proof, shown: number, wanted: number): void {
  if (claimed < shown) {
    throw new ProofError('proof-fields-differ', `confirmations is ${claimed}, and its headers show ${shown}`)
  }
  if (shown < wanted) {
    throw new ProofError('proof-too-short', `its headers show ${shown} confirmations, wanted are ${wanted}: ask for more headers`)
  }
}

/** Each field says what the bytes beside it say. */
function hold<T extends object>(name: string, said: T, shown: T): void {
  for (const field of Object.keys(shown) as (keyof T & string)[]) { // of a T
    if (!Object.is(said[field], shown[field])) throw differs(name === 'proof' ? field : `${name}.${field}`, said[field], shown[field])
  }
}

const differs = (field: string, said: unknown, shown: unknown): ProofError =>
  new ProofError('proof-fields-differ', `${field} is ${JSON.stringify(said)}, and its bytes say ${JSON.stringify(shown)}`)

/** Rules of consensus keep their code, and say where. */
function decoded<T>(where: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof RuleError) throw new ProofError(error.code, `${where}: ${error.message.slice(error.code.length + 2)}`)
    throw error
  }
}
