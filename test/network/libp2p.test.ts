import { createHash } from 'node:crypto'
import { yamux } from '@libp2p/yamux'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { expect, test } from 'vitest'
import { hashOf } from '../../src/network/libp2p.ts'
import { unbreakable } from '../../src/network/muxer-guard.ts'

test('a stream that is opened on a connection which just closed ends no process', async () => {
  const [connection] = multiaddrConnectionPair()
  const muxer = unbreakable(yamux())().createStreamMuxer(connection)
  // The state between the end of a socket and the news of it.
  Object.assign(connection, { writeStatus: 'closed' })
  // yamux writes the first frame in a microtask of its own: what it throws there fails the run, not this call.
  const stream = await muxer.createStream()
  await new Promise(setImmediate)
  expect(stream.status).toBe('open')
  connection.abort(new Error('now it is known'))
  expect(stream.status).toBe('closed')
})

test('another error of a connection passes', () => {
  const [connection] = multiaddrConnectionPair()
  connection.send = () => {
    throw new Error('out of memory')
  }
  unbreakable(yamux())().createStreamMuxer(connection)
  expect(() => connection.send(new Uint8Array())).toThrow('out of memory')
})

test.each([0, 1, 156, 412, 990, 1_000, 1_024, 1_025, 100_000])('what a message of %i bytes is known by is the hash of its topic and data', (length) => {
  const data = Uint8Array.from({ length }, (_, at) => at)
  for (const topic of ['/cairn/16a00000/transactions/1', 'tümpel', '']) {
    expect(Buffer.from(hashOf(topic, data))).toEqual(createHash('sha256').update(topic).update(data).digest())
  }
})
