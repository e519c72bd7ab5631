/**
 * A stream of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) and who listens to it.
 *
 *   id: 5d2c11f0-42                     number 42 of this run of the server
 *   event: block:connected
 *   data: {"hash":"00…                  one line of JSON
 *
 * The last events are kept, so a listener that comes back with `Last-Event-ID` misses none. If that id is too old, or of
 * an earlier run, it is told `event: reset` and knows to read everything again. A measurement has no id and is never
 * repeated. A listener that does not keep up is dropped, and may come back.
 *
 * @example
 *   const channel = new EventChannel<{ 'swarm:changed': SwarmChange }>({ clock })
 *   channel.start()
 *   channel.publish('swarm:changed', change)
 */
import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Clock } from '../chain/clock.ts'
import { FanOut } from './fan-out.ts'
import { HttpError } from './http-error.ts'
import { text } from './schemas.ts'
import { isFromHere } from './urls.ts'

export interface EventChannelOptions {
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

/** @typeParam Events what is sent, by event name; `data` is this as JSON */
export class EventChannel<Events> {
  readonly #clock: Pick<Clock, 'after'>
  readonly #options: Required<EventChannelOptions>
  /** Tells this run's ids from those of earlier ones. */
  readonly #run = randomBytes(4).toString('hex')
  /** The last ones, in order; the newest has number `#last`. */
  readonly #kept: string[] = []
  readonly #listeners: FanOut
  #cancelBeat = (): void => {}
  #last = 0

  constructor({ clock }: { clock: Pick<Clock, 'after'> }, options: EventChannelOptions = {}) {
    this.#clock = clock
    this.#options = { kept: 2048, maxListeners: 64, maxFromElsewhere: 16, maxUnreadBytes: 4_194_304, heartbeatMs: 15_000, ...options }
    this.#listeners = new FanOut(this.#options.maxUnreadBytes)
  }

  /** Begins to show that it lives. */
  start(): void {
    this.#beat()
  }

  /** How many listen now. */
  get listening(): number {
    return this.#listeners.size
  }

  /** Ends every stream. */
  stop(): void {
    this.#cancelBeat()
    this.#listeners.end()
  }

  /**
   * Takes over an answer and streams to it until either side ends it.
   * @param lastEventId the last event that this listener has seen; undefined: it begins now
   */
  open(response: ServerResponse, headers: Record<string, string>, lastEventId: string | undefined): void {
    response.writeHead(200, { ...headers, 'content-type': EVENT_STREAM, 'cache-control': 'no-store' })
    const missed = lastEventId === undefined ? [] : this.#since(lastEventId)
    // Without data this only sets the id, so that a stream cut before its first event can be continued too.
    const now = `retry: 1000\nid: ${this.#id(this.#last)}\n\n`
    response.write(missed === undefined ? now + RESET : missed.join('') || now)
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
    const count = this.#listeners.countFrom(caller)
    if (count >= maxFromElsewhere) refuse(count, ` at ${caller}`)
  }

  /** Tells, and keeps it for those that come back. */
  publish<Name extends keyof Events & string>(event: Name, data: Events[Name]): void {
    this.#last += 1
    const text = `id: ${this.#id(this.#last)}\n${frame(event, data)}`
    this.#kept.push(text)
    if (this.#kept.length > this.#options.kept) this.#kept.shift()
    this.#send(text)
  }

  /** Tells a measurement: to those who listen now. */
  measure<Name extends keyof Events & string>(event: Name, data: Events[Name]): void {
    this.#send(frame(event, data))
  }

  /** Encoded once for all who listen, if anybody does. */
  #send(text: string): void {
    if (this.#listeners.size > 0) this.#listeners.send(Buffer.from(text))
  }

  #beat(): void {
    this.#cancelBeat = this.#clock.after(this.#options.heartbeatMs, () => {
      this.#send(ALIVE)
      this.#beat()
    })
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
}

/** What a route needs of a channel. */
type Listenable = Pick<EventChannel<unknown>, 'checkRoom' | 'open'>

/** `GET path` for a channel. */
export function eventRoutes(app: FastifyInstance, path: string, events: Listenable): void {
  app.get<{ Headers: { 'last-event-id'?: string } }>(
    path,
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
  app.head(path, { config: { access: 'open' }, schema: { hide: true } }, (_request, reply) => reply.type(EVENT_STREAM).send())
}

const frame = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

const RESET = frame('reset', {})
const ALIVE = ': alive\n\n'
