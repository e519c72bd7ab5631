import { expect, test } from 'vitest'
import { type Candidate, WAITING_ROOM_LIMITS, WaitingRoom, type WaitingRoomLimits } from '../../src/chain/waiting-room.ts'
import { encodeBlock } from '../../src/consensus/types.ts'
import { createBlockBuilder } from '../support/blocks.ts'

const blocks = createBlockBuilder({ seed: 3 })
blocks.blocks('a', 'genesis', 8)
const candidate = (name: string): Candidate => ({ hash: blocks.get(name).hex, block: blocks.get(name).block, origin: 'gossip' })
const hashOf = (name: string): string => blocks.get(name).hex
const hashes = (candidates: Candidate[]): string[] => candidates.map(({ hash }) => hash)
const BYTES = encodeBlock(blocks.get('a1').block).length

const room = (limits: Partial<WaitingRoomLimits> = {}): WaitingRoom => new WaitingRoom({ ...WAITING_ROOM_LIMITS, ...limits })

test('orphans come out with their parent, all of them, as they went in', () => {
  const waiting = room()
  waiting.add(candidate('a2'), { parent: 'p' })
  waiting.add(candidate('a3'), { parent: 'p' })
  waiting.add(candidate('a4'), { parent: 'q' })
  expect(waiting.takeChildren('unknown')).toEqual([])
  expect(waiting.takeChildren('p')).toEqual([candidate('a2'), candidate('a3')])
  expect(waiting.takeChildren('p')).toEqual([])
  expect(hashes(waiting.takeChildren('q'))).toEqual([hashOf('a4')])
  expect([waiting.size, waiting.bytes]).toEqual([0, 0])
})

test('early blocks come out at their time, earliest first', () => {
  const waiting = room()
  waiting.add(candidate('a3'), { time: 300 })
  waiting.add(candidate('a1'), { time: 100 })
  waiting.add(candidate('a2'), { time: 200 })
  waiting.add(candidate('a4'), { parent: 'p' })
  expect(waiting.nextDue()).toBe(100)
  expect(waiting.takeDue(99)).toEqual([])
  expect(hashes(waiting.takeDue(200))).toEqual([hashOf('a1'), hashOf('a2')])
  expect(waiting.nextDue()).toBe(300)
  expect(hashes(waiting.takeDue(1_000))).toEqual([hashOf('a3')])
  expect(waiting.nextDue()).toBeUndefined()
  expect(waiting.size).toBe(1)
})

test('too many blocks: whoever has waited longest makes way', () => {
  const waiting = room({ maxBlocks: 2 })
  waiting.add(candidate('a1'), { parent: 'p' })
  waiting.add(candidate('a2'), { time: 5 })
  waiting.add(candidate('a3'), { parent: 'p' })
  expect(waiting.size).toBe(2)
  expect(waiting.waitsFor(hashOf('a1'))).toBeUndefined()
  expect(waiting.waitsFor(hashOf('a2'))).toEqual({ time: 5 })
  expect(hashes(waiting.takeChildren('p'))).toEqual([hashOf('a3')])
})

test('too many bytes: the same', () => {
  const waiting = room({ maxBytes: 3 * BYTES })
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) waiting.add(candidate(name), { parent: 'p' })
  expect(waiting.bytes).toBe(3 * BYTES)
  expect(hashes(waiting.takeChildren('p'))).toEqual([hashOf('a3'), hashOf('a4'), hashOf('a5')])
})

test('a block larger than the room is not kept, and sends nobody away', () => {
  const waiting = room({ maxBytes: BYTES + 1 })
  waiting.add(candidate('a1'), { parent: 'p' })
  blocks.block('large', 'a1', { transactions: [{ from: 'nobody', to: 'anybody', amount: 1 }] })
  waiting.add(candidate('large'), { parent: 'p' })
  expect(hashes(waiting.takeChildren('p'))).toEqual([hashOf('a1')])
})
