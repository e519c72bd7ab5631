import { streamPair } from '@libp2p/utils'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame, FrameReader, sendFrame } from '../../src/network/frames.ts'

const limits = { maxFrameBytes: 1_000, maxTotalBytes: 100_000 }
const { signal } = new AbortController()

/** What a reader makes of bytes that arrive in these chunks, and then the end. */
async function read(chunks: Uint8Array[], end = true): Promise<(Uint8Array | string)[]> {
  const [near, far] = await streamPair({ delay: 0 })
  const reader = new FrameReader(far, limits)
  for (const chunk of chunks) near.send(chunk)
  if (end) void near.close()
  const frames: (Uint8Array | string)[] = []
  try {
    for (let frame = await reader.next(signal); frame !== undefined; frame = await reader.next(signal)) {
      frames.push(Uint8Array.from(frame))
    }
  } catch (error) {
    frames.push((error as { code: string }).code)
  }
  near.abort(new Error('done'))
  return frames
}

describe('frames', () => {
  test.each([
    [0, [0]],
    [1, [1]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [300, [0xac, 0x02]],
    [16_384, [0x80, 0x80, 0x01]],
  ])('a payload of %d bytes has the prefix %j', (length, prefix) => {
    const frame = encodeFrame(new Uint8Array(length).fill(7))
    expect([...frame.subarray(0, prefix.length)]).toEqual(prefix)
    expect(frame).toHaveLength(prefix.length + length)
  })

  test('arrive whole and in order, however they are cut into packets', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
        async (payloads, sizes) => {
          const bytes = Uint8Array.from(payloads.flatMap((payload) => [...encodeFrame(payload)]))
          const chunks: Uint8Array[] = []
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1
            chunks.push(bytes.subarray(at, at + size))
            at += size
          }
          expect(await read(chunks)).toEqual(payloads)
        },
      ),
      { numRuns: 25 },
    )
  })

  test('any bytes end in frames within the limit or in a fault, never in another error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        for (const frame of await read([bytes])) {
          if (typeof frame === 'string') expect(['peer-bad-frame', 'peer-cut-short']).toContain(frame)
          else expect(frame.length).toBeLessThanOrEqual(limits.maxFrameBytes)
        }
      }),
      { numRuns: 25 },
    )
  })

  test.each<[string, number[], string]>([
    ['a length above the limit', [0xe9, 0x07], 'peer-bad-frame'],
    ['a length of 256 MiB', [0xff, 0xff, 0xff, 0x7f], 'peer-bad-frame'],
    ['a length of five bytes', [0x80, 0x80, 0x80, 0x80, 0x01], 'peer-bad-frame'],
    ['a length that is not in its shortest form', [0x81, 0x00, 7], 'peer-bad-frame'],
    ['an end inside a payload', [3, 1, 2], 'peer-cut-short'],
    ['an end inside a prefix', [0x80], 'peer-cut-short'],
  ])('%s: %j is %s', async (_what, bytes, code) => {
    expect(await read([Uint8Array.from(bytes)])).toEqual([code])
  })

  test('a length above the limit is refused before the payload comes', async () => {
    expect(await read([Uint8Array.of(0xff, 0xff, 0x3f)], false)).toEqual(['peer-bad-frame'])
  })

  test('more bytes in all than the protocol has are refused, even in good frames', async () => {
    const frame = encodeFrame(new Uint8Array(1_000))
    const frames = await read(Array.from({ length: 110 }, () => frame))
    expect(frames.at(-1)).toBe('peer-bad-frame')
    expect(frames.length).toBeLessThanOrEqual(100)
  })

  test('a reset is peer-refused; what had arrived whole is still read', async () => {
    const [near, far] = await streamPair({ delay: 0 })
    const reader = new FrameReader(far, limits)
    await sendFrame(near, Uint8Array.of(1, 2), signal)
    expect(await reader.next(signal)).toEqual(Uint8Array.of(1, 2))
    near.abort(new Error('enough'))
    await expect(reader.next(signal)).rejects.toMatchObject({ code: 'peer-refused' })
  })

  test('an aborted read throws the signal’s reason', async () => {
    const [, far] = await streamPair({ delay: 0 })
    const controller = new AbortController()
    const reading = new FrameReader(far, limits).next(controller.signal)
    controller.abort(new Error('too late'))
    await expect(reading).rejects.toThrow('too late')
  })
})
