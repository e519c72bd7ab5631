import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, test } from 'vitest'
import { type Interfaces, isLanAddress, nearestFirst, ownNetworks } from '../../src/network/lan-address.ts'

const entry = (cidr: string): NonNullable<Interfaces[string]>[number] => {
  const [address = ''] = cidr.split('/')
  const more = { address, netmask: '', mac: '', internal: false, cidr }
  return address.includes(':') ? { ...more, family: 'IPv6', scopeid: 0 } : { ...more, family: 'IPv4' }
}
/** A university's laptop, with a VPN. */
const interfaces: Interfaces = {
  wlan0: [entry('198.51.100.77/22'), entry('2001:db8:1:2::77/64')],
  tun0: [entry('45.0.0.9/2')],
}

describe('what strangers say is dialled only there', () => {
  test.each([
    ['/ip4/192.168.1.20/tcp/5051', true],
    ['/ip4/10.1.2.3/tcp/1', true],
    ['/ip4/172.31.0.1/tcp/1', true],
    ['/ip4/169.254.7.7/tcp/1', true],
    ['/ip4/127.0.0.1/tcp/1', true],
    ['/ip6/fd00::1/tcp/1', true],
    ['/ip6zone/eth0/ip6/fe80::1/tcp/1', true],
    ['/ip6/::1/tcp/1', true],
    ['/ip4/172.32.0.1/tcp/1', false],
    ['/ip4/8.8.8.8/tcp/53', false],
    ['/ip4/0.0.0.0/tcp/1', false],
    ['/ip4/255.255.255.255/tcp/1', false],
    ['/ip4/224.0.0.251/tcp/1', false],
    ['/ip6/2001:4860:4860::8888/tcp/53', false],
    ['/ip6/ff02::fb/tcp/5353', false],
    ['/dns4/example.org/tcp/1', false],
    ['/ip4/192.168.1.20/udp/5051', false],
    ['/ip4/192.168.1.20/tcp/80/ws', false],
    ['/ip4/192.168.1.20/tcp/0', false],
    // Public, and in a network that this machine is in.
    ['/ip4/198.51.101.3/tcp/5051', true],
    ['/ip6/2001:db8:1:2::3/tcp/5051', true],
    // Its first and last address, the next network's, and what a VPN says is all one network.
    ['/ip4/198.51.100.0/tcp/5051', false],
    ['/ip4/198.51.103.255/tcp/5051', false],
    ['/ip4/198.51.104.1/tcp/5051', false],
    ['/ip6/2001:db8:1:3::3/tcp/5051', false],
    ['/ip4/44.1.2.3/tcp/5051', false],
  ])('%s: %s', (address, lan) => {
    expect(isLanAddress(multiaddr(address), ownNetworks(interfaces))).toBe(lan)
  })
})

test('an address in a network that we are in is tried first, loopback last', () => {
  const addresses = ['/ip4/127.0.0.1/tcp/1', '/ip4/172.17.0.1/tcp/1', '/ip4/198.51.100.9/tcp/1'].map((text) => multiaddr(text))
  expect(nearestFirst(addresses, ownNetworks(interfaces)).map(String)).toEqual([
    '/ip4/198.51.100.9/tcp/1', '/ip4/172.17.0.1/tcp/1', '/ip4/127.0.0.1/tcp/1',
  ])
})
