import { expect, test } from 'vitest'
import { libp2pLog } from '../../src/network/libp2p-log.ts'

test('libp2p writes nothing, at whatever depth, and is asked for nothing', () => {
  const log = libp2pLog({})!.forComponent('libp2p')
  const deeper = log.newScope('connection').newScope('stream')
  for (const each of [log, deeper]) {
    expect(each.enabled).toBe(false)
    expect([each('%o', {}), each.error('failed'), each.trace('step')]).toEqual([undefined, undefined, undefined])
  }
})

test('whoever sets DEBUG has libp2p’s own log', () => {
  expect(libp2pLog({ DEBUG: 'libp2p:*' })).toBeUndefined()
})
