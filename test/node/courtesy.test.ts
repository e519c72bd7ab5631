/** Rests in a row of blocks, for whoever asks meanwhile, on a clock that only the test moves. */
import { expect, test } from 'vitest'
import { Courtesy } from '../../src/node/courtesy.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { openChain } from '../support/chain.ts'
import { createManualClock } from '../support/manual-clock.ts'

test('nobody has asked: nothing is waited for', async () => {
  const clock = createManualClock(0)
  await new Courtesy(clock).rest()
  expect(clock.pending).toBe(0)
})

test('after a request each rest takes five milliseconds, until nobody has asked for a tenth of a second', async () => {
  const clock = createManualClock(0)
  const courtesy = new Courtesy(clock)
  courtesy.asked()
  for (let block = 0; block < 20; block++) {
    const rest = courtesy.rest()
    expect(clock.pending).toBe(1)
    clock.advance(4)
    expect(clock.pending).toBe(1)
    clock.advance(1)
    await rest
  }
  clock.advance(1)
  await courtesy.rest()
  expect(clock.pending).toBe(0)
  courtesy.asked()
  void courtesy.rest()
  expect(clock.pending).toBe(1)
})

test('a clock that is set back makes nobody wait', async () => {
  let now = 10_000
  const courtesy = new Courtesy({ now: () => now, after: () => expect.fail('waited') })
  courtesy.asked()
  now = 0
  await courtesy.rest()
})

test.each([['sync', 1], ['store', 1], ['gossip', 0], ['local', 0]] as const)('the chain rests after a block of %s: %i', async (origin, rests) => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 2)
  let resting = 0
  let over = (): void => {}
  const node = openChain(blocks, {
    rest: () => {
      resting += 1
      return new Promise((resolve) => (over = resolve))
    },
  })
  const both = [node.add('a1', origin), node.add('a2', origin)]
  if (rests === 0) expect(await Promise.all(both)).toEqual(['connected', 'connected'])
  else {
    await expect.poll(() => resting).toBe(1)
    expect(node.tip()).toBe('a1') // it is there before the rest, and the next one waits
    over()
    await expect.poll(() => resting).toBe(2)
    over()
    expect(await Promise.all(both)).toEqual(['connected', 'connected'])
  }
  expect(resting).toBe(2 * rests)
})
