/** The pool on a node's real wiring: it expires, it outlives the node, and it reaches peers that come later. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { createNode, type Node } from '../../src/node/node.ts'
import type { NodeOptions } from '../../src/node/options.ts'
import { createManualClock } from '../support/manual-clock.ts'

const BOB = new Uint8Array(32).fill(7)
const LIMIT_MS = 15_000

function folder(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'cairn-pending-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true }))
  return dataDir
}

async function start(options: NodeOptions = {}): Promise<Node> {
  const node = createNode({ network: 'local', transport: 'memory', threads: 1, ...options })
  await node.start()
  onTestFinished(() => node.stop())
  return node
}

test('a node’s pool drops what has waited for three hours', async () => {
  const clock = createManualClock(Date.now())
  const node = await start({ clock })
  await node.mine(1)
  node.send({ recipient: BOB, amount: 1 })
  clock.advance(3 * 3_600_000)
  expect(node.mempool.size).toBe(1)
  clock.advance(2 * 60_000)
  expect(node.mempool.size).toBe(0)
})

test('a payment that was made with no peer reaches one that joins later', async () => {
  const node = await start()
  await node.mine(1)
  const { id } = node.send({ recipient: BOB, amount: 1 })
  const peer = await start()
  await peer.network.dial(node.network.addresses[0]!)
  await peer.untilTransaction(id, AbortSignal.timeout(LIMIT_MS))
  expect(peer.mempool.get(id)).toMatchObject({ local: false })
})

test('also after a restart, and it can be mined there', async () => {
  const dataDir = folder()
  const node = await start({ dataDir })
  await node.mine(1)
  const { id, receivedAt } = node.send({ recipient: BOB, amount: 1 })
  await node.stop()
  await node.start()
  expect(node.mempool.get(id)).toMatchObject({ local: true, ready: true, receivedAt })
  expect(node.send({ recipient: BOB, amount: 1 }).transaction.nonce).toBe(1)
  const peer = await start()
  await peer.network.dial(node.network.addresses[0]!)
  await peer.untilTransaction(id, AbortSignal.timeout(LIMIT_MS))
  await peer.mine(1)
  expect(peer.chain.transaction(id)).toMatchObject({ height: 2 })
})

test('a payment is on the disk when send returns', async () => {
  const dataDir = folder()
  const node = await start({ dataDir })
  await node.mine(1)
  const { id } = node.send({ recipient: BOB, amount: 1 })
  const sqlite = new DatabaseSync(join(dataDir, 'chain.sqlite'), { readOnly: true })
  expect(sqlite.prepare('SELECT lower(hex(hash)) AS id, local FROM pending').all()).toEqual([{ id, local: 1 }])
  sqlite.close()
})

test('a node may ask for a least fee', async () => {
  const node = await start({ minFee: 2 })
  await node.mine(1)
  expect(() => node.send({ recipient: BOB, amount: 1, fee: 1 })).toThrow(expect.objectContaining({ code: 'transaction-fee-too-low' }))
  expect(node.send({ recipient: BOB, amount: 1, fee: 2 }).transaction.nonce).toBe(0)
})

test('when a transaction will be mined: by its place in the queue and the pace of the chain', async () => {
  const clock = createManualClock(Date.now())
  const node = await start({ clock })
  expect(node.waits.blockTimeMs()).toBe(node.params.targetBlockTimeMs)
  for (let count = 0; count < 3; count++) {
    clock.advance(4_000)
    await node.mine(1)
  }
  clock.advance(8_000)
  // From the first block to now, over the intervals between the blocks.
  const { timestamp } = node.chain.record(node.chain.hashAt(1)!)!.header
  const ms = Math.round((clock.now() - timestamp) / (node.chain.tip.height - 1))
  expect(node.waits.blockTimeMs()).toBe(ms)
  const { id } = node.send({ recipient: BOB, amount: 1 })
  expect(node.waits.of(id)).toEqual({ blocks: 1, ms })
  expect(node.waits.ofFee(0)).toEqual({ blocks: 1, ms })
  expect(node.waits.nextBlockFee()).toBe(0)
  expect(node.waits.of('00'.repeat(32))).toBeUndefined()
})
