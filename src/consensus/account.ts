/**
 * Accounts as text: an Ed25519 public key in bech32m (BIP 350) with prefix `cairn`, `cairn1…`, 64 characters.
 * The checksum finds every mistake of up to four characters and misses a larger one once in a billion, so a
 * mistyped address is refused, not paid.
 */
import { bech32m } from '@scure/base'

/** `cairn1…`: an account as people read and type it. */
export type Address = string

const PREFIX = 'cairn'

/** A 32-byte public key to its address. */
export const toAddress = (account: Uint8Array): Address => bech32m.encodeFromBytes(PREFIX, account)

/**
 * An address to its 32-byte public key.
 * @throws Error that says what is wrong with the text, for people
 */
export function fromAddress(text: string): Uint8Array {
  const address = text.trim()
  const shown = address.length > 80 ? `${address.slice(0, 77)}…` : address
  if (!address.toLowerCase().startsWith(`${PREFIX}1`)) {
    throw new Error(`"${shown}" is not an account: an account starts with ${PREFIX}1`)
  }
  const decoded = bech32m.decodeUnsafe(address)
  // The prefix ends at the last 1: `cairn1x1…` starts like an account and is none.
  const bytes = decoded?.prefix === PREFIX ? bech32m.fromWordsUnsafe(decoded.words) : undefined
  if (bytes === undefined) {
    throw new Error(`"${shown}" is not an account: its checksum does not match, so a character is wrong or missing`)
  }
  if (bytes.length !== 32) throw new Error(`"${shown}" is not an account: it holds ${bytes.length} bytes instead of 32`)
  return bytes
}
