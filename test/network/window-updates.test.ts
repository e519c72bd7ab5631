import { yamux } from '@libp2p/yamux'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { ENOUGH_BYTES, gathered, MAX_HELD } from '../../src/network/window-updates.ts'

const DATA = 0
const WINDOW_UPDATE = 1
const [SYN, ACK, FIN] = [1, 2, 4]

interface Header {
  type: number
  stream: number
  /** What becomes free, of a window update. */
  length: number
  flags?: number
}

function frame({ type, stream, length, flags = 0 }: Header): Uint8Array {
  const header = new DataView(new ArrayBuffer(12))
  header.setUint8(1, type)
  header.setUint16(2, flags)
  header.setUint32(4, stream)
  header.setUint32(8, length)
  return new Uint8Array(header.buffer)
}

/** What a muxer would send on a connection, and what goes over it. */
function createConnection() {
  const [connection] = multiaddrConnectionPair()
  const sent: Uint8Array[] = []
  connection.send = (data) => {
    sent.push(data.subarray())
    return true
  }
  gathered(yamux({ enableKeepAlive: false }))().createStreamMuxer(connection)
  return { sent, send: (header: Header) => connection.send(frame(header)) }
}

test('what small frames give back of a window is held back, and goes as one frame with what makes it a quarter', () => {
  const { sent, send } = createConnection()
  for (const [stream, length] of [[2, 280], [2, 300], [4, ENOUGH_BYTES - 1], [2, ENOUGH_BYTES - 581]] as const) {
    send({ type: WINDOW_UPDATE, stream, length })
  }
  expect(sent).toEqual([])
  send({ type: WINDOW_UPDATE, stream: 2, length: 1 })
  expect(sent).toEqual([frame({ type: WINDOW_UPDATE, stream: 2, length: ENOUGH_BYTES })])
  send({ type: WINDOW_UPDATE, stream: 2, length: ENOUGH_BYTES - 1 })
  expect(sent).toHaveLength(1)
})

test('what is held back of many streams, most of them over, goes when there are too many', () => {
  const { sent, send } = createConnection()
  for (let stream = 1; stream < MAX_HELD; stream++) send({ type: WINDOW_UPDATE, stream, length: stream })
  expect(sent).toEqual([])
  send({ type: WINDOW_UPDATE, stream: MAX_HELD, length: MAX_HELD })
  const all = Array.from({ length: MAX_HELD }, (_, at) => frame({ type: WINDOW_UPDATE, stream: at + 1, length: at + 1 }))
  expect(sent).toEqual(all)
  send({ type: WINDOW_UPDATE, stream: 1, length: 1 })
  expect(sent).toHaveLength(MAX_HELD)
})

test('a quarter of the smallest window goes at once', () => {
  const { sent, send } = createConnection()
  for (const length of [65_536, 200_000]) send({ type: WINDOW_UPDATE, stream: 2, length })
  expect(sent).toEqual([65_536, 200_000].map((length) => frame({ type: WINDOW_UPDATE, stream: 2, length })))
})

test('what opens, answers or ends a stream goes at once, and so does data', () => {
  const { sent, send } = createConnection()
  const headers = [
    { type: WINDOW_UPDATE, stream: 2, length: 0, flags: ACK },
    { type: WINDOW_UPDATE, stream: 2, length: 0, flags: FIN },
    { type: DATA, stream: 2, length: 0 },
  ]
  for (const header of headers) send(header)
  expect(sent).toEqual(headers.map(frame))
})

test('a stream of small messages, many windows long, comes whole, and few frames answer it', async () => {
  const [here, there] = multiaddrConnectionPair()
  let [room, answers, got] = [262_144, 0, 0]
  here.addEventListener('message', ({ data }) => {
    const headers = new DataView(Uint8Array.from(data.subarray()).buffer)
    for (let at = 0; at < headers.byteLength; at += 12) {
      if (headers.getUint8(at + 1) !== WINDOW_UPDATE) continue
      room += headers.getUint32(at + 8)
      answers += 1
    }
  })
  const reader = gathered(yamux({ enableKeepAlive: false }))().createStreamMuxer(there)
  reader.addEventListener('stream', ({ detail: stream }) => {
    stream.addEventListener('message', ({ data }) => void (got += data.byteLength))
  })
  const [messages, bytes] = [4_000, 280]
  const hasRoom = (): boolean => room >= bytes
  const isWhole = (): boolean => got === messages * bytes
  here.send(frame({ type: WINDOW_UPDATE, stream: 1, length: 0, flags: SYN }))
  const message = new Uint8Array([...frame({ type: DATA, stream: 1, length: bytes }), ...new Uint8Array(bytes)])
  for (let at = 0; at < messages; at++) {
    while (!hasRoom()) await turn() // a peer sends no more than it has room for
    here.send(message)
    room -= bytes
  }
  while (!isWhole()) await turn()
  expect(answers).toBeLessThan(messages / 10)
})
