import { describe, expect, test } from 'vitest'
import { genesisOf } from '../../../src/consensus/genesis.ts'
import { networkParams } from '../../../src/consensus/params.ts'
import { Announcer } from '../../../src/network/diagnosis/announcer.ts'
import { kindOf, listInterfaces } from '../../../src/network/diagnosis/interfaces.ts'
import { NearbyNetworks, SERVICES } from '../../../src/network/diagnosis/nearby.ts'
import { createManualClock } from '../../support/manual-clock.ts'

const tag = '_cairn-1a2b3c4d._udp.local'
const tagOf = (name: string): string => `_cairn-${genesisOf(networkParams(name)).id}._udp.local`
const id = '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5'
const announcement = (name: string, ...addresses: string[]) => ({
  answers: [
    { name, type: 'PTR', data: `x.${name}` },
    ...addresses.map((address) => ({ name: `x.${name}`, type: 'TXT', data: [new TextEncoder().encode(`dnsaddr=${address}/p2p/${id}`)] })),
  ],
})
const setting = () => {
  const clock = createManualClock(1_000)
  return { clock, nearby: new NearbyNetworks(clock) }
}

describe('what is heard nearby', () => {
  test('a node that asks is known by its address, and by its peer id once it answers', () => {
    const { nearby } = setting()
    expect(nearby.hear({ questions: [{ name: tag, type: 'PTR' }] }, '10.0.0.2')).toEqual([tag])
    expect(nearby.hear({ questions: [{ name: tag, type: 'PTR' }] }, '10.0.0.2')).toEqual([])
    expect(nearby.list(undefined, [])).toEqual([
      { id: '1a2b3c4d', private: false, own: false, name: null, joinable: false, nodes: [{ peerId: null, addresses: ['10.0.0.2'], local: false }] },
    ])
    nearby.hear(announcement(tag, '/ip4/127.0.0.1/tcp/5051', '/ip4/10.0.0.2/tcp/5051'), '10.0.0.2')
    expect(nearby.list(tag, ['10.0.0.2'])).toMatchObject([
      { own: true, nodes: [{ peerId: id, addresses: ['127.0.0.1', '10.0.0.2'], local: true }] },
    ])
    expect(nearby.list(tag, [], id)[0]?.nodes).toEqual([])
  })

  test('a name counts where its parameters give the id; a private network is told by its tag', () => {
    const { nearby } = setting()
    const text = (name: string, said: string) => ({ answers: [{ name: SERVICES, type: 'PTR', data: name }], additionals: [{ name, type: 'TXT', data: [`network=${said}`] }] })
    nearby.hear(text(tagOf('class-101'), 'class-101'), '10.0.0.2')
    nearby.hear(text(tagOf('class-101'), 'forged'), '10.0.0.3')
    nearby.hear(text(tag, 'lan'), '10.0.0.4')
    nearby.hear(text('_cairn-k1a2b3c4d._udp.local', 'a\u001b[2Jb'), '10.0.0.5')
    expect(nearby.list(undefined, []).map(({ name, joinable, private: locked }) => ({ name, joinable, locked }))).toEqual([
      { name: 'class-101', joinable: true, locked: false },
      { name: 'lan', joinable: false, locked: false },
      { name: null, joinable: false, locked: true },
    ])
  })

  test('what is no Cairn network is not kept, and what is not heard for a minute is forgotten', () => {
    const { nearby, clock } = setting()
    for (const name of ['_http._tcp.local', '_cairn-xyz._udp.local', `a.${tag}`]) {
      nearby.hear({ questions: [{ name, type: 'PTR' }], answers: [{ name, type: 'PTR', data: name }, { name: SERVICES, type: 'PTR', data: name }] }, '10.0.0.2')
    }
    expect(nearby.tags).toEqual([])
    nearby.hear({ questions: [{ name: tag, type: 'PTR' }] }, '10.0.0.2')
    clock.advance(60_001)
    expect(nearby.list(undefined, [])).toEqual([])
  })

  test('a flood of forged networks and nodes is bounded', () => {
    const { nearby } = setting()
    for (let n = 0; n < 1_000; n++) {
      nearby.hear({ questions: [{ name: `_cairn-${String(n).padStart(8, '0')}._udp.local`, type: 'PTR' }] }, '10.0.0.2')
      nearby.hear({ questions: [{ name: '_cairn-00000000._udp.local', type: 'PTR' }] }, `10.0.${n >> 8}.${n & 255}`)
    }
    const networks = nearby.list(undefined, [])
    expect(networks).toHaveLength(32)
    expect(networks[0]?.nodes).toHaveLength(64)
  })
})

describe('the answer which services there are', () => {
  const question = { questions: [{ name: SERVICES, type: 'PTR' }] }
  const start = () => {
    const { clock, nearby } = setting()
    const sent: object[] = []
    const respond = (answer: object): void => void sent.push(answer)
    const announcer = new Announcer({ clock, nearby, respond }, { serviceTag: tag, networkName: 'club' })
    return { clock, sent, hear: (packet: object) => announcer.hear(packet, '10.0.0.2') }
  }

  test('comes after a moment, once a second, with the tag and the network’s name', () => {
    const { clock, sent, hear } = start()
    hear(question)
    hear(question)
    expect(sent).toEqual([])
    clock.advance(120)
    expect(sent).toMatchObject([{ answers: [{ name: SERVICES, type: 'PTR', data: tag }], additionals: [{ name: tag, data: ['network=club'] }] }])
    hear(question)
    clock.advance(120)
    expect(sent).toHaveLength(1)
    clock.advance(1_000)
    hear(question)
    clock.advance(120)
    expect(sent).toHaveLength(2)
  })

  test('is left to whoever gave the same one first, and not given to other questions', () => {
    const { clock, sent, hear } = start()
    hear(question)
    hear({ answers: [{ name: SERVICES, type: 'PTR', data: tag }] })
    hear({ questions: [{ name: '_http._tcp.local', type: 'PTR' }] })
    clock.advance(1_000)
    expect(sent).toEqual([])
  })
})

describe('interfaces', () => {
  test.each([
    ['wlan0', 'lan'], ['en0', 'lan'], ['Wi-Fi', 'lan'], ['eth0', 'lan'], ['bridge', 'lan'], ['tun0', 'vpn'], ['utun4', 'vpn'],
    ['wg0', 'vpn'], ['ppp0', 'vpn'], ['tailscale0', 'vpn'], ['docker0', 'virtual'], ['br-1f2e3d', 'virtual'],
    ['veth12', 'virtual'], ['virbr0', 'virtual'], ['bridge100', 'virtual'], ['vEthernet (WSL)', 'virtual'],
  ])('%s: %s', (name, kind) => {
    expect(kindOf(name, false)).toBe(kind)
  })

  test('are listed by address, the LAN’s first; a link-local address alone is no network', () => {
    const info = { netmask: '', mac: '', cidr: null, internal: false }
    const v4 = (address: string, internal = false) => ({ ...info, address, family: 'IPv4' as const, internal })
    const v6 = (address: string) => ({ ...info, address, family: 'IPv6' as const, scopeid: 0 })
    const listed = listInterfaces({
      lo: [v4('127.0.0.1', true)], tun0: [v4('10.8.0.2')], awdl0: [v6('fe80::1')], eth0: [v6('fd00::2')], wlan0: [v4('192.168.1.7'), v6('fe80::2')],
    })
    expect(listed.map(({ name, address, kind }) => [name, address, kind])).toEqual([
      ['eth0', null, 'lan'], ['wlan0', '192.168.1.7', 'lan'], ['tun0', '10.8.0.2', 'vpn'], ['lo', '127.0.0.1', 'loopback'],
    ])
  })
})
