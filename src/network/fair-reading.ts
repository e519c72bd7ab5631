/**
 * Reads one piece of a connection a turn of the event loop.
 *
 *   a piece shorter than what a socket reads at once     the socket is empty: nothing to do
 *   one as long as that                                  there is more: the connection pauses until the next turn
 *
 * A socket that is never empty is read 32 times before anything else has its turn. Of gossiped transactions those are
 * thousands: for more than a second no request is answered, no timer runs, and no verifying thread is heard, so that this
 * one verifies in their place. What comes meanwhile stays in the socket, and whoever sends waits.
 *
 * Only for connections whose `pause` reaches the socket: what a connection takes in while it is paused it has to keep, and
 * it breaks when that is too much. In memory nothing is held up.
 */
import type { ConnectionEncrypter, MessageStream } from '@libp2p/interface'
import { turn } from '../chain/clock.ts'

/** What Node reads from a socket at once. */
const PIECE_BYTES = 65_536

/** Connections that this encrypts are read a piece a turn: whoever encrypts is handed them as the transport made them. */
export const fair = <Arguments extends unknown[]>(
  create: (...args: Arguments) => ConnectionEncrypter,
): ((...args: Arguments) => ConnectionEncrypter) => (...args) => {
  const encrypter = create(...args)
  const [outbound, inbound] = [encrypter.secureOutbound.bind(encrypter), encrypter.secureInbound.bind(encrypter)]
  // Only when it is encrypted: the first listener is given what has come before, and that is the handshake's.
  encrypter.secureOutbound = async (connection, options) => {
    const secured = await outbound(connection, options)
    readFairly(connection)
    return secured
  }
  encrypter.secureInbound = async (connection, options) => {
    const secured = await inbound(connection, options)
    readFairly(connection)
    return secured
  }
  return encrypter
}

function readFairly(connection: MessageStream): void {
  const resume = (): void => {
    // One that has ended has nothing to read any more, and says so by an exception.
    if (connection.status === 'open' || connection.status === 'closing') connection.resume()
  }
  connection.addEventListener('message', ({ data }) => {
    if (data.byteLength < PIECE_BYTES || connection.status !== 'open') return
    connection.pause()
    void turn().then(resume)
  })
}
