/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): what happens in the node, as it
 * happens, to whoever listens on `GET /api/v1/events`.
 *
 *   id: 5d2c11f0-42                     number 42 of this run of the server
 *   event: block:connected
 *   data: {"hash":"00…                  one line of JSON, see ApiEvents
 *
 * The last events are kept, so a listener that comes back with `Last-Event-ID` misses none. If that id is too old, or of
 * an earlier run, it is told `event: reset` and knows to read everything again. `mining:progress` is a measurement: it
 * has no id and is never repeated. A listener that does not keep up is dropped, and may come back.
 */
import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Chain } from '../chain/chain.ts'
import type { Clock } from '../chain/clock.ts'
import { transactionFields } from '../consensus/proof.ts'
import type { Mempool } from '../mempool/pool.ts'
import type { Miner } from '../mining/miner.ts'
import type { Network } from '../network/network.ts'
import type { ApiEvents } from './api.ts'
import { hear } from './hear.ts'
import { HttpError } from './http-error.ts'
import { renderMining, renderPeer, type Renderer } from './render.ts'
import { text } from './schemas.ts'
import { isFromHere } from './urls.ts'

/** Where events come from: of a running node, what tells. */
export interface EventSources {
  chain: Pick<Chain, 'events'>
  mempool: Pick<Mempool, 'events'>
  network: Pick<Network, 'events'>
  miner: Pick<Miner, 'events'>
  clock: Pick<Clock, 'after'>
}

export interface EventStreamOptions {
  /** Events kept for those that come back; at about 700 bytes each. @default 2048 */
  kept?: number
  /** Listeners at once. @default 64 */
  maxListeners?: number
  /** Of these, from one other machine. @default 16 */
  maxFromElsewhere?: number
  /** What a listener may leave unread before it is dropped, bytes; more than all that is kept. @default 4194304 */
  maxUnreadBytes?: number
  /** How long the stream is silent before a comment shows that it lives, ms; below what proxies allow. @default 15000 */
  heartbeatMs?: number
}

const EVENT_STREAM = 'text/event-stream; charset=utf-8'

export class EventStream {
  readonly #sources: EventSources
  readonly #render: Pick<Renderer, 'summary'>
  readonly #options: Required<EventStreamOptions>
  /** Tells this run's ids from those of earlier ones. */
  readonly #run = randomBytes(4).toString('hex')
  /** The last ones, in order; the newest has number `#last`. */
  readonly #kept: string[] = []
  readonly #listeners = new Set<ServerResponse>()
  readonly #attached = new DisposableStack()
  #last = 0

  constructor(components: { sources: EventSources; render: Pick<Renderer, 'summary'> }, options: EventStreamOptions = {}) {
    this.#sources = components.sources
    this.#render = components.render
    this.#options = { kept: 2048, maxListeners: 64, maxFromElsewhere: 16, maxUnreadBytes: 4_194_304, heartbeatMs: 15_000, ...options }
  }

  /** Begins to hear; the node runs. */
  start(): void {
    const { chain, mempool, network, miner } = this.#sources
    hear(this.#attached, chain.events, 'block:connected', ({ block: { header, body }, hash, height, work }) =>
      this.#publish('block:connected', this.#render.summary({ hash, header, height, work }, { header, body })),
    )
    hear(this.#attached, chain.events, 'block:disconnected', ({ hash, height }) => this.#publish('block:disconnected', { hash, height }))
    hear(this.#attached, chain.events, 'chain:reorg', ({ ancestorHeight, disconnected, connected }) =>
      this.#publish('chain:reorg', { ancestor: ancestorHeight, disconnected, connected }),
    )
    hear(this.#attached, mempool.events, 'transaction:added', ({ pending: { transaction, id } }) =>
      this.#publish('transaction:added', transactionFields(transaction, id)),
    )
    hear(this.#attached, mempool.events, 'transaction:removed', ({ id, reason }) => this.#publish('transaction:removed', { id, reason }))
    hear(this.#attached, network.events, 'peer:connected', (peer) => this.#publish('peer:connected', renderPeer(peer)))
    hear(this.#attached, network.events, 'peer:disconnected', ({ peerId, name }) => this.#publish('peer:disconnected', { peerId, name }))
    hear(this.#attached, miner.events, 'mining:progress', (progress) =>
      this.#send(frame('mining:progress', { ...renderMining(progress), expectedMs: progress.expectedMs })),
    )
    this.#beat()
  }

  /** How many listen now. */
  get listening(): number {
    return this.#listeners.size
  }

  /** Ends every stream. */
  stop(): void {
    this.#attached.dispose()
    for (const listener of this.#listeners) listener.end()
    this.#listeners.clear()
  }

  /**
   * Takes over an answer and streams to it until either side ends it.
   * @param lastEventId the last event that this listener has seen; undefined: it begins now
   */
  open(response: ServerResponse, headers: Record<string, string>, lastEventId: string | undefined): void {
    response.writeHead(200, { ...headers, 'content-type': EVENT_STREAM, 'cache-control': 'no-store' })
    response.once('close', () => this.#listeners.delete(response))
    const missed = lastEventId === undefined ? [] : this.#since(lastEventId)
    // Without data this only sets the id, so that a stream cut before its first event can be continued too.
    const now = `retry: 1000\nid: ${this.#id(this.#last)}\n\n`
    response.write(missed === undefined ? now + frame('reset', {}) : missed.join('') || now)
    this.#listeners.add(response)
  }

  /**
   * @param caller address of who wants to listen
   * @throws HttpError 503 `too-many-listeners`
   */
  checkRoom(caller: string): void {
    const refuse = (count: number, where: string): never => {
      const message = `${count} listen${where} already: close a page that shows this node`
      throw new HttpError(503, 'too-many-listeners', message, { 'retry-after': '10' })
    }
    const { maxListeners, maxFromElsewhere } = this.#options
    if (this.#listeners.size >= maxListeners) refuse(this.#listeners.size, '')
    if (isFromHere(caller)) return
    const count = [...this.#listeners].filter(({ socket }) => socket?.remoteAddress === caller).length
    if (count >= maxFromElsewhere) refuse(count, ` at ${caller}`)
  }

  #publish<Name extends keyof ApiEvents>(event: Name, data: ApiEvents[Name]): void {
    this.#last += 1
    const text = `id: ${this.#id(this.#last)}\n${frame(event, data)}`
    this.#kept.push(text)
    if (this.#kept.length > this.#options.kept) this.#kept.shift()
    this.#send(text)
  }

  #send(text: string): void {
    for (const listener of this.#listeners) {
      if (listener.writableLength > this.#options.maxUnreadBytes) listener.destroy()
      else listener.write(text)
    }
  }

  /** What was published after an id; undefined where that is no longer known. */
  #since(id: string): string[] | undefined {
    const [, run, number] = /^([0-9a-f]+)-(\d+)$/.exec(id) ?? []
    const seen = Number(number)
    const oldest = this.#last - this.#kept.length + 1
    if (run !== this.#run || seen > this.#last || seen < oldest - 1) return undefined
    return this.#kept.slice(seen - oldest + 1)
  }

  #id(number: number): string {
    return `${this.#run}-${number}`
  }

  #beat(): void {
    let cancel = (): void => {}
    const beat = (): void => {
      cancel = this.#sources.clock.after(this.#options.heartbeatMs, () => {
        this.#send(': alive\n\n')
        beat()
      })
    }
    beat()
    this.#attached.defer(() => cancel())
  }
}

export function eventRoutes(app: FastifyInstance, events: EventStream): void {
  app.get<{ Headers: { 'last-event-id'?: string } }>(
    '/api/v1/events',
    {
      config: { access: 'open' },
      exposeHeadRoute: false, // its own, below: there is no end to wait for
      schema: {
        summary: 'What happens, as server-sent events; Last-Event-ID continues a stream',
        headers: {
          type: 'object',
          properties: { 'last-event-id': text('the id of the last event that you have seen; left out: from now on', '5d2c11f0-42') },
        },
        produces: 'text/event-stream',
        response: { 200: text('server-sent events, until either side ends them') },
      },
    },
    (request, reply) => {
      events.checkRoom(request.ip)
      reply.hijack()
      events.open(reply.raw, reply.getHeaders() as Record<string, string>, request.headers['last-event-id'])
    },
  )
  app.head('/api/v1/events', { config: { access: 'open' }, schema: { hide: true } }, (_request, reply) => reply.type(EVENT_STREAM).send())
}

const frame = <Name extends keyof ApiEvents>(event: Name, data: ApiEvents[Name]): string =>
  `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
