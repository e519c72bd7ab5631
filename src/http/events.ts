/**
 * What happens in the node, as it happens, to whoever listens on `GET /api/v1/events`; how: event-channel.ts.
 * `mining:progress` is a measurement.
 */
import type { Chain } from '../chain/chain.ts'
import type { Clock } from '../chain/clock.ts'
import { transactionFields } from '../consensus/proof.ts'
import type { Mempool } from '../mempool/pool.ts'
import type { Miner } from '../mining/miner.ts'
import type { Network } from '../network/network.ts'
import type { ApiEvents } from './api.ts'
import { EventChannel, type EventChannelOptions } from './event-channel.ts'
import { hear } from './hear.ts'
import { renderMining, renderPeer, type Renderer } from './render.ts'

/** Where events come from: of a running node, what tells. */
export interface EventSources {
  chain: Pick<Chain, 'events'>
  mempool: Pick<Mempool, 'events'>
  network: Pick<Network, 'events'>
  miner: Pick<Miner, 'events'>
  clock: Pick<Clock, 'after'>
}

export class EventStream extends EventChannel<ApiEvents> {
  readonly #sources: EventSources
  readonly #render: Pick<Renderer, 'summary'>
  readonly #attached = new DisposableStack()

  constructor({ sources, render }: { sources: EventSources; render: Pick<Renderer, 'summary'> }, options: EventChannelOptions = {}) {
    super(sources, options)
    this.#sources = sources
    this.#render = render
  }

  /** Begins to hear; the node runs. */
  override start(): void {
    const { chain, mempool, network, miner } = this.#sources
    hear(this.#attached, chain.events, 'block:connected', ({ block: { header, body }, hash, height, work }) =>
      this.publish('block:connected', this.#render.summary({ hash, header, height, work }, { header, body })),
    )
    hear(this.#attached, chain.events, 'block:disconnected', ({ hash, height }) => this.publish('block:disconnected', { hash, height }))
    hear(this.#attached, chain.events, 'chain:reorg', ({ ancestorHeight, disconnected, connected }) =>
      this.publish('chain:reorg', { ancestor: ancestorHeight, disconnected, connected }),
    )
    hear(this.#attached, mempool.events, 'transaction:added', ({ pending: { transaction, id } }) =>
      this.publish('transaction:added', transactionFields(transaction, id)),
    )
    hear(this.#attached, mempool.events, 'transaction:removed', ({ id, reason }) => this.publish('transaction:removed', { id, reason }))
    hear(this.#attached, network.events, 'peer:connected', (peer) => this.publish('peer:connected', renderPeer(peer)))
    hear(this.#attached, network.events, 'peer:disconnected', ({ peerId, name }) => this.publish('peer:disconnected', { peerId, name }))
    hear(this.#attached, miner.events, 'mining:progress', (progress) =>
      this.measure('mining:progress', { ...renderMining(progress), expectedMs: progress.expectedMs }),
    )
    super.start()
  }

  override stop(): void {
    this.#attached.dispose()
    super.stop()
  }
}
