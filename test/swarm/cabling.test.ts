import { describe, expect, test } from 'vitest'
import { Cabling } from '../../src/swarm/cabling.ts'
import { Random } from '../../src/swarm/random.ts'
import type { Edge } from '../../src/swarm/topology.ts'
import { createManualClock } from '../support/manual-clock.ts'

/** Two or three nodes that write down who dials whom, and answer as they are told. */
function cablingOf(edges: Edge[], answer: (attempt: number) => Promise<unknown> = async () => {}, random?: Random) {
  const clock = createManualClock(0)
  const dialled: string[] = []
  const cut = new Set<string>()
  const away = new Set<number>()
  const node = (at: number) => ({
    running: !away.has(at),
    network: {
      addresses: [`/memory/${at}`],
      dial: (address: string) => answer(dialled.push(`${at} ${address}`)) as Promise<never>, // what it gives is not looked at
    },
  })
  const running = (): number[] => [...new Set(edges.flat())].filter((at) => !away.has(at))
  const cabling = new Cabling({ clock, node, running, links: { isCut: (a, b) => cut.has(`${a}-${b}`) || cut.has(`${b}-${a}`) } }, edges, random)
  return { cabling, clock, dialled, cut, away }
}

/** Lets what was promised follow from what has happened. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a swarm’s cabling', () => {
  test('the greater number dials, along every edge whose link is whole and whose nodes run', async () => {
    const { cabling, dialled, cut, away } = cablingOf([[0, 1], [0, 2], [1, 2], [2, 3]])
    cut.add('0-2')
    away.add(3)
    await cabling.connect()
    expect(dialled).toEqual(['1 /memory/0', '2 /memory/1'])
    cut.clear()
    await cabling.connect(0)
    expect(dialled.slice(2)).toEqual(['1 /memory/0', '2 /memory/0'])
  })

  test('what fails is tried again after waits that double, and is told after the third time', async () => {
    const { cabling, clock, dialled } = cablingOf([[0, 1]], async (attempt) => {
      if (attempt < 5) throw new Error('nobody there')
    })
    const outcome = cabling.connect().catch((error: Error) => error)
    for (const [waitMs, dials] of [[249, 1], [1, 2], [499, 2], [1, 3]] as const) {
      await settle()
      clock.advance(waitMs)
      await settle()
      expect(dialled).toHaveLength(dials)
    }
    expect(String(await outcome)).toBe(
      'NotConnectedError: nodes 0 and 1 could not connect (nobody there): a handshake may take two seconds, so lower latencyMs, jitterMs or loss, or give more bytesPerSecond',
    )
    for (const waitMs of [1_000, 2_000, 4_000]) {
      clock.advance(waitMs)
      await settle()
    }
    expect(dialled).toHaveLength(5) // the last of them worked
  })

  test('a connection that is lost is made again, unless its link is cut or its node is away', async () => {
    const { cabling, dialled, cut, away } = cablingOf([[0, 1], [1, 2]])
    cut.add('0-1')
    cabling.lost([0, 1])
    cabling.lost([0, 2]) // no edge
    await settle()
    expect(dialled).toEqual([])
    cut.clear()
    cabling.lost([0, 1])
    away.add(2)
    cabling.lost([1, 2])
    await settle()
    expect(dialled).toEqual(['1 /memory/0'])
  })

  test('whoever waits hears of the signal, which ends no attempt', async () => {
    const { cabling, dialled } = cablingOf([[0, 1]], () => new Promise(() => {}))
    const reason = new Error('enough')
    await expect(cabling.connect(undefined, AbortSignal.abort(reason))).rejects.toBe(reason)
    const controller = new AbortController()
    const waiting = cabling.connect(undefined, controller.signal)
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    expect(dialled).toEqual(['1 /memory/0'])
  })

  test('whoever asks while the next attempt is waited for has it at once, and three attempts more', async () => {
    let isThere = false
    const { cabling, clock, dialled } = cablingOf([[0, 1]], async () => {
      if (!isThere) throw new Error('nobody there')
    })
    const first = cabling.connect().catch((error: Error) => error.message)
    for (const waitMs of [0, 250, 500]) {
      clock.advance(waitMs)
      await settle()
    }
    expect(await first).toContain('nodes 0 and 1 could not connect')
    const second = cabling.connect()
    await settle()
    expect(dialled).toHaveLength(4)
    isThere = true
    clock.advance(250)
    await second
    expect(dialled).toHaveLength(5)
  })

  test('a cut or a stop leaves nothing to wait for', async () => {
    for (const end of ['cut', 'stop']) {
      const { cabling, clock, cut } = cablingOf([[0, 1]], async () => { throw new Error('nobody there') })
      const waiting = cabling.connect()
      await settle()
      if (end === 'stop') cabling.stop()
      else cut.add('0-1')
      clock.advance(250)
      await waiting
    }
  })

  test('nodes that are left with no way to each other get one that stays, the same by the seed; as given, they do not', async () => {
    const line: Edge[] = [[0, 1], [1, 2]]
    const given = cablingOf(line)
    given.away.add(1)
    await given.cabling.bridge()
    expect([given.cabling.edges, given.dialled]).toEqual([line, []])

    const { cabling, dialled, away, cut } = cablingOf(line, undefined, new Random(7))
    await cabling.bridge()
    expect(cabling.edges, 'all have a way').toEqual(line)
    away.add(1)
    cut.add('0-2')
    await cabling.bridge()
    expect(cabling.edges, 'they do not see each other').toEqual(line)
    cut.clear()
    await cabling.connect(0)
    expect([cabling.edges, dialled]).toEqual([[...line, [0, 2]], ['2 /memory/0']])
    away.clear()
    await cabling.connect()
    expect(cabling.edges).toEqual([...line, [0, 2]])

    const later = cablingOf(line, undefined, new Random(7))
    later.cabling.asGiven()
    later.away.add(1)
    await later.cabling.connect()
    expect(later.cabling.edges).toEqual(line)
  })

  test('whoever asks for bridges waits until they stand, also those that somebody else’s asking added', async () => {
    const dial = Promise.withResolvers<void>()
    const { cabling, away } = cablingOf([[0, 1], [1, 2]], () => dial.promise, new Random(7))
    away.add(1)
    let stands = 0
    const waits = [cabling.bridge(), cabling.bridge()].map((bridge) => bridge.then(() => (stands += 1)))
    await settle()
    expect(stands).toBe(0)
    dial.resolve()
    await Promise.all(waits)
  })
})
