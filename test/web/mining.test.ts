import { expect, test } from 'vitest'
import { networkParams, subsidyAt } from '../../src/consensus/params.ts'
import { ApiFailure, type Client } from '../../src/http/client.ts'
import { ancestorsOf } from '../../src/web/ancestors.ts'
import { applyEvents } from '../../src/web/apply-events.ts'
import { newCoinsAt } from '../../src/web/coins.ts'
import { createState } from '../../src/web/state.ts'
import { hashOf, line } from './summaries.ts'

test('the new coins of a block are what the rules issue', () => {
  const params = { ...networkParams('lan'), subsidy: 53, halvingInterval: 10 }
  for (const height of [1, 9, 10, 19, 20, 59, 60, 1_000]) expect(newCoinsAt(height, params), String(height)).toBe(subsidyAt(height, params))
})

test('what the node measures is kept, to be drawn', () => {
  const state = createState(null)
  const progress = { running: true, waiting: false, hashRate: 5, threads: 1, cpu: 100, expectedMs: null }
  applyEvents(state, [{ event: 'mining:progress', data: progress }], 1_000)
  applyEvents(state, [{ event: 'mining:progress', data: { ...progress, hashRate: 7 } }], 2_000)
  expect(state.rates.value).toEqual([{ at: 1_000, hashRate: 5 }, { at: 2_000, hashRate: 7 }])
})

test('a parent is looked up in what the page holds, else at the node, which may not have it', async () => {
  const [genesis, a1, a2] = line('a', 2)
  const asked: string[] = []
  // The one call that is made.
  const client = {
    block: (hash: string) => {
      asked.push(hash)
      return hash === hashOf('a1') ? Promise.resolve(a1) : Promise.reject(new ApiFailure('block-not-found', 'not here', 404))
    },
  } as unknown as Client
  const { signal } = new AbortController()
  const view = { best: [a2!], side: new Map([[genesis!.hash, { block: genesis!, leftFor: null }]]) }
  expect(await ancestorsOf(hashOf('a2'), view, client, signal)).toEqual({
    height: 2, bits: 0x1e100000, timestamp: a2!.timestamp, parentTimestamp: a1!.timestamp,
  })
  expect(asked).toEqual([hashOf('a1')])
  expect(await ancestorsOf(genesis!.hash, view, client, signal)).toMatchObject({ height: 0, timestamp: genesis!.timestamp })
  expect(await ancestorsOf(hashOf('nobody'), view, client, signal)).toBe('unknown')
  const lost = { block: () => Promise.reject(new ApiFailure('node-unreachable', 'gone', 0)) } as unknown as Client // as above
  await expect(ancestorsOf(hashOf('b1'), view, lost, signal)).rejects.toThrow('gone')
})
