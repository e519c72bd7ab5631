/**
 * What the parts of a node tell one another: a change of the best chain goes to the mempool, which follows a moment later,
 * and moves the miner to the new tip, who also hears of what becomes pending; from time to time the mempool drops what has
 * waited too long.
 */
import type { Chain } from '../chain/chain.ts'
import type { Clock } from '../chain/clock.ts'
import type { Mempool } from '../mempool/pool.ts'
import type { Miner } from '../mining/miner.ts'

interface Wired {
  chain: Pick<Chain, 'events'>
  mempool: Pick<Mempool, 'blockConnected' | 'blockDisconnected' | 'events' | 'expire' | 'follow' | 'settle'>
  miner: Pick<Miner, 'tipChanged' | 'transactionAdded'>
}

/** How long the mempool may leave blocks aside while nobody asks it, ms: people see no delay, and blocks have gone their way. */
const FOLLOW_MS = 250
/** How often pending transactions are looked through for old ones, ms. */
const EXPIRY_INTERVAL_MS = 60_000

/**
 * Begins it.
 * @param started takes what ends it
 */
export function wire({ chain, mempool, miner }: Wired, clock: Pick<Clock, 'after'>, started: AsyncDisposableStack): void {
  chain.events.on('block:connected', ({ block, transactionIds, checked }) => mempool.blockConnected(block, transactionIds, checked))
  chain.events.on('block:disconnected', ({ block, transactionIds }) => mempool.blockDisconnected(block, transactionIds))
  let cancelFollow: (() => void) | undefined
  const follow = (): void => {
    cancelFollow = undefined
    mempool.follow()
  }
  chain.events.on('tip:changed', () => {
    mempool.settle()
    cancelFollow ??= clock.after(FOLLOW_MS, follow)
    miner.tipChanged()
  })
  mempool.events.on('transaction:added', ({ pending: { ready, transaction } }) => {
    if (ready) miner.transactionAdded(transaction.fee)
  })
  let cancelExpiry = (): void => {}
  const expire = (): void => {
    mempool.expire()
    cancelExpiry = clock.after(EXPIRY_INTERVAL_MS, expire)
  }
  expire()
  started.defer(() => {
    cancelExpiry()
    cancelFollow?.()
    cancelFollow = () => {} // a block that still comes sets no other timer
  })
}
