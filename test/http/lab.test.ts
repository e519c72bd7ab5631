/** The student lab's flow, by its routes and field names. */
import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { serve, type Served } from './serve.ts'

const CAROL = toAddress(new Uint8Array(32).fill(7))

let served: Served
beforeAll(async () => {
  served = await serve({ name: 'node 1' })
})
afterAll(() => served[Symbol.asyncDispose]())

test('mine, pay, mine, look', async () => {
  const { client, node } = served
  const main = node.wallet.default.address

  const first = await client.lab.mine()
  expect(first).toEqual({
    message: 'New Block Forged',
    index: 2,
    transactions: [],
    proof: expect.any(Number),
    previous_hash: node.chain.hashAt(0),
    miner_id: main,
    added_by_node: 'node 1',
  })
  expect(node.chain.tip).toMatchObject({ height: 1, header: { nonce: first.proof } })

  expect(await client.lab.newTransaction({ recipient: CAROL, amount: '30', node: 'node 4' })).toEqual({
    message: 'Transaction will be added to the next block',
    sender: main,
    recipient: CAROL,
    amount: 30,
    added_by_node: 'node 1',
  })
  expect(await client.lab.newTransaction({ recipient: 'main', sender: 'main', amount: 1 })).toMatchObject({
    sender: main,
    recipient: main,
    amount: 1,
  })
  expect(await client.lab.newTransaction({ recipient: CAROL, sender: main, amount: 2 })).toMatchObject({ amount: 2 })

  const second = await client.lab.mine()
  expect(second).toMatchObject({ index: 3, previous_hash: node.chain.hashAt(1) })
  expect(second.transactions).toEqual([
    { sender: main, recipient: CAROL, amount: 30, node: 'node 1' },
    { sender: main, recipient: main, amount: 1, node: 'node 1' },
    { sender: main, recipient: CAROL, amount: 2, node: 'node 1' },
  ])

  const { chain, length } = await client.lab.chain()
  expect(length).toBe(3)
  expect(chain.map(({ index }) => index)).toEqual([1, 2, 3])
  expect(chain[0]).toEqual({
    index: 1,
    timestamp: 1_735_689_600,
    transactions: [],
    proof: 0,
    previous_hash: '0'.repeat(64),
    miner_id: toAddress(new Uint8Array(32)),
  })
  expect(chain[2]).toEqual({
    index: 3,
    timestamp: node.chain.tip.header.timestamp / 1000,
    transactions: second.transactions,
    proof: second.proof,
    previous_hash: second.previous_hash,
    miner_id: main,
  })
})

test('an extra field of the lab’s page does no harm, one that is mistyped is told', async () => {
  const { ask, client, node } = served
  await expect(client.lab.newTransaction({ recipient: CAROL, amount: 1, node: 'node 3' })).resolves.toBeDefined()
  await expect(client.lab.newTransaction({ recipient: CAROL, amount: 1, sender: 'node 3' })).rejects.toMatchObject({
    code: 'wallet-no-key',
  })
  expect((await ask('POST', '/transactions/new')).status, 'without the token').toBe(401)
  expect((await ask('GET', '/mine')).status).toBe(401)
  expect(node.chain.tip.height).toBe(2)
})

test('/chain is sent as fast as it is read, and is one chain although the best one changes meanwhile', async () => {
  //   genesis ── a1 ── … ── a36 ── a37 ── … ── a40
  //                           └─── b1 ── … ── b4 ── b5
  const count = 40
  const fork = 36
  const blocks = createBlockBuilder({ seed: 3 })
  blocks.blocks('a', 'genesis', count)
  blocks.blocks('b', `a${fork}`, 5, { miner: 'bob' })
  await using big = await serve({ network: blocks.params })
  for (const { block } of blocks.path(`a${count}`)) await big.node.chain.add(block, 'gossip')
  // What is stored is small and quick to make; what is told of it is about 125 KB a block.
  let read = 0
  const stored = big.node.chain.block.bind(big.node.chain)
  const payment = blocks.pay({ from: 'alice', to: 'bob', amount: 1 })
  big.node.chain.block = (hash) => {
    read++
    const block = stored(hash)
    return block && { header: block.header, body: { ...block.body, transactions: Array.from({ length: 500 }, () => payment) } }
  }

  const { hostname, port } = new URL(big.server.url)
  const text = await new Promise<string>((resolve, reject) => {
    const asking = request({ hostname, port, path: '/chain' }, (response) => {
      const chunks: Buffer[] = []
      /** Nothing more is taken from the socket until this is done. */
      const stall = async (): Promise<void> => {
        chunks.push(response.read(1) as Buffer)
        for (const name of ['b1', 'b2', 'b3', 'b4', 'b5']) await big.node.chain.add(blocks.get(name).block, 'gossip')
        expect(read, 'blocks read for a reader that does not read').toBeLessThan(fork)
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve(Buffer.concat(chunks).toString()))
      }
      response.once('readable', () => void stall().catch(reject))
      response.on('error', reject)
    })
    asking.on('error', reject)
    asking.end()
  })

  expect(big.node.chain.tip.hash, 'the other branch won meanwhile').toBe(blocks.get('b5').hex)
  const { chain, length } = JSON.parse(text)
  expect(length).toBe(count + 1)
  expect(chain).toHaveLength(count + 1)
  chain.slice(1).forEach(({ previous_hash }: { previous_hash: string }, at: number) => {
    expect(previous_hash, `block ${at + 1}`).toBe(at === 0 ? blocks.get('genesis').hex : blocks.get(`a${at}`).hex)
  })
  expect(new Set(chain.slice(1).map(({ miner_id }: { miner_id: string }) => miner_id)), 'none of bob’s').toEqual(
    new Set([toAddress(blocks.account('miner'))]),
  )
})
