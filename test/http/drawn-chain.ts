/**
 * A chain that tests draw on, and a node that has it:
 *
 *   genesis ── a1 ── a2 ── a3        a2: alice pays bob 30, fee 1, memo "tea"; bob pays alice 7, its memo is no text
 *        └──── b1                    pending: alice pays bob 5, fee 2
 *
 * Many files look at it in one process: whoever makes more blocks draws it again, and the blocks here are the same.
 */
import { toAddress } from '../../src/consensus/account.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { signTransaction, transactionId } from '../../src/consensus/transaction.ts'
import { type BlockBuilder, createBlockBuilder } from '../support/blocks.ts'
import { serve, type Served } from './serve.ts'

/** The chain, to make more blocks on it. */
export function draw(): BlockBuilder {
  const drawn = createBlockBuilder({ seed: 7, funds: { alice: 1000, bob: 100 } })
  const notText = signTransaction(
    { sender: drawn.account('bob'), recipient: drawn.account('alice'), amount: 7, fee: 0, nonce: 0, memo: Uint8Array.of(0xff, 0xfe) },
    drawn.keys('bob'),
    drawn.genesis.hash,
  )
  drawn.block('a1', 'genesis')
  drawn.block('a2', 'a1', { transactions: [{ from: 'alice', to: 'bob', amount: 30, fee: 1, memo: 'tea' }, notText] })
  drawn.block('a3', 'a2')
  drawn.block('b1', 'genesis', { miner: 'bob' })
  return drawn
}

export const blocks: Omit<BlockBuilder, 'block' | 'blocks'> = draw()
export const address = (name: string): string => toAddress(blocks.account(name))
export const [tea] = blocks.get('a2').block.body.transactions
export const teaId = toHex(transactionId(tea!))
const pending = blocks.pay({ from: 'alice', to: 'bob', amount: 5, fee: 2, nonce: 1 })
export const pendingId = toHex(transactionId(pending))

export async function serveDrawn(): Promise<Served> {
  const served = await serve({ network: blocks.params, name: 'flint' })
  for (const name of ['a1', 'a2', 'a3', 'b1']) await served.node.chain.add(blocks.get(name).block, 'gossip')
  served.node.mempool.add(pending, 'gossip')
  return served
}
