import { yamux } from '@libp2p/yamux'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { expect, test } from 'vitest'
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
