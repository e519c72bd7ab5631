/** What the chain does when something that is no block goes wrong: the disk, a listener, the end of the day. */
import { expect, test } from 'vitest'
import type { Batch, Store } from '../../src/chain/store.ts'
import { type BlockBuilder, createBlockBuilder } from '../support/blocks.ts'
import { memoryPath, openChain } from '../support/chain.ts'
import { dumpOf } from '../support/dump.ts'
import { SqliteStore } from '../../src/storage/sqlite-store.ts'

/** A store whose writes fail at the very end, while `broken` says so: all is done and nothing is committed. */
function breakable(store: SqliteStore): { store: Store; breakIt(broken: boolean): void } {
  let broken = false
  const write = <T>(work: (batch: Batch) => T): T =>
    store.write((batch) => {
      const result = work(batch)
      if (broken) throw new Error('disk full')
      return result
    })
  return {
    store: {
      headers: () => store.headers(),
      tip: () => store.tip(),
      header: (hash) => store.header(hash),
      bestHeaders: (from, limit) => store.bestHeaders(from, limit),
      block: (hash) => store.block(hash),
      encodedBody: (hash) => store.encodedBody(hash),
      account: (account) => store.account(account),
      readAccounts: (accounts) => store.readAccounts(accounts),
      accountBefore: (hash, account) => store.accountBefore(hash, account),
      transaction: (id) => store.transaction(id),
      history: (account, page) => store.history(account, page),
      write,
    },
    breakIt: (now) => (broken = now),
  }
}

const forks = (seed: number): BlockBuilder => {
  //   genesis ─ a1 ─┬─ a2
  //                 └─ b2 ─ b3
  const blocks = createBlockBuilder({ seed, funds: { alice: 100 } })
  blocks.blocks('a', 'genesis', 2, { transactions: [{ from: 'alice', to: 'bob', amount: 1 }] })
  blocks.block('b2', 'a1', { miner: 'bob', transactions: [{ from: 'alice', to: 'carol', amount: 2 }] })
  blocks.block('b3', 'b2', { miner: 'bob' })
  return blocks
}

test.for([
  ['extending the tip', ['a1'], 'a2'],
  ['storing a side branch', ['a1', 'a2'], 'b2'],
  ['reorganising', ['a1', 'a2', 'b2'], 'b3'],
] as const)('a disk that fails while %s: tip, memory and disk stay, and it works later', async ([, before, next]) => {
  const blocks = forks(1)
  const path = memoryPath()
  const { store, breakIt } = breakable(SqliteStore.open(path, blocks.params))
  const node = openChain(blocks, { path, store })
  await node.addAll(...before)
  const tip = node.tip()
  const dump = dumpOf(path)
  node.heard()

  breakIt(true)
  await expect(node.add(next)).rejects.toThrow('disk full')
  expect(node.tip()).toBe(tip)
  expect(node.chain.has(blocks.get(next).hex)).toBe(false)
  expect(dumpOf(path)).toEqual(dump)
  expect(node.heard()).toEqual([])

  breakIt(false)
  expect(await node.add(next)).not.toBe('known')
  expect(node.chain.has(blocks.get(next).hex)).toBe(true)
})

test('a disk that fails while an invalid branch is forgotten: the tip stays, and it is forgotten later', async () => {
  const blocks = forks(2)
  blocks.block('c2', 'a1', { transactions: [{ from: 'alice', to: 'bob', amount: 1_000 }] })
  blocks.block('c3', 'c2')
  const path = memoryPath()
  const { store, breakIt } = breakable(SqliteStore.open(path, blocks.params))
  const node = openChain(blocks, { path, store })
  await node.addAll('a1', 'a2', 'c2')
  breakIt(true)
  await expect(node.add('c3')).rejects.toThrow('disk full')
  expect(node.tip()).toBe('a2')
  breakIt(false)
  expect(await node.add('c3')).toBe('block-invalid-parent')
  expect(node.chain.has(blocks.get('c2').hex)).toBe(false)
})

test('a listener that throws is logged; the block, and the listeners after it, are fine', async () => {
  const blocks = forks(3)
  const node = openChain(blocks)
  const seen: string[] = []
  node.chain.events.on('block:connected', () => {
    throw new Error('a bug of the listener')
  })
  node.chain.events.on('block:connected', ({ hash }) => seen.push(hash))
  expect(await node.addAll('a1', 'a2', 'b2', 'b3')).toEqual(['connected', 'connected', 'side-branch', 'reorganised'])
  expect(seen).toEqual(['a1', 'a2', 'b2', 'b3'].map((name) => blocks.get(name).hex))
})

test('a listener of one event hears it once', async () => {
  const blocks = forks(4)
  const node = openChain(blocks)
  let heard = 0
  node.chain.events.once('tip:changed', () => (heard += 1))
  await node.addAll('a1', 'a2')
  expect(heard).toBe(1)
})

test('whoever hears of a block finds it on the disk, and the chain at its new tip', async () => {
  const blocks = forks(5)
  const node = openChain(blocks)
  await node.addAll('a1', 'a2', 'b2')
  const committed: boolean[] = []
  node.chain.events.on('block:disconnected', () => committed.push(node.chain.tip.hash === blocks.get('b3').hex))
  node.chain.events.on('block:connected', ({ hash }) => {
    const onDisk = (dumpOf(node.path).bestChain as [number, string][]).map(([, hex]) => hex.toLowerCase())
    committed.push(onDisk.includes(hash) && onDisk.at(-1) === blocks.get('b3').hex)
  })
  await node.add('b3')
  expect(committed).toEqual([true, true, true])
})

test('a listener may add a block: its turn comes after the block in hand', async () => {
  const blocks = forks(6)
  const node = openChain(blocks)
  let second: Promise<unknown> | undefined
  node.chain.events.once('block:connected', () => (second = node.chain.add(blocks.get('a2').block, 'local')))
  await node.chain.add(blocks.get('a1').block, 'local')
  expect(await second).toMatchObject({ outcome: 'connected' })
  expect(node.chain.tip.height).toBe(2)
})

test('calls at the same time are taken in their order', async () => {
  const blocks = forks(7)
  const node = openChain(blocks)
  const results = await Promise.all(['a1', 'a2', 'b2', 'b3'].map((name) => node.chain.add(blocks.get(name).block, 'sync')))
  expect(results.map(({ outcome }) => outcome)).toEqual(['connected', 'connected', 'side-branch', 'reorganised'])
})

test('a stopped chain refuses blocks in one clear line, and stopping twice is fine', async () => {
  const blocks = forks(8)
  const node = openChain(blocks)
  await node.add('a1')
  await Promise.all([node.chain.stop(), node.chain.stop()])
  await node.chain.stop()
  const refused = node.chain.add(blocks.get('a2').block, 'gossip')
  await expect(refused).rejects.toMatchObject({ name: 'ChainError', code: 'chain-not-running' })
  await expect(refused).rejects.toThrow(/^chain-not-running: .+$/)
  expect(node.tip()).toBe('a1') // it still answers what it knows
})

test('stopping while blocks wait: each is either in the chain or refused', async () => {
  const blocks = forks(9)
  const node = openChain(blocks)
  const added = ['a1', 'a2', 'b2', 'b3'].map((name) => blocks.get(name))
  const adding = Promise.allSettled(added.map(({ block }) => node.chain.add(block, 'sync')))
  await node.chain.stop()
  const settled = await adding
  expect(settled.map(({ status }) => status === 'fulfilled')).toEqual(added.map(({ hex }) => node.chain.has(hex)))
  expect(settled.at(-1)?.status).toBe('rejected')
})
