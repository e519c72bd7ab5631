import { expect, test } from 'vitest'
import { layBanner, nameInterfaces } from '../../src/cli/banner.ts'
import { describe as lineFor, isUnexpected, Refusal } from '../../src/cli/failure.ts'
import { parseHostPort } from '../../src/cli/host-port.ts'
import { formatLogLine } from '../../src/cli/log-lines.ts'
import { plain } from '../../src/cli/output.ts'
import { textWidth } from '../../src/cli/text.ts'
import { RuleError } from '../../src/consensus/errors.ts'

const peerId = '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5'
const loopback = { address: '127.0.0.1', internal: true, netmask: '255.0.0.0', family: 'IPv4', mac: '', cidr: null } as const
const lan = { ...loopback, address: '192.168.1.7', internal: false }

const facts = {
  version: '0.1.0',
  network: 'class-101',
  genesis: `dee6fe77${'ab'.repeat(28)}`,
  name: 'flint-otter',
  peerId,
  addresses: [`/ip4/127.0.0.1/tcp/5051/p2p/${peerId}`, `/ip4/192.168.1.7/tcp/5051/p2p/${peerId}`],
  account: `cairn1${'q'.repeat(58)}`,
  balance: 1050,
  height: 21,
  page: `http://127.0.0.1:5050/#${'ab'.repeat(32)}`,
  openTo: undefined,
  dataFolder: '/home/ada/.cairn/class-101',
  newWallet: true,
  lockedWallet: false,
  networkOption: 'class-101',
  networkKey: null,
  networkKeyOption: undefined,
  mdns: true,
}
const interfaces = { lo: [loopback], wlan0: [lan] }

test('the banner tells all that one needs, whole, and fits 80 columns but for the address of the page', () => {
  const lines = layBanner(facts, plain, interfaces)
  const text = lines.join('\n')
  const { account, page, dataFolder } = facts
  for (const value of ['class-101', 'dee6fe77', 'flint-otter', peerId, account, '1 050 at height 21', page, dataFolder]) {
    expect(text).toContain(value)
  }
  expect(text).toContain('not encrypted')
  expect(lines.filter((line) => textWidth(line) > 80)).toEqual([expect.stringContaining(facts.page)])
  const locked = layBanner({ ...facts, newWallet: false, lockedWallet: true }, plain, interfaces).join('\n')
  expect(locked).not.toContain('not encrypted')
  expect(locked).toContain('it pays after cairn wallet unlock --network class-101')
})

test('the banner says how to join where another machine can, and names an address where it would not find one', () => {
  const join = (changed: object): string | undefined =>
    layBanner({ ...facts, ...changed }, plain, interfaces).find((line) => line.startsWith('  join '))?.slice(13)
  expect(join({})).toBe('cairn start --network class-101')
  expect(join({ networkOption: undefined })).toBe('cairn start')
  expect(join({ mdns: false })).toBe('cairn start --network class-101 --peer /ip4/192.168.1.7/tcp/5051')
  expect(join({ addresses: ['/ip4/127.0.0.1/tcp/5051'] })).toBeUndefined()
})

test('the banner says in a line that the LAN may read, and by which address', () => {
  const open = { ...facts, openTo: 'http://192.168.111.222:65535' }
  const lines = layBanner(open, plain, interfaces).filter((line) => line.includes('LAN'))
  expect(lines).toEqual(['  Open to the LAN at http://192.168.111.222:65535: to read, not to change.'])
  expect(layBanner(facts, plain, interfaces).join('\n')).not.toContain('LAN')
})

test('the banner of a private network says so, with what to compare and to type', () => {
  const text = layBanner({ ...facts, networkKey: '3f2a77c1', networkKeyOption: 'club.key' }, plain, interfaces).join('\n')
  expect(text).toContain('genesis dee6fe77  private, key 3f2a77c1')
  expect(text).toContain('cairn start --network class-101 --network-key club.key')
})

test('listening addresses name their interface, the LAN’s first', () => {
  const addresses = [...facts.addresses, '/ip4/10.9.9.9/tcp/1']
  expect(nameInterfaces(addresses, interfaces)).toEqual([
    { address: '/ip4/192.168.1.7/tcp/5051', name: 'wlan0', local: false },
    { address: '/ip4/10.9.9.9/tcp/1', name: '', local: false },
    { address: '/ip4/127.0.0.1/tcp/5051', name: 'this machine only', local: true },
  ])
})

test.each([
  ['127.0.0.1:5050', { host: '127.0.0.1', port: 5050 }],
  ['localhost:0', { host: 'localhost', port: 0 }],
  ['[::1]:80', { host: '::1', port: 80 }],
])('--http %s', (text, address) => {
  expect(parseHostPort(text)).toEqual(address)
})

test.each([
  ['5050', 'is not HOST:PORT'],
  [':5050', 'is not HOST:PORT'],
  ['::1:5050', 'is not HOST:PORT'],
  ['http://127.0.0.1:5050', 'is not HOST:PORT'],
  ['127.0.0.1:', '--http port: "" is empty'],
  ['127.0.0.1:65536', '--http port: 65536 is too large'],
  ['127.0.0.1:x', '--http port: x is not a number'],
])('--http %s is refused', (text, why) => {
  expect(() => parseHostPort(text)).toThrow(why)
})

const time = new Date(2025, 0, 2, 14, 3, 9).toISOString()
const shown = (record: object): string => formatLogLine(JSON.stringify({ level: 'info', time, ...record }), plain)

test('a told event is its sentence; any other record shows its fields, hashes shortened', () => {
  expect(shown({ event: 'block:connected', height: 12, msg: 'found block 12' })).toBe('14:03:09  ■ found block 12')
  const refused = { part: 'network', code: 'block-bad-pow', peer: 'luna', hash: 'ab'.repeat(32), msg: 'refused block' }
  expect(shown(refused)).toBe('14:03:09  refused block  code block-bad-pow, peer luna, hash abababab…ababab')
})

test('an error in the log is its message on the same line, and what peers wrote cannot leave the line', () => {
  const error = { message: 'no\n  way', stack: 'at x' }
  expect(shown({ level: 'error', err: error, msg: 'failed' })).toBe('14:03:09  failed  no way')
  expect(shown({ event: 'peer:connected', msg: 'a\u001B[2J\nb joined' })).toBe('14:03:09  ● a�[2J�b joined')
})

test('every failure is one line: what a part foresaw as it is, the system’s with advice, a bug with how to see more', () => {
  expect(lineFor(new Refusal('no'))).toBe('no')
  expect(lineFor(new RuleError('block-bad-pow', 'x\ny'))).toBe('block-bad-pow: x y')
  const taken = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' })
  expect(lineFor(taken)).toBe('the address is in use: choose another port, or stop the program that has it (listen EADDRINUSE)')
  const bug = new TypeError('x is undefined')
  expect(lineFor(bug)).toBe('unexpected error: TypeError: x is undefined (a bug; --log debug shows where)')
  expect([bug, taken, new Refusal('no')].map(isUnexpected)).toEqual([true, false, false])
})
