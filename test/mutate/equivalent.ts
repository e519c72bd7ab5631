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

export const EQUIVALENT: readonly Equivalent[] = [
  {
    file: 'block.ts',
    source: 'if (all === undefined && nonce > (last.get(sender) ?? -1)) {',
    change: 'if (all === undefined && nonce > (last.get(sender) ?? -1)) { last.set(sender, nonce) cont… → dropped',
    reason: 'every nonce is looked for among all, which says the same, only later',
  },
  {
    file: 'block.ts',
    source: 'if (all === undefined && nonce > (last.get(sender) ?? -1)) {',
    change: 'nonce > (last.get(sender) ?? -1) → nonce <= (last.get(sender) ?? -1)',
    reason: 'every nonce is looked for among all, which says the same, only later',
  },
  {
    file: 'block.ts',
    source: 'if (all === undefined && nonce > (last.get(sender) ?? -1)) {',
    change: 'last.get(sender) ?? -1 → last.get(sender)',
    reason: 'every nonce is looked for among all, which says the same, only later',
  },
  {
    file: 'block.ts',
    source: 'continue',
    change: 'continue → dropped',
    reason: 'every nonce is looked for among all, which says the same, only later',
  },
  {
    file: 'block.ts',
    source: 'if (all === undefined && nonce > (last.get(sender) ?? -1)) {',
    change: '1 → (1 + 1)',
    reason: 'no nonce is below 0',
  },
  {
    file: 'block.ts',
    source: 'const senderOf = (at: number): Hex => checked[at]?.from ?? toHex((transactions[at] as Transaction).sender) // asked for within',
    change: 'checked[at]?.from ?? toHex((transactions[at] as Transaction).sender) → toHex((transactions[at] as Transaction).sender)',
    reason: 'what is known of a transaction has its sender as a key: the same key, which is made again then',
  },
  {
    file: 'body-root.ts',
    source: 'const leaves = new Uint8Array(64 * Math.ceil(ids.length / 2))',
    change: 'ids.length / 2 → ids.length * 2',
    reason: 'only longer: more of the zeros that are to the right of the last id in any case',
  },
  {
    file: 'body-root.ts',
    source: 'const turns = position + 2 ** (BRANCH_LENGTH - 1)',
    change: 'position + 2 ** (BRANCH_LENGTH - 1) → position - 2 ** (BRANCH_LENGTH - 1)',
    reason: 'another digit above the 18 that are read, and the same 18: of a position below 2^16',
  },
  {
    file: 'difficulty.ts',
    source: 'RADIX + ((195_766_423_245_049n * x + 971_821_376n * x * x + 5_127n * x * x * x + (1n << 47n)) >> 48n)',
    change: '195_766_423_245_049n * x → (195_766_423_245_049n + 1n) * x',
    reason: 'no x of the 65 536 gives another factor',
  },
  {
    file: 'difficulty.ts',
    source: 'RADIX + ((195_766_423_245_049n * x + 971_821_376n * x * x + 5_127n * x * x * x + (1n << 47n)) >> 48n)',
    change: '971_821_376n * x → (971_821_376n + 1n) * x',
    reason: 'no x of the 65 536 gives another factor',
  },
  {
    file: 'difficulty.ts',
    source: 'if (shifts > 256n) return limit // above any limit already, and the shift could be longer than memory',
    change: 'shifts > 256n → shifts >= 256n',
    reason: 'a shift of 256 or 257 is beyond every limit as well',
  },
  {
    file: 'difficulty.ts',
    source: 'if (shifts > 256n) return limit // above any limit already, and the shift could be longer than memory',
    change: 'shifts > 256n → shifts > (256n + 1n)',
    reason: 'a shift of 256 or 257 is beyond every limit as well',
  },
  {
    file: 'difficulty.ts',
    source: 'const target = shifts < 16n ? scaled >> (16n - shifts) : scaled << (shifts - 16n)',
    change: 'shifts < 16n → shifts <= 16n',
    reason: 'a BigInt shifted by a negative number is shifted the other way, so that both sides of the choice are one',
  },
  {
    file: 'difficulty.ts',
    source: 'const target = shifts < 16n ? scaled >> (16n - shifts) : scaled << (shifts - 16n)',
    change: 'shifts < 16n → shifts >= 16n',
    reason: 'a BigInt shifted by a negative number is shifted the other way, so that both sides of the choice are one',
  },
  {
    file: 'difficulty.ts',
    source: 'const target = shifts < 16n ? scaled >> (16n - shifts) : scaled << (shifts - 16n)',
    change: 'shifts < 16n → shifts < (16n + 1n)',
    reason: 'a BigInt shifted by a negative number is shifted the other way, so that both sides of the choice are one',
  },
  {
    file: 'difficulty.ts',
    source: 'return target > limit ? limit : target',
    change: 'target > limit → target >= limit',
    reason: 'the two are one where they are equal',
  },
  {
    file: 'encoded-signature.ts',
    source: 'let room = new Uint8Array(0)',
    change: '0 → (0 + 1)',
    reason: 'the first transaction needs more, whichever it is',
  },
  {
    file: 'encoded-signature.ts',
    source: 'if (room.length < length) room = new Uint8Array(length)',
    change: 'room.length < length → room.length <= length',
    reason: 'makes new room where the old was just enough, and answers the same',
  },
  {
    file: 'hash.ts',
    source: 'setHasher(hasher)',
    change: 'setHasher(hasher) → dropped',
    reason: 'the default hasher gives the same roots, at half the speed',
  },
  {
    file: 'hash.ts',
    source: 'for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)',
    change: 'at < text.length → at <= text.length',
    reason: 'what is written behind the end of an array of bytes is written nowhere',
  },
  {
    file: 'hash.ts',
    source: 'let above: Uint8Array = new Uint8Array(leaves.length / 2 + 32) // with room for the zeros that make a pair of the last one',
    change: 'leaves.length / 2 → leaves.length * 2',
    reason: 'only longer: what is beyond the nodes of a level is never read',
  },
  {
    file: 'hash.ts',
    source: 'let above: Uint8Array = new Uint8Array(leaves.length / 2 + 32) // with room for the zeros that make a pair of the last one',
    change: 'leaves.length / 2 + 32 → leaves.length / 2 + (32 + 1)',
    reason: 'only longer: what is beyond the nodes of a level is never read',
  },
  {
    file: 'hex.ts',
    source: "const readHashText = (): string => hashText?.toString('latin1') ?? decoder.decode(hashPairs)",
    change: "hashText?.toString('latin1') ?? decoder.decode(hashPairs) → decoder.decode(hashPairs)",
    reason: 'the same text, in twice the time',
  },
  {
    file: 'hex.ts',
    source: 'for (let at = 0; at < bytes.length; at++) pairs[at] = PAIRS[bytes[at] as number] as number // at < length',
    change: 'at < bytes.length → at <= bytes.length',
    reason: 'what is written behind the end of an array of numbers is written nowhere',
  },
  {
    file: 'hex.ts',
    source: 'for (let at = 0; at < bytes.length; at++) {',
    change: 'at < bytes.length → at <= bytes.length',
    reason: 'writes two digits past the end of the text, which a typed array ignores',
  },
  {
    file: 'hex.ts',
    source: 'for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false',
    change: 'i < a.length → i <= a.length',
    reason: 'compares undefined with undefined, for the lengths are equal',
  },
  {
    file: 'params.ts',
    source: "if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) {",
    change: "typeof value !== 'number' || !Number.isSafeInteger(value) → !Number.isSafeInteger(value)",
    reason: 'what is no number is no safe integer: the words are for the type checker',
  },
  {
    file: 'target.ts',
    source: 'const word = size <= 3 ? (bits & MANTISSA) >>> (8 * (3 - size)) : bits & MANTISSA',
    change: 'size <= 3 → size < 3',
    reason: 'for 3 the shift is by 0',
  },
  {
    file: 'target.ts',
    source: 'const target = size <= 3 ? BigInt(word) : BigInt(word) << BigInt(8 * (size - 3))',
    change: 'size <= 3 → size < 3',
    reason: 'for 3 the shift is by 0',
  },
  {
    file: 'target.ts',
    source: 'let word = size <= 3 ? Number(target << BigInt(8 * (3 - size))) : Number(target >> BigInt(8 * (size - 3)))',
    change: 'size <= 3 → size < 3',
    reason: 'a BigInt shifted by a negative number is shifted the other way, so that both sides of the choice are one',
  },
  {
    file: 'target.ts',
    source: 'let word = size <= 3 ? Number(target << BigInt(8 * (3 - size))) : Number(target >> BigInt(8 * (size - 3)))',
    change: 'size <= 3 → size > 3',
    reason: 'a BigInt shifted by a negative number is shifted the other way, so that both sides of the choice are one',
  },
  {
    file: 'target.ts',
    source: 'let word = size <= 3 ? Number(target << BigInt(8 * (3 - size))) : Number(target >> BigInt(8 * (size - 3)))',
    change: 'size <= 3 → size <= (3 + 1)',
    reason: 'a BigInt shifted by a negative number is shifted the other way, so that both sides of the choice are one',
  },
  {
    file: 'target.ts',
    source: 'return ((size << 24) | word) >>> 0',
    change: '((size << 24) | word) >>> 0 → ((size << 24) | word) << 0',
    reason: 'no target below 2^256 has a size that reaches the sign bit',
  },
  {
    file: 'target.ts',
    source: 'if (negative || overflow || target === 0n || toCompact(target) !== bits) return undefined',
    change: 'negative || overflow || target === 0n → target === 0n',
    reason: 'the canonical form is never negative and never overflows, so that such bits differ from it',
  },
  {
    file: 'target.ts',
    source: 'if (negative || overflow || target === 0n || toCompact(target) !== bits) return undefined',
    change: 'negative || overflow → negative',
    reason: 'the canonical form is never negative and never overflows, so that such bits differ from it',
  },
  {
    file: 'target.ts',
    source: 'if (negative || overflow || target === 0n || toCompact(target) !== bits) return undefined',
    change: 'negative || overflow → overflow',
    reason: 'the canonical form is never negative and never overflows, so that such bits differ from it',
  },
  {
    file: 'types.ts',
    source: 'if (bytes.length < BODY_AT) throw unreadable(`a block of ${bytes.length} bytes`)',
    change: 'bytes.length < BODY_AT → bytes.length <= BODY_AT',
    reason: 'the body that is left is empty, and refused as such with the same code',
  },
  {
    file: 'types.ts',
    source: 'const count = bytes.length < BODY_LIST_AT + 4 ? 0 : view.getUint32(BODY_LIST_AT, true) / 4',
    change: 'bytes.length < BODY_LIST_AT + 4 → bytes.length <= BODY_LIST_AT + 4',
    reason: 'a list of one offset and nothing behind it is refused either way: its transaction would have no bytes',
  },
  {
    file: 'types.ts',
    source: 'const count = bytes.length < BODY_LIST_AT + 4 ? 0 : view.getUint32(BODY_LIST_AT, true) / 4',
    change: 'BODY_LIST_AT + 4 → BODY_LIST_AT + (4 + 1)',
    reason: 'a list of one offset and nothing behind it is refused either way: its transaction would have no bytes',
  },
  {
    file: 'types.ts',
    source: 'const count = bytes.length < BODY_LIST_AT + 4 ? 0 : view.getUint32(BODY_LIST_AT, true) / 4',
    change: '0 → (0 + 1)',
    reason: 'one transaction would begin behind the end, which is refused like none',
  },
  {
    file: 'verify-proof.ts',
    source: 'checkConfirmations(proof, headers.length, options.confirmations ?? 1)',
    change: 'options.confirmations ?? 1 → options.confirmations',
    reason: 'every proof shows the block itself, and nothing is less than undefined',
  },
]
