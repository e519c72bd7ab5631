import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../../src/consensus/hex.ts'
import {
  assertSignatureVerdict,
  EXPECTED_VERDICT,
  keyPair,
  sign,
  signatureVerdict,
  verifySignature,
} from '../../src/consensus/signature.ts'
import * as browser from '../../src/consensus/sodium-browser.ts'
import * as native from '../../src/consensus/sodium-native.ts'
import { createRandom } from '../support/random.ts'

/** Order of the group: S and S + L are the same scalar, so only S < L may count. */
const L = (1n << 252n) + 27_742_317_777_372_353_535_851_937_790_883_648_493n

const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes.toReversed())}`)
const toLittleEndian = (number: bigint): Uint8Array => fromHex(number.toString(16).padStart(64, '0')).toReversed()

describe('the verdict on ed25519-speccheck', () => {
  test('is XXXVXXXXXXXX, and a node may start on it', () => {
    expect(EXPECTED_VERDICT).toBe('XXXVXXXXXXXX')
    expect(signatureVerdict()).toBe(EXPECTED_VERDICT)
    expect(assertSignatureVerdict).not.toThrow()
  })

  test('is the same of the browser’s libsodium', () => {
    expect(signatureVerdict(browser.verifyDetached)).toBe(EXPECTED_VERDICT)
  })

  test('keeps a node from starting on a library that judges one case otherwise', () => {
    expect(signatureVerdict(() => true)).toBe('VVVVVVVVVVVV')
    // By speccheck's own table, what Go, Dalek and OpenSSL 3.0 give: they accept keys of small order.
    expect(() => assertSignatureVerdict('VVVVXXXXXXXV')).toThrow(/VVVVXXXXXXXV.*XXXVXXXXXXXX.*split the chain.*npm ci/)
  })
})

// RFC 8032, 7.1, tests 1 to 3.
test.each([
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155',
    '5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da',
    '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac',
    '18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
])('RFC 8032: the key pair of seed %.8s… and its signature', (seed, publicKey, message, r, s) => {
  const keys = keyPair(fromHex(seed))
  expect(toHex(keys.publicKey)).toBe(publicKey)
  expect(toHex(sign(fromHex(message), keys))).toBe(r + s)
  expect(verifySignature(fromHex(r + s), fromHex(message), keys.publicKey)).toBe(true)
})

describe('malleability', () => {
  const random = createRandom(8_032)
  const keys = keyPair(random.bytes(32))
  const message = random.bytes(100)
  const signature = sign(message, keys)

  test('S + L signs the same in mathematics and is refused', () => {
    const s = littleEndian(signature.subarray(32))
    expect(s < L).toBe(true)
    for (const multiple of [1n, 2n, 15n]) {
      const twin = new Uint8Array([...signature.subarray(0, 32), ...toLittleEndian(s + multiple * L)])
      expect(verifySignature(twin, message, keys.publicKey)).toBe(false)
    }
  })

  test('no single changed bit of the signature, the key or the message is accepted, by either build of libsodium', () => {
    const flipped = (bytes: Uint8Array, bit: number) => bytes.with(bit >> 3, bytes[bit >> 3]! ^ (1 << (bit & 7)))
    for (const { verifyDetached } of [native, browser]) {
      expect(verifyDetached(signature, message, keys.publicKey)).toBe(true)
      for (let bit = 0; bit < 512; bit++) expect(verifyDetached(flipped(signature, bit), message, keys.publicKey)).toBe(false)
      for (let bit = 0; bit < 256; bit++) expect(verifyDetached(signature, message, flipped(keys.publicKey, bit))).toBe(false)
      for (let bit = 0; bit < 64; bit++) expect(verifyDetached(signature, flipped(message, bit), keys.publicKey)).toBe(false)
    }
  })

  test('the zero signature of the zero key is refused', () => {
    expect(verifySignature(new Uint8Array(64), message, new Uint8Array(32))).toBe(false)
  })
})

test('Node’s and the browser’s libsodium make the same keys and signatures', () => {
  const random = createRandom(20)
  for (let round = 0; round < 20; round++) {
    const seed = random.bytes(32)
    const message = random.bytes(random.below(300))
    const keys = native.keyPairOfSeed(seed)
    expect(browser.keyPairOfSeed(seed)).toEqual(keys)
    const signature = native.signDetached(message, keys.secretKey)
    expect(browser.signDetached(message, keys.secretKey)).toEqual(signature)
    expect(browser.verifyDetached(signature, message, keys.publicKey)).toBe(true)
  }
})
