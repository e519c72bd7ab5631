/** How many bytes go over the connections: what is inside the encryption, frames of the muxer included. */
import type { StreamMuxerFactory } from '@libp2p/interface'
import { withSend } from './muxer-guard.ts'

export interface Traffic {
  receivedBytes: number
  sentBytes: number
}

/** Counts what a muxer's connection carries. */
export const counted = (muxer: () => StreamMuxerFactory, traffic: Traffic): (() => StreamMuxerFactory) =>
  withSend(
    muxer,
    (send) => (data) => {
      traffic.sentBytes += data.byteLength
      return send(data)
    },
    // After the muxer listens: the first listener is given what has come before it.
    (connection) => connection.addEventListener('message', ({ data }) => void (traffic.receivedBytes += data.byteLength)),
  )
