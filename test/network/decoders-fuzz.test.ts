/** Whatever bytes come, a decoder of the network gives a value or the fault of whoever sent them, and never anything else. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RuleError } from '../../src/consensus/errors.ts'
import { decodeBlock, decodeBody, decodeHeader, decodeTransaction, encodeBlock, encodeTransaction } from '../../src/consensus/types.ts'
import { decodeHashes, decodePeers, decodeStatus, encodeStatus, splitHeaders } from '../../src/network/messages.ts'
import { PeerFault } from '../../src/network/network-error.ts'
import { MAX_BODIES } from '../../src/network/protocols.ts'
import { createBlockBuilder } from '../support/blocks.ts'

const blocks = createBlockBuilder({ funds: { alice: 100 } })
const { block, hex } = blocks.block('a1', 'genesis', { transactions: [{ from: 'alice', to: 'bob', amount: 1, memo: 'tea' }] })
const encoded = encodeBlock(block)
const [payment = blocks.pay({ from: 'alice', to: 'bob', amount: 1 })] = block.body.transactions
const status = encodeStatus({
  genesis: hex, tip: hex, height: 1, work: 2n ** 200n, time: 1_700_000_000_000, account: new Uint8Array(32), name: 'luna',
})

/** Bytes of any kind, and right ones with a few that are changed, cut off or added. */
const bytesLike = (right: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    fc.uint8Array({ maxLength: 2 * right.length }),
    fc
      .tuple(fc.array(fc.tuple(fc.nat(right.length - 1), fc.nat(255)), { maxLength: 4 }), fc.nat(right.length), fc.uint8Array({ maxLength: 8 }))
      .map(([changes, length, more]) => {
        const bytes = Uint8Array.from([...right.subarray(0, length), ...more])
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte
        return bytes
      }),
  )

describe('any bytes are a value or a fault', () => {
  test.each<[string, (bytes: Uint8Array) => unknown, Uint8Array]>([
    ['decodeStatus', decodeStatus, status],
    ['decodeHashes', (bytes) => decodeHashes(bytes, MAX_BODIES), new Uint8Array(64)],
    ['decodePeers', decodePeers, new Uint8Array(80)],
    ['splitHeaders', splitHeaders, encoded.subarray(0, 92)],
    ['decodeHeader', decodeHeader, encoded.subarray(0, 92)],
    ['decodeBody', decodeBody, encoded.subarray(96)],
    ['decodeBlock', decodeBlock, encoded],
    ['decodeTransaction', decodeTransaction, encodeTransaction(payment)],
  ])('%s', (_name, decode, right) => {
    // A failure prints its seed and the path to the smallest bytes.
    fc.assert(
      fc.property(bytesLike(right), (bytes) => {
        try {
          decode(bytes)
        } catch (error) {
          expect(error instanceof PeerFault || error instanceof RuleError, String(error)).toBe(true)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
