/**
 * Answers to libp2p's ping: what comes is sent back, 32 bytes at a time by custom, and no more of it than a stream of
 * pings holds.
 *
 * (The library's own service keeps whatever arrives while its answer is not taken: a peer that sends and does not read
 * made a node hold 430 MB within eight seconds.)
 *
 * Nothing here judges: a stream that says too much, or lasts too long, is reset.
 */
import type { Stream, StreamMessageEvent } from '@libp2p/interface'
import { type Ping, ping, type PingComponents } from '@libp2p/ping'

/** A hundred pings and more: others open a stream for each, or keep one for as long as it is answered. */
const MAX_PING_BYTES = 4_096
/** A ping and its answer, many times over. */
const MAX_PING_MS = 30_000
/** The most that the protocol lets a peer open, by its specification. */
const MAX_PING_STREAMS = 2

/** The library's service, which asks; what answers is ours. */
export const boundedPing = () => ({ registrar, connectionManager }: PingComponents): Ping => {
  const handle: typeof registrar.handle = (protocol, _theirs, options) => registrar.handle(protocol, echo, options)
  return ping({
    maxInboundStreams: MAX_PING_STREAMS,
    maxOutboundStreams: MAX_PING_STREAMS, // the connection monitor's, and the one before that is ending
  })({ connectionManager, registrar: Object.assign(Object.create(registrar) as typeof registrar, { handle }) })
}

/** Sends back what comes on a stream until the other side ends it. */
export function echo(stream: Stream): void {
  const timer = setTimeout(() => stream.abort(new Error(`pings for more than ${MAX_PING_MS} ms`)), MAX_PING_MS)
  timer.unref()
  let received = 0
  stream.addEventListener('message', ({ data }: StreamMessageEvent) => {
    received += data.byteLength
    if (received > MAX_PING_BYTES) stream.abort(new Error(`pings of more than ${MAX_PING_BYTES} bytes`))
    else if (stream.writeStatus === 'writable') stream.send(data)
  })
  stream.addEventListener('remoteCloseWrite', () => void stream.close().catch(() => {})) // closed already
  stream.addEventListener('close', () => clearTimeout(timer))
}
