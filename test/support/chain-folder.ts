/** A small chain with everything on it, in a data folder; and refusals as tests compare them. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { parseParams } from '../../src/consensus/params.ts'
import { type BlockBuilder, createBlockBuilder } from './blocks.ts'
import { openChain } from './chain.ts'

/** Of a network that is more than its name. */
const CLUB = parseParams({ name: 'club', initialBits: 0x207f_ffff, limitBits: 0x207f_ffff, halfLifeBlocks: 0 })

/**
 *   genesis ── a1 ── a2 ── … ── a8      the best chain: 22 transactions
 *                └── b2                 a side branch
 */
export function clubBlocks(): BlockBuilder {
  const blocks = createBlockBuilder({ params: CLUB, funds: { alice: 1_000, bob: 10 } })
  blocks.block('a1', 'genesis', { transactions: [{ from: 'alice', to: 'bob', amount: 5, fee: 1, memo: 'für Bob' }] })
  blocks.block('b2', 'a1')
  for (let height = 2; height <= 8; height++) {
    blocks.block(`a${height}`, `a${height - 1}`, {
      miner: height % 2 === 0 ? 'miner' : 'carol',
      transactions: [
        { from: 'alice', to: 'bob', amount: height },
        { from: 'bob', to: `new${height}`, amount: 1, fee: 1 },
        { from: 'alice', to: 'alice', amount: 3 },
      ],
    })
  }
  return blocks
}

/** In order of arrival. */
export const CLUB_NAMES = ['a1', 'b2', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8']

export const chainOf = (dataDir: string): string => join(dataDir, 'chain.sqlite')

/** Makes a data folder that holds the named blocks; returns its path. */
export async function fill(dataDir: string, blocks: BlockBuilder, names: readonly string[]): Promise<string> {
  mkdirSync(dataDir, { recursive: true })
  const node = openChain(blocks, { path: chainOf(dataDir) })
  await node.addAll(...names)
  await node.stop()
  return dataDir
}

/** Code and message of what a promise rejects with; the message is one line. */
export async function refusal(work: Promise<unknown>): Promise<{ code: unknown; message: string }> {
  const error = await work.then(
    () => { throw new Error('nothing was refused') },
    (reason: unknown) => reason,
  )
  if (!(error instanceof Error) || !('code' in error)) throw error
  expect(error.message).toMatch(/^[^\n]+$/)
  return { code: error.code, message: error.message }
}
