import { expect, test } from 'vitest'
import { RuleError } from '../../src/consensus/errors.ts'
import type { Block } from '../../src/consensus/types.ts'
import type { AddResult } from '../../src/chain/chain.ts'
import { addBlocks, type NextBlock } from '../../src/node/add-blocks.ts'
import { createBlockBuilder } from '../support/blocks.ts'

const blocks = createBlockBuilder()
blocks.blocks('a', 'genesis', 40)
const all: NextBlock[] = blocks.path('a40').map(({ height, block }) => ({ height, block, bytes: 140 }))

/** A chain that answers when it is told to, or as `judge` says, and counts what it has in hand. */
function fakeChain(judge: (height: number) => Promise<AddResult>) {
  const seen = { adding: 0, most: 0, heights: [] as number[] }
  const add = async ({ header: { height } }: Block): Promise<AddResult> => {
    seen.heights.push(height)
    seen.most = Math.max(seen.most, (seen.adding += 1))
    try {
      return await judge(height)
    } finally {
      seen.adding -= 1
    }
  }
  return { add, seen }
}

const connected = async (): Promise<AddResult> => ({ hash: '', outcome: 'connected' })

test('adds in order with several in flight, and no more than fit', async () => {
  const held: (() => void)[] = []
  const { add, seen } = fakeChain(async () => {
    await new Promise<void>((resolve) => {
      held.push(resolve)
      if (held.length >= 16) for (const release of held) release()
    })
    return connected()
  })
  const heights: number[] = []
  await addBlocks({ add }, all, ({ header: { height } }) => heights.push(height))
  expect(heights).toEqual(all.map(({ height }) => height))
  expect(seen.most).toBeGreaterThanOrEqual(16)
  expect(seen.most).toBeLessThanOrEqual(17)

  const large = fakeChain(connected)
  await addBlocks(large, all.map((next) => ({ ...next, bytes: 10 * 1_048_576 })), () => {})
  expect(large.seen.most).toBeLessThanOrEqual(3)
})

test('ends at the first block that is refused, by its height; those before it are told', async () => {
  const { add } = fakeChain(async (height) => {
    if (height === 5) throw new RuleError('block-bad-pow', 'above the target')
    if (height > 5) throw new RuleError('block-invalid-parent', 'its parent was refused')
    return connected()
  })
  const heights: number[] = []
  await expect(addBlocks({ add }, all, ({ header: { height } }) => heights.push(height))).rejects.toMatchObject({
    name: 'BlockRefused', height: 5, code: 'block-bad-pow', message: 'block-bad-pow: above the target',
  })
  expect(heights).toEqual([1, 2, 3, 4])
})

test('a block that waits is refused too, and says what to do', async () => {
  const cases = [['block-too-early', 'set the clock'], ['block-unknown-parent', 'its parent is not the block before it']] as const
  for (const [code, what] of cases) {
    const { add } = fakeChain(async () => ({ hash: '', outcome: 'waiting', code }))
    const refused = { height: 1, code, message: expect.stringContaining(what) }
    await expect(addBlocks({ add }, all, () => {})).rejects.toMatchObject(refused)
  }
})

test('what the row fails with comes after the blocks before it, whose faults are earlier', async () => {
  const failing = function* (): Iterable<NextBlock> {
    yield* all.slice(0, 3)
    throw new Error('cut')
  }
  const heights: number[] = []
  const told = ({ header: { height } }: Block): number => heights.push(height)
  await expect(addBlocks(fakeChain(connected), failing(), told)).rejects.toThrow('cut')
  expect(heights).toEqual([1, 2, 3])
  const refusing = fakeChain(async (height) => {
    if (height === 2) throw new RuleError('block-bad-pow', 'above the target')
    return connected()
  })
  await expect(addBlocks(refusing, failing(), () => {})).rejects.toMatchObject({ height: 2, code: 'block-bad-pow' })
})

test('any other failure passes as it is', async () => {
  const full = new Error('the disk is full')
  await expect(addBlocks(fakeChain(() => Promise.reject(full)), all, () => {})).rejects.toBe(full)
})

test('sockets get their turn between two blocks', async () => {
  let turns = 0
  const turnsBefore: number[] = []
  const row = function* (): Iterable<NextBlock> {
    for (const next of all) {
      turnsBefore.push(turns)
      setImmediate(() => (turns += 1))
      yield next
    }
  }
  await addBlocks(fakeChain(connected), row(), () => {})
  expect(turnsBefore).toEqual(all.map((_, at) => at))
})
