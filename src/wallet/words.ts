/**
 * Words that stand for keys: BIP 39 (https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki), 12 or 24 of the
 * English list.
 *
 *   entropy (16 or 32 bytes) ⇄ words → seed = PBKDF2-HMAC-SHA512(words, 'mnemonic' ‖ passphrase, 2048 rounds), 64 bytes
 *
 * The seed's passphrase is empty here: what protects the words on disk is the keystore's. Entropy and seed are bytes, so
 * that they can be overwritten; words are text, which JavaScript keeps until it wants the memory, and are made only to be
 * shown, written or read.
 *
 * @example
 *   const entropy = parseWords('legal winner thank year …')
 *   const keys = keyPair(deriveKey(seedOf(entropy), "m/44'/6513001'/0'"))
 */
import { pbkdf2Sync } from 'node:crypto'
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { WalletError } from './wallet-error.ts'

/** How many words a wallet has, by the bytes of entropy behind them. */
export const WORDS_OF_BYTES: Readonly<Record<number, number>> = { 16: 12, 32: 24 }
const WORD_COUNTS = Object.values(WORDS_OF_BYTES)

const known: ReadonlySet<string> = new Set(wordlist)

/** At most this many likely words are named for one that is not in the list. */
const MAX_SUGGESTIONS = 3
/** A word further away than this many mistakes is another word. */
const MAX_DISTANCE = 2

/** The words of 16 or 32 bytes, one space between. */
export const wordsOf = (entropy: Uint8Array): string => entropyToMnemonic(entropy, wordlist)

/**
 * The BIP 39 seed, 64 bytes.
 * @param passphrase BIP 39's own. @default ''
 */
export const seedOf = (entropy: Uint8Array, passphrase = ''): Buffer =>
  pbkdf2Sync(wordsOf(entropy), `mnemonic${passphrase.normalize('NFKD')}`, 2048, 64, 'sha512')

/** What is wrong with a list of words, told without any of them and with the likely ones. */
interface WordsFault {
  /** Shows none of the words: for logs, and whoever stands by. */
  discreet: string
  /** For who typed them. */
  helpful: string
}

/**
 * The entropy of words as people write them: in any case, with any space between.
 * @throws WalletError `wallet-bad-words`: says which word is wrong, and which it may have been
 */
export function parseWords(text: string): Uint8Array {
  const parsed = readWords(text)
  if (parsed instanceof Uint8Array) return parsed
  throw new WalletError('wallet-bad-words', `${parsed.helpful} (nothing was changed)`)
}

/** The entropy of words, or what is wrong with them. */
export function readWords(text: string): Uint8Array | WordsFault {
  const words = text.trim().toLowerCase().split(/\s+/).filter((word) => word !== '')
  const same = (fault: string): WordsFault => ({ discreet: fault, helpful: fault })
  if (!WORD_COUNTS.includes(words.length)) return same(`there are ${words.length} words, not ${WORD_COUNTS.join(' or ')}`)
  const at = words.findIndex((word) => !known.has(word))
  const wrong = words[at]
  if (wrong !== undefined) {
    const discreet = `word ${at + 1} is not in the BIP 39 list`
    const likely = suggest(wrong)
    const hint = likely.length === 0 ? ': look at it again' : `: did you mean ${likely.join(' or ')}?`
    return { discreet, helpful: `word ${at + 1}, ${JSON.stringify(wrong.slice(0, 40))}, is not in the BIP 39 list${hint}` }
  }
  try {
    return mnemonicToEntropy(words.join(' '), wordlist)
  } catch {
    return same('the checksum of the words does not match, so a word is another one or out of place')
  }
}

/**
 * The words of the list that one may stand for, likeliest first. Its first four letters tell a word of the list from
 * every other, so one that has them right is the one; else those that are the fewest mistakes away.
 */
export function suggest(wrong: string): string[] {
  const begun = wrong.length < 4 ? undefined : wordlist.find((word) => word.slice(0, 4) === wrong.slice(0, 4))
  if (begun !== undefined) return [begun]
  const distances = wordlist.map((word) => ({ word, distance: mistakes(wrong, word) }))
  const least = Math.min(...distances.map(({ distance }) => distance))
  if (least > MAX_DISTANCE) return []
  return distances.filter(({ distance }) => distance === least).slice(0, MAX_SUGGESTIONS).map(({ word }) => word)
}

/**
 * How many mistakes of typing lie between two words: a letter too many, too few or wrong, or two swapped (the optimal
 * string alignment distance).
 */
function mistakes(a: string, b: string): number {
  // rows[i][j]: between the first i letters of a and the first j of b
  const rows = [Array.from({ length: b.length + 1 }, (_row, j) => j)]
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j++) {
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1), swapped))
    }
  }
  return at(a.length, b.length)
}
