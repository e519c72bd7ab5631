import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { genesisOf } from '../../src/consensus/genesis.ts'
import { fromHex, toHex } from '../../src/consensus/hex.ts'
import { networkParams } from '../../src/consensus/params.ts'
import { keyPair } from '../../src/consensus/signature.ts'
import { checkSignature, checkTransaction, signedBytes, signTransaction, transactionId } from '../../src/consensus/transaction.ts'
import { decodeTransaction, encodeTransaction } from '../../src/consensus/types.ts'

// What the two seeds 01…01 and 02…02 sign on network lan; changing any of these values forks every network.
const alice = keyPair(new Uint8Array(32).fill(1))
const bob = keyPair(new Uint8Array(32).fill(2))
const lan = genesisOf(networkParams('lan')).hash
const unsigned = {
  sender: alice.publicKey,
  recipient: bob.publicKey,
  amount: 30,
  fee: 1,
  nonce: 0,
  memo: new TextEncoder().encode('rent'),
}
const ALICE = '8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c'
const BOB = '8139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b394'
const NUMBERS = '1e0000000000000001000000000000000000000000000000'
const R = 'f68273b745550af7651b3fc5bf94ed849963b063e21dd8dd4a76fdf6eb2e0d00'
const S = '352bad2933c8e441a86eb9f94453cc7e89da9430df25e04a1a8738ca3f2a0005'
const MEMO = '72656e74'

test('frozen: a signed transaction, byte for byte, and its id', () => {
  const signed = signTransaction(unsigned, alice, lan)
  const bytes = encodeTransaction(signed)
  expect(toHex(bytes)).toBe(ALICE + BOB + NUMBERS + '9c000000' + R + S + MEMO)
  expect(toHex(transactionId(signed))).toBe('6088a5a191da6fe14a0beedc8c66af1268dac3adf768dd79c5e59f0074ea68bd')
  expect(toHex(transactionId(signed))).toBe(createHash('sha256').update(bytes).digest('hex'))
  expect(decodeTransaction(bytes)).toEqual(signed)
  expect(() => checkTransaction(signed)).not.toThrow()
  expect(() => checkSignature(signed, lan)).not.toThrow()
})

test('frozen: signed is the genesis hash, then the transaction without its signature', () => {
  expect(toHex(signedBytes(unsigned, lan))).toBe(toHex(lan) + ALICE + BOB + NUMBERS + '5c000000' + MEMO)
})

test('the id covers every byte, the signature included', () => {
  const bytes = fromHex(ALICE + BOB + NUMBERS + '9c000000' + R + S + MEMO)
  const ids = new Set([toHex(transactionId(decodeTransaction(bytes)))])
  // All but the memo's offset, which can be no other, and the top bytes of the three numbers, which are always zero.
  const places = [...bytes.keys()].filter((at) => (at < 88 || at >= 92) && ![71, 79, 87].includes(at))
  for (const at of places) ids.add(toHex(transactionId(decodeTransaction(bytes.with(at, bytes[at]! ^ 1)))))
  expect(ids.size).toBe(1 + places.length)
})
