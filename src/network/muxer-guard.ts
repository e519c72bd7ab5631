/**
 * What yamux leaves open, closed.
 *
 *   writes to a connection that has just closed   are dropped instead of thrown
 *   answers that a peer calls forth               are counted: pings, and resets of streams beyond the limit
 *   streams that a peer opens                     are counted by the first frame of the answer, whatever becomes of them
 *
 * A peer that calls forth more than any honest node does is disconnected, with no other consequence: at this depth it
 * has an address, but its name is not known yet.
 */
import type { StreamMuxerFactory } from '@libp2p/interface'
import { type Quota, STREAM_QUOTA, YAMUX_ANSWER_QUOTA } from './protocols.ts'
import { TokenBucket } from './quota.ts'

/** In a frame's header, of version, type and flags: byte 1, and the lower byte of the flags. */
const PING = 2
const ACK = 2
const RESET = 8

type Connection = Parameters<StreamMuxerFactory['createStreamMuxer']>[0]
type Send = Connection['send']

/**
 * A muxer with something between it and its connection.
 * @param between what the muxer sends by instead
 * @param made called when the muxer listens to the connection
 */
export const withSend = (
  muxer: () => StreamMuxerFactory,
  between: (send: Send, connection: Connection) => Send,
  made: (connection: Connection) => void = () => {},
) => (): StreamMuxerFactory => {
  const factory = muxer()
  return {
    protocol: factory.protocol,
    createStreamMuxer(connection) {
      connection.send = between(connection.send.bind(connection), connection)
      const created = factory.createStreamMuxer(connection)
      made(connection)
      return created
    },
  }
}

/** Limits what the other side of a connection can make a muxer do. */
export const guarded = (muxer: () => StreamMuxerFactory, now: () => number): (() => StreamMuxerFactory) =>
  withSend(muxer, (send, connection) => {
    const within = (quota: Quota, what: string): (() => void) => {
      const bucket = new TokenBucket(quota, now)
      return () => {
        if (!bucket.take()) connection.abort(new Error(`more than ${quota.count} ${what} within ${quota.perMs} ms`))
      }
    }
    const answered = within(YAMUX_ANSWER_QUOTA, 'answers of yamux')
    const opened = within(STREAM_QUOTA, 'streams')
    // By what yamux sends, a frame a call. (Its event of a stream must not be listened to before libp2p does.)
    return (frame) => {
      const [type = 0, flags = 0] = frame instanceof Uint8Array ? [frame[1], frame[3]] : [frame.get(1), frame.get(3)]
      if (type === PING || (flags & RESET) !== 0) answered()
      else if ((flags & ACK) !== 0) opened()
      return send(frame)
    }
  })

/**
 * yamux 8 sends the first frame of a stream, and some later ones, from callbacks where nobody catches: if the connection
 * has closed meanwhile the write throws, and the process ends (js-libp2p issues 3415 and 3512). What is written to a
 * closed connection is dropped here instead; its streams hear of the end by their `close` event all the same.
 */
export const unbreakable = (muxer: () => StreamMuxerFactory): (() => StreamMuxerFactory) =>
  withSend(muxer, (send) => (data) => {
    try {
      return send(data)
    } catch (error) {
      if (error instanceof Error && error.name === 'StreamStateError') return true
      throw error
    }
  })
