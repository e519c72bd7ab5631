/** Payments one after the other: each gets the nonce after the one before, whatever happens to the chain and the node. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { createNode, type Node } from '../../src/node/node.ts'
import { serve } from './serve.ts'

const CAROL = toAddress(new Uint8Array(32).fill(7))

test('twenty in a row are twenty nonces, more than a block may take at once, and all are mined', async () => {
  await using served = await serve()
  const { client, node } = served
  await client.mineBlocks(1)
  const sent = []
  for (let count = 0; count < 20; count++) sent.push(await client.send({ recipient: CAROL, amount: 1 }))
  expect(sent.map(({ nonce }) => nonce)).toEqual(Array.from({ length: 20 }, (_each, nonce) => nonce))
  expect(await client.account(node.wallet.default.address)).toMatchObject({ balance: 50, pending: -20, spendable: 30 })
  await expect(client.send({ recipient: CAROL, amount: 31 })).rejects.toMatchObject({ code: 'transaction-insufficient-balance' })
  await client.mineBlocks(2)
  expect(await client.account(CAROL)).toMatchObject({ balance: 20 })
  expect(await client.send({ recipient: CAROL, amount: 1 })).toMatchObject({ nonce: 20 })
})

test('after a restart the chain says which nonce is next, and payments are mined', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cairn-nonces-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true }))
  {
    await using served = await serve({ dataDir })
    await served.client.mineBlocks(1)
    await served.client.send({ recipient: CAROL, amount: 1 })
    await served.client.mineBlocks(1)
    await served.client.send({ recipient: CAROL, amount: 2 }) // pending when it stops
  }
  await using served = await serve({ dataDir })
  const { client, node } = served
  const kept = node.mempool.size
  expect(await client.send({ recipient: CAROL, amount: 4 })).toMatchObject({ nonce: 1 + kept })
  await client.mineBlocks(1)
  expect(node.mempool.size).toBe(0)
  expect(await client.account(CAROL)).toMatchObject({ balance: 5 + 2 * kept })
})

test('after a reorganisation that took payments out of their block, the next one follows them', async () => {
  await using served = await serve()
  const { client, node } = served
  const other = createNode({ network: 'local', transport: 'memory', threads: 1 })
  await other.start()
  onTestFinished(() => other.stop())
  const copy = async (from: Node, to: Node): Promise<void> => {
    for (let height = to.chain.tip.height - 1; height <= from.chain.tip.height; height++) {
      const block = from.chain.block(from.chain.hashAt(height) ?? '')
      if (block !== undefined && height > 0) await to.chain.add(block, 'gossip')
    }
  }
  await client.mineBlocks(2)
  await copy(node, other)
  await client.send({ recipient: CAROL, amount: 1 })
  await client.send({ recipient: CAROL, amount: 1 })
  await client.mineBlocks(1)
  expect(await client.account(CAROL)).toMatchObject({ balance: 2, pending: 0 })
  await other.mine(2)
  await copy(other, node)
  expect(node.chain.tip.hash).toBe(other.chain.tip.hash)

  expect(await client.account(CAROL)).toMatchObject({ balance: 0, pending: 2 })
  expect(await client.send({ recipient: CAROL, amount: 1 })).toMatchObject({ nonce: 2 })
  await client.mineBlocks(1)
  expect(await client.account(CAROL)).toMatchObject({ balance: 3, pending: 0 })
})
