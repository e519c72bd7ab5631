/** How many bytes go over the connections: what is inside the encryption, frames of the muxer included. */
import type { StreamMuxerFactory } from '@libp2p/interface'

export interface Traffic {
  receivedBytes: number
  sentBytes: number
}

/** Counts what a muxer's connection carries. */
export function counted(muxer: () => StreamMuxerFactory, traffic: Traffic): () => StreamMuxerFactory {
  return () => {
    const factory = muxer()
    return {
      protocol: factory.protocol,
      createStreamMuxer(connection) {
        const send = connection.send.bind(connection)
        connection.send = (data) => {
          traffic.sentBytes += data.byteLength
          return send(data)
        }
        const made = factory.createStreamMuxer(connection)
        // After the muxer listens: the first listener is given what has come before it.
        connection.addEventListener('message', ({ data }) => void (traffic.receivedBytes += data.byteLength))
        return made
      },
    }
  }
}
