/**
 * A chain that tests draw on, and a node that has it:
 *
 *   genesis ── a1 ── a2 ── a3        a2: alice pays bob 30, fee 1, memo "tea"; bob pays alice 7, its memo is no text
 *        └──── b1                    pending: alice pays bob 5, fee 2
 */
import { toAddress } from '../../src/consensus/account.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { signTransaction, transactionId } from '../../src/consensus/transaction.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { serve, type Served } from './serve.ts'

export const blocks = createBlockBuilder({ seed: 7, funds: { alice: 1000, bob: 100 } })
export const address = (name: string): string => toAddress(blocks.account(name))
const notText = signTransaction(
  {
    sender: blocks.account('bob'),
    recipient: blocks.account('alice'),
    amount: 7,
    fee: 0,
    nonce: 0,
    memo: Uint8Array.of(0xff, 0xfe),
  },
  blocks.keys('bob'),
  blocks.genesis.hash,
)
blocks.block('a1', 'genesis')
blocks.block('a2', 'a1', { transactions: [{ from: 'alice', to: 'bob', amount: 30, fee: 1, memo: 'tea' }, notText] })
blocks.block('a3', 'a2')
blocks.block('b1', 'genesis', { miner: 'bob' })
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
