import { describe, expect, test } from 'vitest'
import type { Findings, InterfaceDiagnosis, NearbyNetwork, PeerDiagnosis } from '../../../src/network/diagnosis/diagnosis.ts'
import { verdictOf } from '../../../src/network/diagnosis/verdict.ts'

const node: NonNullable<Findings['node']> = {
  network: 'class-101', networkId: 'dee6fe77', networkKey: null, name: 'fox', peerId: 'me',
  addresses: ['/ip4/127.0.0.1/tcp/5052/p2p/me', '/ip4/192.168.1.7/tcp/5052/p2p/me'], mdns: true, height: 3,
}
const wlan: InterfaceDiagnosis = { name: 'wlan0', address: '192.168.1.7', kind: 'lan', multicast: true }
const lo: InterfaceDiagnosis = { name: 'lo', address: '127.0.0.1', kind: 'loopback', multicast: true }
const vpn: InterfaceDiagnosis = { name: 'wg0', address: '10.8.0.2', kind: 'vpn', multicast: false }
const peer = (changed: Partial<PeerDiagnosis> = {}): PeerDiagnosis => ({
  peerId: 'p', name: 'luna', addresses: ['/ip4/192.168.1.9/tcp/5051'], source: 'found', reached: 'in-sync', stopped: null,
  retryAt: null, refusedUntil: null, height: 3, latencyMs: 2, clockOffsetMs: 0, ...changed,
})
const silent = peer({ name: null, reached: 'discovered', stopped: { code: 'peer-unreachable', message: 'nothing' }, retryAt: 1, height: null })
const foreign = peer({ reached: 'identified', stopped: { code: 'peer-other-network', message: 'other' }, retryAt: 1 })
const network = (changed: Partial<NearbyNetwork> = {}): NearbyNetwork => ({
  id: 'ab12cd34', private: false, own: false, name: 'class101', joinable: true,
  nodes: [{ peerId: 'q', addresses: ['192.168.1.20'], local: false }], ...changed,
})
const findings = (changed: Partial<Findings> = {}): Findings => ({
  time: 0, node, peers: [], interfaces: [wlan, lo], mdnsProblem: null, nearby: [],
  clock: { offsetMs: null, peers: 0, maxFutureMs: 60_000 }, ...changed,
})
const verdict = (changed: Partial<Findings>, platform: NodeJS.Platform = 'linux') => verdictOf(findings(changed), platform)
const codes = (changed: Partial<Findings>): string[] => verdict(changed).map(({ code }) => code)

describe('the verdict, most probable first', () => {
  test.each<[string, Partial<Findings>, string[]]>([
    ['a peer in sync', { peers: [peer()] }, ['all-well']],
    ['nobody anywhere', {}, ['nobody-found']],
    ['no interface but the loopback', { interfaces: [lo] }, ['no-lan']],
    ['multicast that does not come back', { interfaces: [{ ...wlan, multicast: false }, lo] }, ['multicast-blocked']],
    ['a port that is kept by another', { mdnsProblem: 'EADDRINUSE' }, ['mdns-port-taken']],
    ['a VPN', { interfaces: [wlan, vpn, lo] }, ['vpn', 'nobody-found']],
    ['a node that listens on its loopback', { node: { ...node, addresses: ['/ip4/127.0.0.1/tcp/1'] } }, ['listens-on-loopback']],
    ['a node without mDNS', { node: { ...node, mdns: false } }, ['mdns-off']],
    ['one found that does not answer', { peers: [silent] }, ['peers-unreachable']],
    ['one of another network', { peers: [foreign] }, ['peers-of-other-network']],
    ['another network nearby', { nearby: [network()] }, ['other-network-nearby']],
    ['a private network nearby', { nearby: [network({ private: true, name: null })] }, ['private-network-nearby']],
    ['a network that was told of, and has no nodes', { nearby: [network({ nodes: [] })] }, ['nobody-found']],
    ['one being dialled', { peers: [peer({ reached: 'discovered', stopped: { code: 'dialling', message: '' } })] }, ['waiting']],
    ['own nodes heard and not taken up yet', { nearby: [network({ own: true })] }, ['waiting']],
    ['one that is banned', { peers: [peer({ reached: 'same-network', refusedUntil: 9, stopped: { code: 'block-bad-pow', message: '' } })] }, ['peers-refused']],
    ['a peer, and one of --peer that is not there', { peers: [peer(), { ...silent, source: 'configured' }] }, ['peer-unreachable']],
    ['a peer, and others that come and go', { peers: [peer(), silent] }, ['all-well']],
    ['a peer, and another network nearby', { peers: [peer()], nearby: [network()] }, ['all-well']],
    ['a peer with more work that nobody fetches', { peers: [peer({ reached: 'in-mesh', stopped: { code: 'behind', message: '' } })] }, ['not-in-sync']],
    ['no node', { node: null, peers: [] }, ['no-node']],
    ['no node and no LAN', { node: null, interfaces: [lo] }, ['no-node', 'no-lan']],
    ['a silent peer behind a VPN', { peers: [silent], interfaces: [wlan, vpn] }, ['vpn', 'peers-unreachable']],
  ])('%s', (_, changed, expected) => {
    expect(codes(changed)).toEqual(expected)
  })

  test('names the network to join, where its name is enough, and the file where it is not', () => {
    const todo = (nearby: NearbyNetwork, changed: Partial<Findings> = {}): string => verdict({ nearby: [nearby], ...changed })[0]?.todo.join() ?? ''
    expect(todo(network())).toContain('cairn start --network class101')
    expect(todo(network({ joinable: false }))).toContain('parameter file')
    expect(todo(network({ private: true }))).toContain('--network-key FILE')
    expect(todo(network({ name: 'class-101' }), { node: { ...node, networkKey: '3f2a77c1' } })).toContain('the same --network-key, or both without')
  })

  test('gives the firewall’s commands of this platform, with the port in question', () => {
    const todo = (platform: NodeJS.Platform, changed: Partial<Findings>): string => verdict(changed, platform)[0]?.todo.join('\n') ?? ''
    expect(todo('linux', {})).toContain('sudo ufw allow 5052/tcp && sudo ufw allow 5353/udp')
    expect(todo('linux', { peers: [silent] })).toContain('firewall-cmd --add-port=5051/tcp')
    expect(todo('win32', {})).toContain('netsh advfirewall')
    expect(todo('darwin', {})).toContain('Local Network')
  })

  test('tells of a clock that differs by more than 5 s, and what it does beyond what blocks may', () => {
    const clock = (offsetMs: number) => verdict({ peers: [peer()], clock: { offsetMs, peers: 3, maxFutureMs: 60_000 } })
    expect(clock(4_900)).toMatchObject([{ code: 'all-well' }])
    expect(clock(8_000)).toMatchObject([{ code: 'clock-differs', message: expect.stringMatching(/is 8 s behind .* 3 peers\.$/) as string }])
    expect(clock(-90_000)).toMatchObject([{ message: expect.stringMatching(/90 s ahead .*kept back\.$/) as string }])
  })
})
