import { createHash } from 'node:crypto'
import { generateKey } from '@libp2p/pnet'
import { describe, expect, test } from 'vitest'
import { fingerprintOf, formatNetworkKey, makeNetworkKey, parseNetworkKey } from '../../src/network/network-key.ts'
import { protocolsOf } from '../../src/network/protocols.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const key = new Uint8Array(32).fill(7)
const digits = '07'.repeat(32)

describe('a key’s file', () => {
  test('is read as it was written, with any line ends and either case', () => {
    expect(formatNetworkKey(key)).toBe(`/key/swarm/psk/1.0.0/\n/base16/\n${digits}\n`)
    const made = makeNetworkKey()
    expect(parseNetworkKey(bytes(formatNetworkKey(made)))).toEqual(made)
    expect(parseNetworkKey(bytes(`/key/swarm/psk/1.0.0/\r\n/base16/\r\n${'AB'.repeat(32)}`))).toEqual(new Uint8Array(32).fill(0xab))
    expect(parseNetworkKey(key)).toBe(key)
  })

  test('is the one that libp2p makes', () => {
    const file = new Uint8Array(95)
    generateKey(file)
    expect(formatNetworkKey(parseNetworkKey(file))).toBe(`${new TextDecoder().decode(file)}\n`)
  })

  test.each([
    ['', 'it does not begin with /key/swarm/psk/1.0.0/'],
    ['/key/swarm/psk/2.0.0/\n/base16/\n', 'it does not begin with'],
    [`/key/swarm/psk/1.0.0/\n/base64/\n${digits}`, 'its second line is not /base16/'],
    ['/key/swarm/psk/1.0.0/\n/base16/\n', 'its key has 0 hex digits, not 64'],
    [`/key/swarm/psk/1.0.0/\n/base16/\n${digits}07`, 'its key has 66 hex digits'],
    [`/key/swarm/psk/1.0.0/\n/base16/\n${digits.replace('7', 'x')}`, 'its third line is not hex digits alone'],
    [`/key/swarm/psk/1.0.0/\n/base16/\n${digits}\n${digits}`, 'it has more than three lines'],
  ])('%j: no key, and the line does not show what it is', (text, why) => {
    const error = (): unknown => parseNetworkKey(bytes(text))
    expect(error).toThrow(expect.objectContaining({ code: 'network-bad-key', message: expect.stringContaining(why) }))
    expect(error).toThrow(expect.objectContaining({ message: expect.not.stringContaining('070707') }))
  })
})

test('fingerprint and service tag are the first 8 digits of what PROTOCOL.md says, and tell nothing of the network', () => {
  const digest = (purpose: string): string =>
    createHash('sha256').update(`cairn network key, ${purpose}:`).update(key).digest('hex').slice(0, 8)
  expect(fingerprintOf(key)).toBe(digest('fingerprint'))
  const { serviceTag, ...names } = protocolsOf('1a2b3c4d', key)
  expect(serviceTag).toBe(`_cairn-k${digest('service tag of 1a2b3c4d')}._udp.local`)
  expect(serviceTag.split('.')[0]!.length, 'RFC 6335: at most 15 after the underscore').toBeLessThanOrEqual(16)
  const { serviceTag: open, ...openNames } = protocolsOf('1a2b3c4d')
  expect(names).toEqual(openNames)
  expect(new Set([serviceTag, open, protocolsOf('1a2b3c4e', key).serviceTag, protocolsOf('1a2b3c4d', makeNetworkKey()).serviceTag]).size).toBe(4)
})
