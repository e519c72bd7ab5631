/**
 * What stands between a request and the routes of a server, whatever it serves, and how that begins and ends.
 *
 * A request passes, in order: not stopping (503), access (access.ts: 403), the pace of other machines (429), the route and its methods (404, 405), the
 * token (401), the body's size and type (413, 415, 400), the schema (400), and only then a route. Whatever fails on the
 * way is one JSON object, see failure.ts.
 *
 * Use, in order: `new Serving` → routes are added to `app` → `start()` listens → `stop()`.
 *
 * @example
 *   const serving = new Serving({ clock: node.clock, log }, { host: '127.0.0.1', token, what: 'node', hint: '/docs lists what there is' })
 *   statusRoutes(serving.app, context)
 *   await serving.start({ port: 5050, explicitPort: false })
 */
import type { AddressInfo } from 'node:net'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Clock } from '../chain/clock.ts'
import { Access, SECURITY_HEADERS } from './access.ts'
import type { ApiError } from './api.ts'
import { Connections } from './connections.ts'
import { failureOf } from './failure.ts'
import { Garbage, Unexpected } from './garbage.ts'
import { HttpError } from './http-error.ts'
import { parseQuery, validationFailure } from './input.ts'
import { Late } from './late.ts'
import type { Recorder } from './metrics/recorder.ts'
import { RateLimit } from './rate-limit.ts'
import { REQUEST_ID, requestIdOf } from './request-id.ts'
import { addRevalidation } from './revalidation.ts'
import { methodsByPath, unknownRoute } from './unknown-route.ts'
import { isFromHere, lanUrls, localUrl } from './urls.ts'
import { COMPILERS } from './validators.ts'

/** Largest body taken, bytes, but for routes that say otherwise: a signed transaction in JSON has about 1 200. */
const MAX_BODY_BYTES = 65_536
/** A request must have arrived within this time, ms: no connection is held open by sending slowly. */
const REQUEST_TIMEOUT_MS = 10_000
/** A connection that asks nothing is kept so long, ms. */
const KEEP_ALIVE_MS = 60_000
/** What another machine may ask without the token: some pages of it a second, and many at once. */
const FROM_ELSEWHERE = { perSecond: 100, burst: 500 }
/** What an answer under way is given to finish when the server stops, ms. */
const STOP_GRACE_MS = 1_000
/** Ports tried after the first where none was asked for. */
const PORTS_TRIED = 100

export interface ServingOptions {
  /** A name or address of this machine; `0.0.0.0` and `::` are all of them. */
  host: string
  /** What `Authorization: Bearer` must hold for whatever uses keys, processor or settings. */
  token: string
  /** Where people find the token, to follow "the token is". @default as a node's people do */
  tokenIs?: string
  /** What it is that serves, for messages. */
  what: 'node' | 'swarm'
  /** Said to whoever asks for a path that is not there. */
  hint: string
}

export class Serving {
  readonly app: FastifyInstance
  readonly access: Access
  readonly #components: { clock: Clock; log: Logger; recorder?: Recorder }
  readonly #options: ServingOptions
  readonly #host: string
  readonly #connections: Connections
  readonly #stopping = new AbortController()
  #url = ''
  #port = 0

  constructor(components: { clock: Clock; log: Logger; recorder?: Recorder }, options: ServingOptions) {
    const { clock, recorder } = components
    this.#components = components
    this.#options = options
    // Fastify would listen on 127.0.0.1 and on ::1 for this name, with a port that may be free on one of them only.
    this.#host = options.host === 'localhost' ? '127.0.0.1' : options.host
    this.access = new Access({ token: options.token, host: this.#host, tokenIs: options.tokenIs })
    const elsewhere = new RateLimit(FROM_ELSEWHERE, clock.now)
    const fail = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => this.#fail(error, request, reply)

    const garbage = new Garbage(clock)
    const late = new Late({ clock, refuse: garbage.answer, silenceMs: KEEP_ALIVE_MS - REQUEST_TIMEOUT_MS })
    const app: FastifyInstance = fastify({
      bodyLimit: MAX_BODY_BYTES,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      http: {
        headersTimeout: REQUEST_TIMEOUT_MS,
        connectionsCheckingInterval: REQUEST_TIMEOUT_MS / 4,
        joinDuplicateHeaders: true, // of two Hosts, or two tokens, the first would count and the other be dropped unseen
      },
      return503OnClosing: false, // our own 503 says it in our form
      routerOptions: { maxParamLength: 1024, querystringParser: parseQuery },
      schemaController: { compilersFactory: COMPILERS },
      schemaErrorFormatter: validationFailure,
      genReqId: requestIdOf,
      frameworkErrors: fail,
      clientErrorHandler: late.answer,
    })
    this.app = app
    app.server.prependListener('request', late.heard)
    app.server.on('checkExpectation', ({ socket }) => garbage.answer(new Unexpected(), socket))
    this.#connections = new Connections({ server: app.server, clock })
    app.removeContentTypeParser('text/plain')
    const methods = methodsByPath(app)
    recorder?.count(app)

    app.addHook('onRequest', (request, reply, done) => {
      reply.headers(SECURITY_HEADERS).header('cache-control', 'no-store').header(REQUEST_ID, request.id)
      this.stopping.throwIfAborted()
      this.access.checkCaller(request.headers, this.#port)
      if (!isFromHere(request.ip) && !this.access.hasToken(request.headers)) elsewhere.take(request.ip)
      if (request.is404) throw unknownRoute(request, methods, options.hint)
      if (request.routeOptions.config.access !== 'open') this.access.checkToken(request.headers)
      done()
    })
    addRevalidation(app)
    app.setErrorHandler(fail)
  }

  /** Aborts when the server stops; its reason is the answer to whoever still waits. */
  get stopping(): AbortSignal {
    return this.#stopping.signal
  }

  /** `http://127.0.0.1:5050`; empty before `start()`. */
  get url(): string {
    return this.#url
  }

  /** Where other machines can read it, the LAN's first; none where it is for this one alone. */
  get lanUrls(): string[] {
    return this.#url === '' ? [] : lanUrls(this.#address)
  }

  /**
   * Listens, once every route is there.
   * @param port 0: any free one
   * @param explicitPort whether somebody asked for that port: if it is taken, another will not do
   * @throws HttpError `http-port-in-use`, `http-address-unusable`
   */
  async start({ port, explicitPort }: { port: number; explicitPort: boolean }): Promise<void> {
    await listen(this.app, this.#host, port, explicitPort)
    this.#port = this.#address.port
    this.#connections.start()
    this.#url = localUrl(this.#host, this.#port)
    const { log } = this.#components
    const [lan] = this.lanUrls
    log.info({ url: this.#url }, 'serving HTTP')
    if (lan !== undefined) log.warn({ url: lan }, `open to the LAN at ${lan}: to read, not to change`)
  }

  /** Answers who still waits by 503 from now on: what has no end of its own is to be ended next. */
  beginStop(): void {
    const { what } = this.#options
    this.#stopping.abort(
      new HttpError(503, `${what}-stopping`, `this ${what} is stopping: try again when it runs`, { connection: 'close' }),
    )
  }

  /** Closes; after `beginStop`. */
  async stop(): Promise<void> {
    this.#connections.stop()
    const cancel = this.#components.clock.after(STOP_GRACE_MS, () => this.app.server.closeAllConnections())
    await this.app.close()
    cancel()
  }

  #fail(error: unknown, { id: requestId, method, routeOptions }: FastifyRequest, reply: FastifyReply): void {
    const { log, recorder } = this.#components
    const { status, code, message, headers } = failureOf(error)
    recorder?.refused(code, routeOptions.url)
    const fields = { code, requestId, method, route: routeOptions.url }
    if (status === 500) log.error({ ...fields, err: error }, `a request failed by a fault of this ${this.#options.what}`)
    else log.debug(fields, 'refused a request')
    const answer: ApiError = { error: { code, message, requestId } }
    reply
      .code(status)
      .headers(SECURITY_HEADERS)
      .header(REQUEST_ID, requestId)
      .headers(headers)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(answer))
  }

  /** Of a server that listens on TCP, which this one does whenever a request comes in. */
  get #address(): AddressInfo {
    return this.app.server.address() as AddressInfo
  }
}

/** Listens on the port, or where none was asked for, on the next free one. */
async function listen(app: FastifyInstance, host: string, first: number, explicitPort: boolean): Promise<void> {
  const last = explicitPort || first === 0 ? first : Math.min(first + PORTS_TRIED - 1, 65_535)
  for (let port = first; port <= last; port++) {
    try {
      await app.listen({ host, port })
      return
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException // listen() fails with nothing else
      if (code !== 'EADDRINUSE') {
        throw new HttpError(
          0,
          'http-address-unusable',
          `cannot serve HTTP on ${host}:${port} (${message}): choose another with --http HOST:PORT`,
        )
      }
    }
  }
  const taken = first === last ? `port ${first} is` : `ports ${first} to ${last} are all`
  throw new HttpError(
    0,
    'http-port-in-use',
    `${taken} in use on ${host}: choose another with --http HOST:PORT, or --http ${host}:0 for any free one`,
  )
}
