/**
 * The accounts of a wallet: SLIP-0010 keys under the BIP 39 seed of its words, at m/44'/6513001'/0', …/1' and so on.
 *
 * The path is BIP 44's down to the account, hardened throughout as Ed25519 asks. Whoever has the words and this line
 * has every account again, with any program that knows the two standards.
 */
import { type KeyPair, keyPair } from '../consensus/signature.ts'
import { deriveKey, parsePath } from './slip10.ts'
import { seedOf } from './words.ts'

/** BIP 44's coin type. Cairn has no registered one (SLIP-0044): the letters `cai`, far from those in use. */
export const COIN = 0x63_61_69

/** The path of an account by its number, from 0. */
export const accountPath = (index: number): string => `m/44'/${COIN}'/${index}'`

/** The number that the next account gets: after the highest there is, so that no path is ever used again. */
export function nextIndex(paths: readonly string[]): number {
  const used = paths.map((path) => parsePath(path) ?? []).filter((steps) => steps.length === 3 && steps[0] === 44 && steps[1] === COIN)
  return Math.max(-1, ...used.map((steps) => steps[2] ?? -1)) + 1
}

/** The key pairs of paths; the caller overwrites the secret halves when it is done with them. */
export function accountKeys(entropy: Uint8Array, paths: readonly string[]): KeyPair[] {
  const seed = seedOf(entropy)
  try {
    return paths.map((path) => {
      const secret = deriveKey(seed, path)
      try {
        return keyPair(secret)
      } finally {
        secret.fill(0)
      }
    })
  } finally {
    seed.fill(0)
  }
}
