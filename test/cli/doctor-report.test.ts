import { expect, test } from 'vitest'
import { layDiagnosis } from '../../src/cli/doctor-report.ts'
import { plain } from '../../src/cli/output.ts'
import { textWidth } from '../../src/cli/text.ts'
import type { Diagnosis, PeerDiagnosis } from '../../src/http/api.ts'

const peer = (changed: Partial<PeerDiagnosis> = {}): PeerDiagnosis => ({
  peerId: '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5', name: 'luna', addresses: ['/ip4/192.168.1.9/tcp/5051/p2p/x'],
  source: 'found', reached: 'in-sync', stopped: null, retryAt: null, refusedUntil: null, height: 3, latencyMs: 2.4, clockOffsetMs: 0, ...changed,
})
const silent = peer({
  name: null, peerId: null, source: 'configured', reached: 'discovered', height: null, latencyMs: null, retryAt: 13_000,
  stopped: { code: 'peer-unreachable', message: `nothing answers at /ip4/192.168.1.9/tcp/5051 (connect ECONNREFUSED): is the node running, and the port right?` },
})
const diagnosis = (changed: Partial<Diagnosis> = {}): Diagnosis => ({
  time: 1_000,
  node: {
    network: 'class-101', networkId: 'dee6fe77', networkKey: '3f2a77c1', name: 'fox', peerId: 'me',
    addresses: ['/ip4/192.168.1.7/tcp/5051/p2p/me'], mdns: true, height: 1_050,
  },
  peers: [peer(), silent],
  interfaces: [
    { name: 'wlan0', address: '192.168.1.7', kind: 'lan', multicast: true },
    { name: 'wg0', address: '10.8.0.2', kind: 'vpn', multicast: false },
    { name: 'eth1', address: null, kind: 'lan', multicast: null },
  ],
  mdnsProblem: null,
  nearby: [
    { id: 'dee6fe77', private: false, own: true, name: 'class-101', joinable: true, nodes: [{ peerId: 'q', addresses: ['127.0.0.1', '192.168.1.9'], local: false }] },
    { id: 'ab12cd34', private: true, own: false, name: null, joinable: false, nodes: [{ peerId: 'r', addresses: ['192.168.1.7'], local: true }] },
  ],
  clock: { offsetMs: -6_000, peers: 2, maxFutureMs: 60_000 },
  advice: [
    { code: 'vpn', message: 'A VPN is up (wg0), and many keep a machine from its own LAN (wlan0).', todo: ['Switch it off and look again, or let it leave the LAN alone (“allow LAN access”, split tunnel).'] },
    { code: 'clock-differs', message: 'This machine’s clock is 6 s ahead of those of most of its 2 peers.', todo: [] },
  ],
  ...changed,
})
const lay = (changed: Partial<Diagnosis> = {}): string[] => layDiagnosis(diagnosis(changed), { paint: plain, width: 80 })

test('the report tells all that was found, and fits 80 columns', () => {
  const lines = lay()
  expect(lines.filter((line) => textWidth(line) > 80)).toEqual([])
  const text = lines.join('\n')
  // A line may break within a sentence.
  expect(text.replaceAll(/\s+/g, ' ')).toContain('named by --peer; dialled again in 12 s')
  for (const told of [
    'fox at height 1 050', 'class-101, genesis dee6fe77, private, key 3f2a77c1', '●●●●●●●  in sync; 2 ms; found by mDNS', '●○○○○○○  nothing answers at',
    '192.168.1.7  LAN       sent and heard', 'sent, not heard', 'IPv6 alone', 'not tried', 'another, private', 'this machine',
    '6.0 s ahead of those of its peers (median of 2 peers)', '1  A VPN is up (wg0)', '2  This machine’s clock',
  ]) expect(text).toContain(told)
})

test('one piece of advice is not numbered, and where nothing is wrong that is said', () => {
  expect(lay({ advice: [{ code: 'all-well', message: 'All is well: 1 peer, all in sync.', todo: [] }] }).at(-1)).toBe('✓  All is well: 1 peer, all in sync.')
  expect(lay({ advice: [{ code: 'no-lan', message: 'No LAN.', todo: ['Connect it.'] }] }).slice(-2)).toEqual(['!  No LAN.', '     Connect it.'])
  const alone = lay({ node: null, peers: [], nearby: [], clock: { offsetMs: null, peers: 0, maxFutureMs: 60_000 } })
  expect(alone[0]).toBe('Interfaces')
})

test('what peers and forged packets say cannot rewrite the screen', () => {
  const evil = '\u001b[2Jevil'
  const text = lay({
    peers: [peer({ name: evil, reached: 'discovered', stopped: { code: 'x', message: evil } })],
    nearby: [{ id: 'ab12cd34', private: false, own: false, name: evil, joinable: false, nodes: [] }],
    advice: [{ code: 'other-network-nearby', message: evil, todo: [evil] }],
  }).join('\n')
  expect(text).toContain('�[2Jevil')
  expect(text).not.toContain('\u001b')
})
