/** Empty blocks one on the other, mined by all threads once and kept for the next run. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { bodyRoot } from '../../../src/consensus/block.ts'
import { genesisOf } from '../../../src/consensus/genesis.ts'
import { blockHash } from '../../../src/consensus/header.ts'
import { fromHex, toHex } from '../../../src/consensus/hex.ts'
import type { NetworkParams } from '../../../src/consensus/params.ts'
import { fromCompact } from '../../../src/consensus/target.ts'
import { type Block, decodeBlock, encodeBlock, encodeHeader } from '../../../src/consensus/types.ts'
import { WorkerPool } from '../../../src/mining/pool.ts'
import { keepFolder } from '../chain/fixture.ts'

/** @param params whose difficulty never changes */
export async function tipsOf(params: NetworkParams, count: number): Promise<Block[]> {
  const genesis = genesisOf(params)
  const path = join(keepFolder(), `tips-${genesis.id}-${count}.txt`)
  if (!existsSync(path)) {
    const blocks = await mineTips(params, genesis.hash, count)
    writeFileSync(`${path}.new`, blocks.map((block) => toHex(encodeBlock(block))).join('\n'))
    renameSync(`${path}.new`, path)
  }
  return readFileSync(path, 'utf8').split('\n').map((line) => decodeBlock(fromHex(line)))
}

async function mineTips(params: NetworkParams, genesisHash: Uint8Array, count: number): Promise<Block[]> {
  const pool = new WorkerPool(availableParallelism(), 100)
  const body = { miner: new Uint8Array(32).fill(9), transactions: [] }
  const blocks: Block[] = []
  let parent = genesisHash
  for (let height = 1; height <= count; height++) {
    const timestamp = params.genesisTimestamp + height
    const header = { version: 1, height, parent, bodyRoot: bodyRoot(body), timestamp, bits: params.initialBits, nonce: 0 }
    header.nonce = (await pool.search(encodeHeader(header), fromCompact(header.bits).target)) ?? 0
    blocks.push({ header, body })
    parent = blockHash(header)
  }
  await pool.stop()
  return blocks
}
