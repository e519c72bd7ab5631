import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { decodeHeader } from '../../src/consensus/types.ts'
import {
  decodeHashes, decodePeers, decodeStatus, encodeHashes, encodeHeaders, encodePeers, encodeStatus, splitHeaders, type Status,
} from '../../src/network/messages.ts'
import { PeerFault } from '../../src/network/network-error.ts'
import { MAX_HEADERS, MAX_PEERS_BYTES, MAX_STATUS_BYTES, protocolsOf } from '../../src/network/protocols.ts'
import { createBlockBuilder } from '../support/blocks.ts'

const status: Status = {
  genesis: '01'.repeat(32), tip: '02'.repeat(32), height: 3, work: 0x0405n, time: 0x060708,
  account: new Uint8Array(32).fill(9), name: 'flint',
}
const code = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof PeerFault) return error.code
    throw error
  }
  return 'none'
}

test('names carry the network’s ID', () => {
  expect(protocolsOf('1a2b3c4d')).toEqual({
    serviceTag: '_cairn-1a2b3c4d._udp.local',
    blocks: '/cairn/1a2b3c4d/blocks/1',
    transactions: '/cairn/1a2b3c4d/transactions/1',
    status: '/cairn/1a2b3c4d/status/1',
    headers: '/cairn/1a2b3c4d/headers/1',
    bodies: '/cairn/1a2b3c4d/bodies/1',
    mempool: '/cairn/1a2b3c4d/mempool/1',
    peers: '/cairn/1a2b3c4d/peers/1',
  })
})

describe('status', () => {
  test('is the bytes that the head of messages.ts describes', () => {
    const name = toHex(new TextEncoder().encode('flint'))
    const expected = [
      '01'.repeat(32), '02'.repeat(32), '03000000', `0504${'00'.repeat(30)}`, '0807060000000000', '09'.repeat(32), '90000000', name,
    ]
    expect(toHex(encodeStatus(status))).toBe(expected.join(''))
    expect(decodeStatus(encodeStatus(status))).toEqual(status)
  })

  test('comes back as it was, whatever it says', () => {
    fc.assert(
      fc.property(
        fc.record({
          height: fc.nat(0xffff_ffff),
          work: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
          time: fc.maxSafeNat(),
          name: fc.stringMatching(/^[A-Za-zäß☃ -]{0,10}$/),
        }),
        (fields) => {
          const bytes = encodeStatus({ ...status, ...fields })
          expect(bytes.length).toBeLessThanOrEqual(MAX_STATUS_BYTES)
          expect(decodeStatus(bytes)).toEqual({ ...status, ...fields })
        },
      ),
    )
  })

  const bytes = encodeStatus(status)
  const changed = (at: number, ...values: number[]): Uint8Array => {
    const copy = Uint8Array.from(bytes)
    copy.set(values, at)
    return copy
  }
  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['one byte short of the fixed part', bytes.subarray(0, 111)],
    ['an offset that is not 144', changed(140, 0x91)],
    ['a clock above 2^53 − 1', changed(100, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
    ['a name that is not UTF-8', changed(144, 0xff)],
    ['a name with an escape sequence', changed(144, 0x1b)],
    ['a name with a right-to-left override', encodeStatus({ ...status, name: 'a\u202eb' })],
    ['a name of 33 bytes', Uint8Array.from([...bytes.subarray(0, 144), ...new Uint8Array(33).fill(0x61)])],
  ])('%s is refused', (_what, broken) => {
    expect(code(() => decodeStatus(broken))).toBe('peer-bad-message')
  })

  test('random bytes are refused or are exactly what encoding gives again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 160 }), (random) => {
        if (code(() => decodeStatus(random)) === 'none') expect(encodeStatus(decodeStatus(random))).toEqual(random)
      }),
    )
  })
})

describe('hashes', () => {
  test('come back in order', () => {
    const hashes = ['aa', 'bb', 'cc'].map((byte) => byte.repeat(32))
    expect(decodeHashes(encodeHashes(hashes), 3)).toEqual(hashes)
  })
  test.each([[0], [31], [33], [128]])('%d bytes are not 1 to 3 hashes', (length) => {
    expect(code(() => decodeHashes(new Uint8Array(length), 3))).toBe('peer-bad-message')
  })
})

describe('headers', () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 3)
  const headers = blocks.path('a3').map(({ block }) => block.header)

  test('come back in order', () => {
    expect(splitHeaders(encodeHeaders(headers)).map(decodeHeader)).toEqual(headers)
    expect(splitHeaders(new Uint8Array())).toEqual([])
  })
  test('91 bytes, and one header too many, are refused', () => {
    expect(code(() => splitHeaders(new Uint8Array(91)))).toBe('peer-bad-message')
    expect(code(() => splitHeaders(new Uint8Array((MAX_HEADERS + 1) * 92)))).toBe('peer-bad-message')
    expect(splitHeaders(new Uint8Array(MAX_HEADERS * 92))).toHaveLength(MAX_HEADERS)
  })
})

describe('peers', async () => {
  const peerId = peerIdFromPrivateKey(await generateKeyPair('Ed25519')).toString()
  const addresses = ['/ip4/192.168.1.20/tcp/5051', '/ip6zone/eth0/ip6/fe80::1/tcp/5051'].map((text) => multiaddr(text))
  const bytes = encodePeers([{ peerId, addresses }])

  test('is the bytes that the head of messages.ts describes', () => {
    const [first, second] = addresses.map((address) => toHex(address.bytes))
    // One node: its offset; of its fields: 8 and 8 + 38; the id; of its addresses: 8 and 8 + 8; they.
    const expected = ['04000000', '08000000', '2e000000', toHex(bytes.subarray(12, 50)), '08000000', '10000000', first, second]
    expect(toHex(bytes)).toBe(expected.join(''))
    expect(toHex(bytes.subarray(12, 18))).toBe('002408011220') // identity multihash of an Ed25519 key
  })

  test('come back as they were, and as nothing', () => {
    expect(decodePeers(bytes).map((node) => [node.peerId, node.addresses.map(String)])).toEqual([[peerId, addresses.map(String)]])
    expect(decodePeers(encodePeers([]))).toEqual([])
  })

  test('32 of them at their largest fit the limit, one more is refused', () => {
    const node = { peerId, addresses: [...addresses, ...addresses] }
    expect(encodePeers(Array.from({ length: 32 }, () => node)).length).toBeLessThan(MAX_PEERS_BYTES)
    const one = encodePeers([node]).subarray(4)
    const many = new Uint8Array(33 * (4 + one.length))
    const view = new DataView(many.buffer)
    for (let n = 0; n < 33; n++) {
      view.setUint32(4 * n, 33 * 4 + n * one.length, true)
      many.set(one, 33 * 4 + n * one.length)
    }
    expect(code(() => decodePeers(many))).toBe('peer-bad-message')
  })

  const changed = (at: number, ...values: number[]): Uint8Array => {
    const copy = Uint8Array.from(bytes)
    copy.set(values, at)
    return copy
  }
  test.each<[string, Uint8Array]>([
    ['half an offset', bytes.subarray(0, 2)],
    ['a peer id that is none', changed(12, 0x77)],
    ['an address of no protocol', changed(58, 0x77)],
    ['an address that is cut short', bytes.subarray(0, bytes.length - 1)],
    ['an offset inside of an address', changed(54, 0x09)],
  ])('%s is refused', (_what, broken) => {
    expect(code(() => decodePeers(broken))).toBe('peer-bad-message')
  })

  test('random bytes are refused or are exactly what encoding gives again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 160 }), (random) => {
        if (code(() => decodePeers(random)) === 'none') expect(encodePeers(decodePeers(random))).toEqual(random)
      }),
    )
  })
})
