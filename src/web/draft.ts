/**
 * A block to change by hand: the texts that somebody types, and what follows from them, worked out at each keystroke.
 *
 *   fields ─→ header ─→ bytes ─→ hash
 *   miner, amounts ─→ body ─→ root         what the header's body root has to be
 *
 * What is typed may be nothing that a header can hold; then there are no bytes and no hash, and `problems` says why.
 */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { fromAddress, toAddress } from '../consensus/account.ts'
import type { HeaderFields } from '../http/api.ts'
import { addressProblem, type AddressProblem } from './address.ts'
import { type BodyParts, bodyIn, bodyRootOf, readBody, withAmount } from './body-bytes.ts'
import { parseAmount } from './format.ts'
import { decodeHeader, encodeHeader, hashHeader, HEADER_BYTES, HEADER_LAYOUT, type HeaderField } from './header-bytes.ts'

/** What a text is not: a whole number, one that fits into 4 bytes, 64 hex digits, up to 8 of them. */
export type FieldProblem = 'number' | 'small-number' | 'hash' | 'bits'

export interface Draft {
  /** As the node gave it. */
  original: { header: HeaderFields; bytes: Uint8Array; hash: string; body: BodyParts }
  /** What is typed. */
  fields: Record<HeaderField, Signal<string>>
  problems: ReadonlySignal<Partial<Record<HeaderField, FieldProblem>>>
  /** Undefined where a field is nothing that a header can hold; then bytes and hash are, too. */
  header: ReadonlySignal<HeaderFields | undefined>
  bytes: ReadonlySignal<Uint8Array | undefined>
  hash: ReadonlySignal<string | undefined>
  /** The fields that are not as the node gave them. */
  changed: ReadonlySignal<ReadonlySet<HeaderField>>
  /** Who is paid, as it is typed. */
  miner: Signal<string>
  minerProblem: ReadonlySignal<AddressProblem | undefined>
  /** By the transaction's index, as they are typed; the others are as they were. */
  amounts: Signal<ReadonlyMap<number, string>>
  /** Undefined where miner or an amount is nothing that a body can hold; then the root is, too. */
  body: ReadonlySignal<BodyParts | undefined>
  root: ReadonlySignal<string | undefined>
  /** Indices of transactions that say another amount than was signed. */
  forged: ReadonlySignal<readonly number[]>
  setNonce(nonce: number): void
  /** Everything as the node gave it. */
  reset(): void
}

/** @param block encoded, as the node gave it */
export function createDraft(block: Uint8Array): Draft {
  const bytesThen = block.slice(0, HEADER_BYTES)
  const headerThen = decodeHeader(bytesThen)
  const bodyThen = readBody(bodyIn(block))
  const minerThen = toAddress(bodyThen.miner)
  const original = { header: headerThen, bytes: bytesThen, hash: hashHeader(bytesThen), body: bodyThen }

  const fieldOf = (field: HeaderField): Signal<string> => signal(String(headerThen[field]))
  const fields: Draft['fields'] = {
    version: fieldOf('version'), height: fieldOf('height'), parent: fieldOf('parent'), bodyRoot: fieldOf('bodyRoot'),
    timestamp: fieldOf('timestamp'), bits: fieldOf('bits'), nonce: fieldOf('nonce'),
  }
  const miner = signal(minerThen)
  const amounts = signal<ReadonlyMap<number, string>>(new Map())

  const read = computed(() => readHeader(fields))
  const header = computed(() => read.value.header)
  const bytes = computed(() => header.value && encodeHeader(header.value))
  const minerProblem = computed(() => addressProblem(miner.value))
  const body = computed((): BodyParts | undefined => {
    const transactions = [...bodyThen.transactions]
    for (const [at, text] of amounts.value) {
      const [transaction, amount] = [transactions[at], parseAmount(text)]
      if (transaction === undefined || amount === undefined) return undefined
      if (amount !== transaction.amount) transactions[at] = withAmount(transaction, amount)
    }
    return minerProblem.value === undefined ? { miner: fromAddress(miner.value.trim().toLowerCase()), transactions } : undefined
  })
  return {
    original,
    fields,
    problems: computed(() => read.value.problems),
    header,
    bytes,
    hash: computed(() => bytes.value && hashHeader(bytes.value)),
    changed: computed(() => new Set(HEADER_LAYOUT.map(({ field }) => field).filter((field) =>
      header.value === undefined ? fields[field].value !== String(headerThen[field]) : header.value[field] !== headerThen[field]))),
    miner,
    minerProblem,
    amounts,
    body,
    root: computed(() => body.value && bodyRootOf(body.value)),
    forged: computed(() => bodyThen.transactions.flatMap(({ amount }, at) => {
      const text = amounts.value.get(at)
      return text !== undefined && parseAmount(text) !== amount ? [at] : []
    })),
    setNonce(nonce) {
      fields.nonce.value = String(nonce)
    },
    reset() {
      for (const { field } of HEADER_LAYOUT) fields[field].value = String(headerThen[field])
      miner.value = minerThen
      amounts.value = new Map()
    },
  }
}

const MAX_U32 = 0xffff_ffff

/** What the texts say, or what is wrong with which. */
function readHeader(fields: Draft['fields']): Pick<ReadValues, 'problems'> & { header: HeaderFields | undefined } {
  const read: ReadValues = { values: {}, problems: {} }
  for (const field of ['version', 'height', 'timestamp', 'nonce'] as const) {
    const number = parseAmount(fields[field].value)
    const isSmall = field === 'version' || field === 'height'
    if (number === undefined) read.problems[field] = 'number'
    else if (isSmall && number > MAX_U32) read.problems[field] = 'small-number'
    else read.values[field] = number
  }
  for (const [field, most, problem] of [['parent', 64, 'hash'], ['bodyRoot', 64, 'hash'], ['bits', 8, 'bits']] as const) {
    const digits = fields[field].value.trim().toLowerCase().replace(/^0x/, '')
    const isHex = /^[0-9a-f]+$/.test(digits) && (field === 'bits' ? digits.length <= most : digits.length === most)
    if (isHex) read.values[field] = digits.padStart(most, '0')
    else read.problems[field] = problem
  }
  const { values: { version, height, parent, bodyRoot, timestamp, bits, nonce }, problems } = read
  const isWhole = version !== undefined && height !== undefined && parent !== undefined && bodyRoot !== undefined &&
    timestamp !== undefined && bits !== undefined && nonce !== undefined
  return { problems, header: isWhole ? { version, height, parent, bodyRoot, timestamp, bits, nonce } : undefined }
}

interface ReadValues {
  values: Partial<HeaderFields>
  problems: Partial<Record<HeaderField, FieldProblem>>
}
