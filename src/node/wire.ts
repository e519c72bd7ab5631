/**
 * What the parts of a node tell one another: a change of the best chain settles the mempool and moves the miner to the new
 * tip, which also hears of what becomes pending; from time to time the mempool drops what has waited too long.
 */
import type { Chain } from '../chain/chain.ts'
import type { Clock } from '../chain/clock.ts'
import type { Mempool } from '../mempool/pool.ts'
import type { Miner } from '../mining/miner.ts'

interface Wired {
  chain: Pick<Chain, 'events'>
  mempool: Pick<Mempool, 'blockConnected' | 'blockDisconnected' | 'events' | 'expire' | 'settle'>
  miner: Pick<Miner, 'tipChanged' | 'transactionAdded'>
}

/** How often pending transactions are looked through for old ones, ms. */
const EXPIRY_INTERVAL_MS = 60_000

/**
 * Begins it.
 * @param started takes what ends it
 */
export function wire({ chain, mempool, miner }: Wired, clock: Pick<Clock, 'after'>, started: AsyncDisposableStack): void {
  chain.events.on('block:connected', ({ block, transactionIds, checked }) => mempool.blockConnected(block, transactionIds, checked))
  chain.events.on('block:disconnected', ({ block, transactionIds }) => mempool.blockDisconnected(block, transactionIds))
  chain.events.on('tip:changed', () => {
    mempool.settle()
    miner.tipChanged()
  })
  mempool.events.on('transaction:added', ({ pending: { ready, transaction } }) => {
    if (ready) miner.transactionAdded(transaction.fee)
  })
  let cancel = (): void => {}
  const expire = (): void => {
    mempool.expire()
    cancel = clock.after(EXPIRY_INTERVAL_MS, expire)
  }
  expire()
  started.defer(() => cancel())
}
