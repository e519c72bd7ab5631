import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { turn } from '../../src/chain/clock.ts'

test('whoever waits for the same turn goes on step by step with the others', async () => {
  const steps: string[] = []
  const work = async (name: string): Promise<void> => {
    await turn()
    steps.push(`${name} reads`)
    await Promise.resolve()
    steps.push(`${name} writes`)
    await turn()
    steps.push(`${name} ends`)
  }
  const all = Promise.all([work('a'), work('b')])
  await nextTurn()
  expect(steps).toEqual(['a reads', 'b reads', 'a writes', 'b writes'])
  await all
  expect(steps.slice(4)).toEqual(['a ends', 'b ends'])
})

test('a clock of its own has turns of its own', async () => {
  let turns = 0
  await turn({ turn: async () => void (turns += 1) })
  expect(turns).toBe(1)
})
