import { entropyToMnemonic, mnemonicToSeedSync } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { expect, test } from 'vitest'
import { fromHex, toHex } from '../../src/consensus/hex.ts'
import { keyPair } from '../../src/consensus/signature.ts'
import { deriveExtended, deriveKey, parsePath } from '../../src/wallet/slip10.ts'
import { BIP39_VECTORS, SLIP10_VECTORS } from './vectors.ts'

test.each(SLIP10_VECTORS)('SLIP-0010 vectors for ed25519, seed $seed', ({ seed, keys }) => {
  expect(keys).toHaveLength(6)
  for (const [path, chainCode, key, publicKey] of keys) {
    const derived = deriveExtended(fromHex(seed), path)
    expect([path, toHex(derived.chainCode), toHex(derived.key)]).toEqual([path, chainCode, key])
    expect(toHex(keyPair(deriveKey(fromHex(seed), path)).publicKey)).toBe(publicKey)
  }
})

test.each(BIP39_VECTORS)('BIP 39 vector %s', (entropy, words, seed) => {
  expect(entropyToMnemonic(fromHex(entropy), wordlist)).toBe(words)
  expect(toHex(mnemonicToSeedSync(words, 'TREZOR'))).toBe(seed)
})

test('paths are m and hardened steps below 2^31', () => {
  expect(parsePath('m')).toEqual([])
  expect(parsePath("m/44'/6513001'/0'")).toEqual([44, 6_513_001, 0])
  expect(parsePath("m/2147483647'")).toEqual([2_147_483_647])
  for (const path of ['', 'n', "44'/0'", 'm/44', "m/44'/0", "m/2147483648'", "m/-1'", "m//0'", "m/0'/", "m/0h", "M/0'"]) {
    expect(parsePath(path), path).toBeUndefined()
  }
  expect(() => deriveKey(new Uint8Array(64), 'm/44')).toThrow(RangeError)
})
