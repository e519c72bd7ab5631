/** What is said by mDNS, and what of it is believed; how packets travel is tested in test/lan. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, test } from 'vitest'
import { readRecords, recordsOf } from '../../src/network/mdns-records.ts'

const TAG = '_cairn-1a2b3c4d._udp.local'
const id = peerIdFromPrivateKey(await generateKeyPair('Ed25519')).toString()
const other = peerIdFromPrivateKey(await generateKeyPair('Ed25519')).toString()
const pointer = { name: TAG, type: 'PTR', data: `x.${TAG}` } as const
const text = (...data: string[]) => ({ name: `x.${TAG}`, type: 'TXT' as const, data })

test('what is said is what is read: peer id and addresses', () => {
  const addresses = ['/ip4/192.168.1.20/tcp/5051', `/ip4/10.0.0.1/tcp/5051/p2p/${id}`].map((address) => multiaddr(address))
  const node = readRecords(recordsOf(TAG, id, addresses), TAG)
  expect(node?.peerId).toBe(id)
  expect(node?.addresses.map(String)).toEqual(['/ip4/192.168.1.20/tcp/5051', '/ip4/10.0.0.1/tcp/5051'])
})

test('a record is text that any node of libp2p reads', () => {
  expect(recordsOf(TAG, id, [multiaddr('/ip4/192.168.1.20/tcp/5051')])).toMatchObject([
    { name: TAG, type: 'PTR' },
    { type: 'TXT', data: `dnsaddr=/ip4/192.168.1.20/tcp/5051/p2p/${id}` },
  ])
})

test.each<[string, Parameters<typeof readRecords>[0]]>([
  ['another service', [{ ...pointer, name: '_cairn-ffffffff._udp.local' }, text(`dnsaddr=/ip4/10.0.0.1/tcp/1/p2p/${id}`)]],
  ['no pointer', [text(`dnsaddr=/ip4/10.0.0.1/tcp/1/p2p/${id}`)]],
  ['no peer id', [pointer, text('dnsaddr=/ip4/10.0.0.1/tcp/1')]],
  ['a peer id that is none', [pointer, text('dnsaddr=/ip4/10.0.0.1/tcp/1/p2p/me')]],
  ['no address', [pointer, text('dnsaddr=', 'dnsaddr=/', 'x=/ip4/10.0.0.1/tcp/1', '')]],
  ['a name', [pointer, text(`dnsaddr=/dns4/example.org/tcp/1/p2p/${id}`)]],
  ['UDP', [pointer, text(`dnsaddr=/ip4/10.0.0.1/udp/1/p2p/${id}`)]],
  ['a relay', [pointer, text(`dnsaddr=/ip4/10.0.0.1/tcp/1/p2p/${other}/p2p-circuit/p2p/${id}`)]],
])('%s: nobody', (_what, records) => {
  expect(readRecords(records, TAG)).toBeUndefined()
})

test('addresses of a second peer are left out, and so is what is above eight', () => {
  const many = Array.from({ length: 100 }, (_, port) => `dnsaddr=/ip4/10.0.0.1/tcp/${1 + port}/p2p/${id}`)
  const node = readRecords([pointer, text(many[0]!, `dnsaddr=/ip4/10.0.0.2/tcp/1/p2p/${other}`, ...many)], TAG)
  expect(node?.peerId).toBe(id)
  expect(node?.addresses).toHaveLength(8)
  expect(node?.addresses.map(String)).not.toContain('/ip4/10.0.0.2/tcp/1')
})
