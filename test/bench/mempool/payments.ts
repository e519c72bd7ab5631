/** Signed payments that a pool takes, all of them, the same in every process. */
import { genesisOf } from '../../../src/consensus/genesis.ts'
import type { NetworkParams } from '../../../src/consensus/params.ts'
import { signTransaction } from '../../../src/consensus/transaction.ts'
import type { Transaction } from '../../../src/consensus/types.ts'
import { createRandom } from '../../support/random.ts'
import { paramsOf, sendersOf } from '../chain/fixture.ts'

export interface Payments {
  senders: number
  /** Of each, in the order of their nonces. */
  each: number
}

export const networkOf = ({ senders }: Payments): NetworkParams => paramsOf(sendersOf({ accounts: senders, blocks: 0, transactions: 0 }))

export function* paymentsOf(payments: Payments): Generator<Transaction, void, undefined> {
  const senders = sendersOf({ accounts: payments.senders, blocks: 0, transactions: 0 })
  const genesisHash = genesisOf(networkOf(payments)).hash
  const random = createRandom(1)
  const recipient = new Uint8Array(32).fill(7)
  for (let nonce = 0; nonce < payments.each; nonce++) {
    for (const keys of senders) {
      const payment = { sender: keys.publicKey, recipient, amount: 1, fee: random.below(1_000), nonce, memo: new Uint8Array(0) }
      yield signTransaction(payment, keys, genesisHash)
    }
  }
}
