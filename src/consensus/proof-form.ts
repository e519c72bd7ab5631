/**
 * The form of a proof's document: every field is there, of its kind, and no other is. Nothing is read into it: `"1"` is
 * no number, `0A` is not how hex is written here. Fails with `ProofError` `proof-malformed`, which names the field.
 */
import { BRANCH_LENGTH } from './body-root.ts'
import { isNetworkName } from './params.ts'
import { MAX_PROOF_HEADERS, type Proof, PROOF_FORMAT, type ProofHeader, type ProofTransaction } from './proof.ts'
import { ProofError } from './proof-error.ts'
import { HEADER_BYTES, MAX_BODY_TRANSACTIONS, MAX_TRANSACTION_BYTES, MAX_U64, MIN_TRANSACTION_BYTES } from './types.ts'

/** What a value must be, and whether it is. */
interface Form {
  must: string
  holds: (value: unknown) => boolean
}

const form = (must: string, holds: (value: unknown) => boolean): Form => ({ must, holds })
const isText = (value: unknown): value is string => typeof value === 'string'

const text = form('be text', isText)
const whole = (least: number, most: number): Form =>
  form(`be a whole number from ${least} to ${most}`, (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most)
const hex = (least: number, most = least): Form =>
  form(
    `be ${2 * least}${most === least ? '' : ` to ${2 * most}`} lower-case hex digits`,
    (value) => isText(value) && /^(?:[0-9a-f]{2})*$/.test(value) && value.length >= 2 * least && value.length <= 2 * most,
  )
const listOf = ({ must, holds }: Form, least: number, most: number): Form =>
  form(
    `be a list of ${least === most ? least : `at most ${most}`}, each of which must ${must}`,
    (value) => Array.isArray(value) && value.length >= least && value.length <= most && value.every(holds),
  )
const record = form('be an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value))

type Forms<T> = { readonly [Name in keyof T]-?: Form }

const hash = hex(32)
const PROOF: Forms<Proof> = {
  format: form(`be ${JSON.stringify(PROOF_FORMAT)}`, (value) => value === PROOF_FORMAT),
  network: form('be the name of a network', (value) => isText(value) && isNetworkName(value)),
  genesis: hash,
  height: whole(1, 0xffff_ffff), // block 0 holds none
  hash,
  header: record,
  transaction: record,
  position: whole(0, MAX_BODY_TRANSACTIONS - 1),
  branch: listOf(hash, BRANCH_LENGTH, BRANCH_LENGTH),
  confirmations: whole(1, 0xffff_ffff),
  headers: listOf(hex(HEADER_BYTES), 0, MAX_PROOF_HEADERS),
}
// Numbers and texts of these two are compared with what the bytes say, so their range needs no check of its own.
const number = whole(0, MAX_U64)
const HEADER: Forms<ProofHeader> = {
  version: number, height: number, parent: hash, bodyRoot: hash, timestamp: number, bits: hex(4), nonce: number, ssz: hex(HEADER_BYTES),
}
const TRANSACTION: Forms<ProofTransaction> = {
  id: hash, sender: text, recipient: text, amount: number, fee: number, nonce: number,
  memo: form('be text or null', (value) => value === null || isText(value)),
  signature: hex(64), ssz: hex(MIN_TRANSACTION_BYTES, MAX_TRANSACTION_BYTES),
}

/** @param document out of JSON */
export function parseProof(document: unknown): Proof {
  check('', document, PROOF)
  const proof = document as Proof // of its form, but for the two records, which are next
  check('header.', proof.header, HEADER)
  check('transaction.', proof.transaction, TRANSACTION)
  return proof
}

function check<T>(prefix: string, value: unknown, forms: Forms<T>): void {
  if (!record.holds(value)) throw malformed('a proof is a JSON object, as cairn proof TXID --json prints it')
  const given = value as Record<string, unknown> // an object, and each field is looked at
  for (const [name, { must, holds }] of Object.entries<Form>(forms)) {
    if (!Object.hasOwn(given, name)) throw malformed(`${prefix}${name} is missing`)
    if (!holds(given[name])) throw malformed(`${prefix}${name} must ${must}`)
  }
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(forms, name)) throw malformed(`${prefix}${JSON.stringify(name.slice(0, 40)).slice(1, -1)} is no field of a proof`)
  }
}

const malformed = (found: string): ProofError => new ProofError('proof-malformed', found)
