import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readNetworkFile, resolveOptions } from '../../src/node/options.ts'

test('a plain start joins network lan, on TCP, found by mDNS, not mining', () => {
  expect(resolveOptions()).toMatchObject({ params: { name: 'lan' }, transport: 'tcp', mdns: true, mine: false, peers: [] })
})

test('nodes on the memory transport do not speak mDNS', () => {
  expect(resolveOptions({ transport: 'memory' }).mdns).toBe(false)
})

test.each([
  [{ name: '' }, 'name'],
  [{ name: ' fox' }, 'name'],
  [{ name: 'ü'.repeat(17) }, 'name'],
  [{ threads: 0 }, 'threads'],
  [{ threads: 1.5 }, 'threads'],
  [{ cpu: 101 }, 'cpu'],
  [{ minFee: -1 }, 'minFee'],
  [{ minFee: 0.5 }, 'minFee'],
  [{ targetPeers: -1 }, 'targetPeers'],
  [{ targetPeers: 97 }, 'targetPeers'],
  [{ identity: { peerSeed: new Uint8Array(31), walletEntropy: new Uint8Array(16) } }, 'identity.peerSeed'],
  [{ identity: { peerSeed: new Uint8Array(32), walletEntropy: new Uint8Array(20) } }, 'identity.walletEntropy'],
])('refuses %j and names the option', (options, field) => {
  expect(() => resolveOptions(options)).toThrow(
    expect.objectContaining({ code: 'option-invalid', message: expect.stringMatching(new RegExp(`^${field}: must be`)) }),
  )
})

test('a network name that is none is refused', () => {
  expect(() => resolveOptions({ network: '../etc' })).toThrow(expect.objectContaining({ code: 'network-bad-parameters' }))
})

test('a network file that is missing, no JSON or wrong says which file and why', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-network-'))
  const file = join(folder, 'club.json')
  expect(() => readNetworkFile(file)).toThrow(/club\.json: there is no such file/)
  writeFileSync(file, '{ "name": ')
  expect(() => readNetworkFile(file)).toThrow(/club\.json: .*JSON/)
  writeFileSync(file, '{ "name": "club", "subsidi": 1 }')
  expect(() => readNetworkFile(file)).toThrow(/club\.json: subsidi: no such parameter/)
  writeFileSync(file, '{ "name": "club", "subsidy": 7 }')
  expect(readNetworkFile(file)).toMatchObject({ name: 'club', subsidy: 7, targetBlockTimeMs: 10_000 })
  rmSync(folder, { recursive: true })
})
