/** Anyone may open a node's file with any SQLite tool while the node runs: it neither waits for them nor they for it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createBlockBuilder } from '../support/blocks.ts'
import { openChain } from '../support/chain.ts'

interface Reading {
  height: number
  /** Of all balances. */
  sum: number
  transactions: number
  ok: string
}

test('another process reads whole blocks and nothing in between, while blocks are added and the chain reorganises', async () => {
  //   genesis ─ a1 ─ … ─ a20 ─ … ─ a60
  //                       └─ b21 ─ … ─ b61
  const blocks = createBlockBuilder({ seed: 1, funds: { alice: 100_000 } })
  const transactions = Array.from({ length: 5 }, () => ({ from: 'alice', to: 'bob', amount: 1, fee: 1 }))
  blocks.blocks('a', 'genesis', 60, { transactions })
  for (let i = 21; i <= 61; i++) blocks.block(`b${i}`, i === 21 ? 'a20' : `b${i - 1}`, { miner: 'bob', transactions })

  const folder = mkdtempSync(join(tmpdir(), 'cairn-readers-'))
  const path = join(folder, 'chain.sqlite')
  const node = openChain(blocks, { path })
  await node.add('a1')
  const reader = spawn(process.execPath, [fileURLToPath(new URL('./reader.ts', import.meta.url)), path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const readings: Reading[] = []
  const lines = createInterface({ input: reader.stdout })
  lines.on('line', (line) => readings.push(JSON.parse(line) as Reading)) // what reader.ts prints
  await once(lines, 'line')

  const names = [...blocks.path('a60').slice(1), ...blocks.path('b61').slice(20)].map(({ name }) => name)
  for (const name of names) expect(await node.add(name)).toMatch(/^(connected|side-branch|reorganised)$/)
  // It has seen the last block too when it has read once more from now on.
  while (readings.at(-1)?.height !== 61) await once(lines, 'line')
  reader.stdin.end()
  await once(reader, 'close')

  expect(new Set(readings.map(({ ok }) => ok))).toEqual(new Set(['ok']))
  for (const { height, sum, transactions } of readings) {
    expect(sum, `balances at height ${height}`).toBe(100_000 + 50 * height)
    expect(transactions, `transactions at height ${height}`).toBe(5 * height)
  }
  expect(new Set(readings.map(({ height }) => height)).size).toBeGreaterThan(3)
  expect(readings.some(({ height }) => height > 1 && height < 60)).toBe(true)
  await node.stop()
  rmSync(folder, { recursive: true })
})
