/** A flood of spam on a real node: its pool stays within its limits, and who pays is mined. (A million: npm run bench -- mempool.) */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { signTransaction } from '../../src/consensus/transaction.ts'
import { type KeyPair, keyPair } from '../../src/consensus/signature.ts'
import { networkParams } from '../../src/consensus/params.ts'
import type { Transaction } from '../../src/consensus/types.ts'
import { DEFAULT_LIMITS } from '../../src/mempool/policy.ts'
import { createNode } from '../../src/node/node.ts'
import { underSpam } from '../support/under-spam.ts'

const { maxTransactions, maxBytes, readyPerSender, gappedPerSender } = DEFAULT_LIMITS

test('20 000 of every kind: the limits hold, and a transaction that pays is mined in two blocks', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cairn-spam-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true }))
  const { verdicts, ...seen } = await underSpam({ count: 20_000, senders: 300, hashes: 2n ** 17n, payments: 5, dataDir })
  expect(Object.values(verdicts).reduce((sum, count) => sum + count, 0)).toBe(20_000)
  expect(Object.keys(verdicts)).toEqual(expect.arrayContaining(['added', 'transaction-insufficient-balance', 'transaction-nonce-gap']))
  expect(seen.mostPending).toBeLessThanOrEqual(maxTransactions)
  expect(seen.mostBytes).toBeLessThanOrEqual(maxBytes)
  expect(seen.mostOfASender).toBeLessThanOrEqual(readyPerSender + gappedPerSender)
  expect(seen.blocksUntilMined.length).toBeGreaterThan(0)
  for (const blocks of seen.blocksUntilMined) expect(blocks).toBeLessThanOrEqual(2)
})

test('a pool that is full to the last place takes who pays more, says what that is, and mines it next', async () => {
  const keysOf = (at: number): KeyPair => keyPair(new Uint8Array(32).fill(1).with(0, at & 255).with(1, at >> 8))
  const senders = Array.from({ length: maxTransactions / readyPerSender }, (_, at) => keysOf(at))
  const [payer, poor] = [keysOf(60_000), keysOf(60_001)]
  const network = {
    ...networkParams('local'),
    allocations: [...senders, payer, poor].map(({ publicKey }) => ({ account: publicKey, amount: 1_000 })),
  }
  const node = createNode({ network, transport: 'memory', threads: 1 })
  await node.start()
  onTestFinished(() => node.stop())
  const { mempool, genesis, waits } = node
  const pay = (keys: KeyPair, nonce: number, fee: number): Transaction =>
    signTransaction({ sender: keys.publicKey, recipient: payer.publicKey, amount: 1, fee, nonce, memo: new Uint8Array(0) }, keys, genesis.hash)
  for (let nonce = 0; nonce < readyPerSender; nonce++) for (const keys of senders) mempool.add(pay(keys, nonce, 1), 'gossip')
  expect([mempool.size, mempool.minimumFee]).toEqual([maxTransactions, 2])
  expect([waits.ofFee(1).blocks, waits.ofFee(2).blocks, waits.nextBlockFee()]).toEqual([4, 1, 2])

  await expect(node.submit(pay(poor, 0, 1))).rejects.toMatchObject({ code: 'mempool-full' })
  const { id } = await node.submit(pay(payer, 0, 2))
  expect([mempool.size, mempool.minimumFee]).toEqual([maxTransactions, 2])
  await node.mine(1)
  expect(node.chain.transaction(id)).toMatchObject({ height: 1, position: 0 })
  // There is room again, and what was pushed out would still be pushed out next.
  expect(mempool.size).toBeLessThan(maxTransactions)
  await expect(node.submit(pay(poor, 0, 1))).rejects.toMatchObject({ code: 'transaction-fee-too-low' })
})
