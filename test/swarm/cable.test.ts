import { multiaddrConnectionPair } from '@libp2p/utils'
import { describe, expect, test } from 'vitest'
import { Cable, type Delay } from '../../src/swarm/cable.ts'

/** A cable to one of two connected connections, and the other one with what it received. */
function layCable(out: Delay = () => 0, back: Delay = () => 0) {
  const [near, far] = multiaddrConnectionPair()
  const cable = new Cable({ connection: near, out, back })
  const received: number[] = []
  const { promise: closed, resolve: close } = Promise.withResolvers<void>()
  far.addEventListener('message', ({ data }) => void received.push(...data.subarray()))
  far.addEventListener('close', () => close())
  return { cable, far, received, closed }
}

const closeOf = (connection: Pick<Cable, 'addEventListener'>): Promise<Error | undefined> =>
  new Promise((resolve) => connection.addEventListener('close', ({ error }) => resolve(error)))

describe('a cable', () => {
  test('brings everything over in order, whatever each piece takes, and closes after it', async () => {
    const delays = [20, 0, 5, 0.4, 0]
    const { cable, received, closed } = layCable(() => delays.shift() ?? 0)
    for (let byte = 1; byte <= 5; byte++) cable.send(Uint8Array.of(byte))
    expect(received).toEqual([])
    await cable.close()
    await closed
    expect(received).toEqual([1, 2, 3, 4, 5])
  })

  test('asks for each piece once, by its bytes, in each direction', async () => {
    const [out, back]: number[][] = [[], []]
    const { cable, far } = layCable((bytes) => out!.push(bytes), (bytes) => back!.push(bytes))
    const answer = Promise.withResolvers<Uint8Array>()
    cable.addEventListener('message', ({ data }) => answer.resolve(data.subarray()))
    far.addEventListener('message', () => far.send(new Uint8Array(7)))
    cable.send(new Uint8Array(3))
    expect(await answer.promise).toEqual(new Uint8Array(7))
    expect([out, back]).toEqual([[3], [7]])
    cable.abort(new Error('enough'))
  })

  test('what comes in is handed on after its delay, the end last', async () => {
    const { cable, far } = layCable(() => 0, (bytes) => (bytes === 0 ? 0 : 15))
    const heard: string[] = []
    cable.addEventListener('message', ({ data }) => heard.push(String(data.byteLength)))
    const closed = closeOf(cable).then(() => heard.push('closed'))
    far.send(new Uint8Array(2))
    await far.close()
    await closed
    expect(heard).toEqual(['2', 'closed'])
  })

  test('a reset of the other side resets it, and its own abort the other side, with what was under way dropped', async () => {
    const reset = layCable()
    const error = closeOf(reset.cable)
    reset.far.abort(new Error('pulled'))
    expect(await error).toBeInstanceOf(Error)
    expect(reset.cable.status).toBe('reset')
    const { cable, received, closed } = layCable(() => 10_000)
    cable.send(Uint8Array.of(1))
    cable.abort(new Error('cut'))
    await closed
    expect(received).toEqual([])
  })

  test('lets its sender wait while much is under way, and go on when it is over', async () => {
    const { cable, received } = layCable(() => 5)
    expect(cable.send(new Uint8Array(200_000))).toBe(true)
    expect(cable.send(new Uint8Array(200_000))).toBe(false)
    await cable.onDrain()
    expect(received.length).toBeGreaterThan(0)
    cable.abort(new Error('enough'))
  })

  test('loses what is sent over a cut link', async () => {
    let isCut = true
    const { cable, received, closed } = layCable(() => (isCut ? Infinity : 0))
    cable.send(Uint8Array.of(1))
    isCut = false
    cable.send(Uint8Array.of(2))
    await cable.close()
    await closed
    expect(received).toEqual([2])
  })

  test('waits with closing no longer than it is told to', async () => {
    const { cable } = layCable(() => 10_000)
    cable.send(Uint8Array.of(1))
    await expect(cable.close({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
    cable.abort(new Error('enough'))
  })
})
