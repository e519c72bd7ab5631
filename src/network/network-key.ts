/**
 * The key of a private network: whoever has it may connect, and to everybody else its connections are noise.
 *
 * 32 random bytes, kept in a file of the format that IPFS calls `swarm.key` (libp2p specs, pnet/Private-Networks-PSK-V1):
 *
 *   /key/swarm/psk/1.0.0/
 *   /base16/
 *   64 hex digits
 *
 * libp2p enciphers each connection with it (XSalsa20) before a byte of any protocol is said; Noise comes inside of that.
 *
 * @example
 *   const key = parseNetworkKey(readFileSync('network.key'))
 *   fingerprintOf(key) // '3f2a77c1'
 */
import { randomBytes } from 'node:crypto'
import { sha256 } from '../consensus/hash.ts'
import { fromHex, type Hex, toHex } from '../consensus/hex.ts'
import { NetworkError } from './network-error.ts'

const KEY_BYTES = 32
const HEAD = ['/key/swarm/psk/1.0.0/', '/base16/'] as const

/** A new key, 32 bytes. */
export const makeNetworkKey = (): Uint8Array => new Uint8Array(randomBytes(KEY_BYTES))

/** The text of a key's file. */
export const formatNetworkKey = (key: Uint8Array): string => `${[...HEAD, toHex(key)].join('\n')}\n`

/**
 * The key in a file's bytes; 32 bytes are a key as they stand.
 * @throws NetworkError `network-bad-key`; the message never shows what is in the file
 */
export function parseNetworkKey(bytes: Uint8Array): Uint8Array {
  if (bytes.length === KEY_BYTES) return bytes
  const [version, encoding, digits = '', ...rest] = new TextDecoder().decode(bytes).trim().split(/\r?\n/)
  if (version !== HEAD[0]) throw badKey(`it does not begin with ${HEAD[0]}`)
  if (encoding !== HEAD[1]) throw badKey(`its second line is not ${HEAD[1]}`)
  if (rest.length > 0) throw badKey('it has more than three lines')
  if (!/^[0-9a-f]*$/i.test(digits)) throw badKey('its third line is not hex digits alone')
  if (digits.length !== 2 * KEY_BYTES) throw badKey(`its key has ${digits.length} hex digits, not ${2 * KEY_BYTES}`)
  return fromHex(digits)
}

/** What people compare to know that they have the same key: 8 hex digits that say nothing about it. */
export const fingerprintOf = (key: Uint8Array): Hex => digest('fingerprint', key)

/** What stands for a private network's id where strangers can read it: nobody without the key can tell which it is. */
export const privateId = (networkId: Hex, key: Uint8Array): Hex => digest(`service tag of ${networkId}`, key)

function digest(purpose: string, key: Uint8Array): Hex {
  const words = new TextEncoder().encode(`cairn network key, ${purpose}:`)
  const bytes = new Uint8Array(words.length + key.length)
  bytes.set(words)
  bytes.set(key, words.length)
  return toHex(sha256(bytes)).slice(0, 8)
}

const badKey = (what: string): NetworkError =>
  new NetworkError('network-bad-key', `is no network key: ${what}; make one with cairn network key`)
