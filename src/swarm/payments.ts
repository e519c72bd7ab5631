/**
 * A small steady traffic of payments, so that blocks are not empty: now and then a node that owns coins pays another one a
 * few, with a low fee.
 *
 *   when   after exponential times, as often a minute as was asked for on average (a Poisson process)
 *   who    drawn among the nodes that run and can pay; while nobody can, nothing is paid
 *   what   1 to 10 units, and a fee of 1 to 3
 *
 * A payer has a few payments pending at most: where nobody mines, they do not pile up. Real payments by the nodes' own
 * wallets, so a partition parts them too, and those of a branch that lost are pending again. Drawn from the swarm's seed.
 *
 * @example
 *   const swarm = await createSwarm({ nodes: 10, paymentsPerMinute: 30 })
 *   swarm.events.on('payment:sent', ({ node, to, amount }) => console.log(`${node} pays ${amount} to ${to}`))
 *   swarm.payments.setRate(0)
 */
import type { EventEmitter } from 'node:events'
import type { Clock } from '../chain/clock.ts'
import type { Node } from '../node/node.ts'
import type { Random } from './random.ts'
import type { SwarmEvents } from './swarm-events.ts'

export interface PaymentsComponents {
  /** Its nodes by number. */
  swarm: { clock: Clock; events: EventEmitter<SwarmEvents>; nodes: readonly Node[] }
  random: Random
}

/** Ten a second: each is checked by every node of the process. */
export const MAX_PAYMENTS_PER_MINUTE = 600
/** Units. */
const MAX_AMOUNT = 10
const MAX_FEE = 3
/** Of one payer: as many as its next blocks take while the network is whole. */
const MAX_PENDING = 8
const MINUTE_MS = 60_000

export class Payments {
  readonly #components: PaymentsComponents
  #perMinute = 0
  #sent = 0
  #running = false
  #cancel = (): void => {}

  /** @param perMinute as `setRate`. @default 0 */
  constructor(components: PaymentsComponents, perMinute = 0) {
    this.#components = components
    this.setRate(perMinute)
  }

  /** How many a minute are tried, on average. */
  get perMinute(): number {
    return this.#perMinute
  }

  /** How many were made so far. */
  get sent(): number {
    return this.#sent
  }

  /** Sets how many a minute are tried, on average; 0: none. @throws RangeError */
  setRate(perMinute: number): void {
    if (!(perMinute >= 0 && perMinute <= MAX_PAYMENTS_PER_MINUTE)) {
      throw new RangeError(`paymentsPerMinute: must be from 0 to ${MAX_PAYMENTS_PER_MINUTE}, is ${perMinute}`)
    }
    this.#perMinute = perMinute
    this.#plan()
  }

  /** The nodes run. */
  start(): void {
    this.#running = true
    this.#plan()
  }

  stop(): void {
    this.#running = false
    this.#plan()
  }

  /** Draws when the next one is due: what is left of the time until another has no memory, and is drawn anew as well. */
  #plan(): void {
    this.#cancel()
    if (!this.#running || this.#perMinute === 0) return
    const { swarm, random } = this.#components
    this.#cancel = swarm.clock.after(random.exponential(MINUTE_MS / this.#perMinute), () => {
      this.#pay()
      this.#plan()
    })
  }

  #pay(): void {
    const { swarm: { clock, events, nodes }, random } = this.#components
    const running = [...nodes.entries()].filter(([, { running }]) => running)
    const payers = running.filter(([, node]) => canPay(node))
    if (payers.length === 0 || running.length < 2) return
    const [node, payer] = random.pick(payers)
    const [to, payee] = random.pick(running.filter(([at]) => at !== node))
    const [amount, fee] = [1 + random.whole(MAX_AMOUNT), 1 + random.whole(MAX_FEE)]
    try {
      const { id } = payer.send({ recipient: payee.wallet.default.account, amount, fee })
      this.#sent += 1
      events.emit('payment:sent', { at: clock.now(), node, to, id, amount, fee })
    } catch (error) {
      payer.log.debug({ err: error }, 'made no payment') // a locked wallet, a full mempool: the next one may be made
    }
  }
}

function canPay({ chain, mempool, wallet }: Node): boolean {
  const { account } = wallet.default
  const { balance, nonce } = chain.account(account)
  return balance - mempool.promisedBy(account) >= MAX_AMOUNT + MAX_FEE && mempool.nextNonce(account) - nonce < MAX_PENDING
}
