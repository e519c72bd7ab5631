/**
 * Gathers what yamux says of its windows.
 *
 *   a peer sends    data 280 · data 280 · … · data 280       a transaction of gossip each
 *   yamux answers   room 280 · room 280 · … · room 280       each encrypted and written alone
 *   from here goes  room 65 800                              when it is worth a frame
 *
 * yamux gives back the room of every frame of data at once, with a frame for each. For small ones that costs more than to
 * read them, and the peer has to read all of it. Large ones, those of a sync, are answered at once as before. Nobody waits
 * for room: what is held back is less than a quarter of the smallest window, so three quarters are left to write into.
 */
import type { StreamMuxerFactory } from '@libp2p/interface'
import { withSend } from './muxer-guard.ts'

/** So much of a stream's window is given back at once; yamux begins with windows of 256 KiB. */
export const ENOUGH_BYTES = 65_536
/** Streams that end leave theirs behind: when there are so many, all are sent, and whoever has no such stream ignores it. */
export const MAX_HELD = 64

/** In a frame's header: bytes 2 and 3 the flags, 4 to 7 the stream, 8 to 11 how much room. */
const WINDOW_UPDATE = 1
const STREAM_AT = 4
const ROOM_AT = 8

/** A muxer that gives room back for many frames together. */
export const gathered = (muxer: () => StreamMuxerFactory): (() => StreamMuxerFactory) =>
  withSend(muxer, (send) => {
    /** Headers that are held back, by stream. */
    const held = new Map<number, DataView<ArrayBuffer>>()
    return (frame) => {
      if (!(frame instanceof Uint8Array) || frame[1] !== WINDOW_UPDATE || frame[2] !== 0 || frame[3] !== 0) return send(frame)
      const header = new DataView(frame.slice().buffer) // its own bytes, as it is written into
      const stream = header.getUint32(STREAM_AT)
      const room = header.getUint32(ROOM_AT) + (held.get(stream)?.getUint32(ROOM_AT) ?? 0)
      header.setUint32(ROOM_AT, room)
      if (room >= ENOUGH_BYTES) {
        held.delete(stream)
        return send(new Uint8Array(header.buffer))
      }
      held.set(stream, header)
      if (held.size < MAX_HELD) return true
      const headers = [...held.values()]
      held.clear()
      return headers.map(({ buffer }) => send(new Uint8Array(buffer))).every(Boolean)
    }
  })
