/**
 * The HTTP interface of a node: its page, the lab's three routes, and `/api/v1`.
 *
 * A request passes, in order: not stopping (503), access (access.ts: 403), the pace of other machines (429), the route and its methods (404, 405), the
 * token (401), the body's size and type (413, 415, 400), the schema (400), and only then a route. Whatever fails on the
 * way is one JSON object, see failure.ts.
 *
 * @example
 *   const server = await createServer(node, { host: '127.0.0.1', port: 5050, explicitPort: false, token, log })
 *   await server.start()
 *   console.log(server.url)
 *   await server.stop()
 */
import type { AddressInfo } from 'node:net'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Node } from '../node/node.ts'
import { Access, SECURITY_HEADERS } from './access.ts'
import type { ApiError } from './api.ts'
import { Connections } from './connections.ts'
import { eventRoutes, EventStream } from './events.ts'
import { failureOf } from './failure.ts'
import { answerGarbage } from './garbage.ts'
import { HttpError } from './http-error.ts'
import { parseQuery, validationFailure } from './input.ts'
import { labRoutes } from './lab.ts'
import { gaugesOf } from './metrics/gauges.ts'
import { Recorder } from './metrics/recorder.ts'
import { PAGE_FOLDER, servePage } from './page.ts'
import { RateLimit } from './rate-limit.ts'
import { Renderer } from './render.ts'
import { REQUEST_ID, requestIdOf } from './request-id.ts'
import { addRevalidation } from './revalidation.ts'
import { accountRoutes } from './routes/accounts.ts'
import { chainRoutes } from './routes/chain.ts'
import { diagnosisRoutes } from './routes/diagnosis.ts'
import { docsRoutes } from './routes/docs.ts'
import { externalMiningRoutes } from './routes/external-mining.ts'
import { headerRoutes } from './routes/headers.ts'
import { mempoolRoutes } from './routes/mempool.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { miningRoutes } from './routes/mining.ts'
import { peerRoutes } from './routes/peers.ts'
import { proofRoutes } from './routes/proof.ts'
import { seriesRoutes } from './routes/series.ts'
import { statusRoutes } from './routes/status.ts'
import { walletRoutes } from './routes/wallet.ts'
import { Arrivals } from './series/arrivals.ts'
import { BlockColumns } from './series/block-columns.ts'
import { methodsByPath, unknownRoute } from './unknown-route.ts'
import { isFromHere, lanUrls, localUrl } from './urls.ts'
import { COMPILERS } from './validators.ts'

/** Largest body taken, bytes, but for routes that say otherwise: a signed transaction in JSON has about 1 200. */
const MAX_BODY_BYTES = 65_536
/** A request must have arrived within this time, ms: no connection is held open by sending slowly. */
const REQUEST_TIMEOUT_MS = 10_000
/** What another machine may ask without the token: some pages of it a second, and many at once. */
const FROM_ELSEWHERE = { perSecond: 100, burst: 500 }
/** What an answer under way is given to finish when the server stops, ms. */
const STOP_GRACE_MS = 1_000
/** Ports tried after the first where none was asked for. */
const PORTS_TRIED = 100

export interface ServerOptions {
  /** A name or address of this machine; `0.0.0.0` and `::` are all of them. */
  host: string
  /** 0: any free one. */
  port: number
  /** Whether somebody asked for that port: if it is taken, another will not do. */
  explicitPort: boolean
  /** What `Authorization: Bearer` must hold for whatever uses keys, processor or settings. */
  token: string
  log: Logger
  /** The built page. @default dist/web */
  pageFolder?: string
}

export interface HttpServer {
  /** `http://127.0.0.1:5050`; empty before `start()`. */
  readonly url: string
  /** Where other machines can read it, `http://192.168.1.20:5050`, the LAN's first; none where it is for this one alone. */
  readonly lanUrls: readonly string[]
  /**
   * Listens; the node must run.
   * @throws HttpError `http-port-in-use`, `http-address-unusable`
   */
  start(): Promise<void>
  /** Answers who still waits by 503, ends the event streams, and closes. May be called again. */
  stop(): Promise<void>
}

export async function createServer(node: Node, options: ServerOptions): Promise<HttpServer> {
  const { token, log } = options
  // Fastify would listen on 127.0.0.1 and on ::1 for this name, with a port that may be free on one of them only.
  const host = options.host === 'localhost' ? '127.0.0.1' : options.host
  const access = new Access({ token, host })
  const render = new Renderer(node)
  const events = new EventStream({ sources: node, render })
  const recorder = new Recorder()
  const arrivals = new Arrivals(node)
  const columns = new BlockColumns({ chain: node.chain, arrivals })
  const stopping = new AbortController()
  const elsewhere = new RateLimit(FROM_ELSEWHERE, node.clock.now)
  let url = ''
  let port = 0
  let stopped: Promise<void> | undefined

  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: 60_000,
    http: { headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: REQUEST_TIMEOUT_MS / 4 },
    return503OnClosing: false, // our own 503 says it in our form
    routerOptions: { maxParamLength: 1024, querystringParser: parseQuery },
    schemaController: { compilersFactory: COMPILERS },
    schemaErrorFormatter: validationFailure,
    genReqId: requestIdOf,
    frameworkErrors: (error, request, reply) => sendFailure(error, request, reply),
    clientErrorHandler: answerGarbage,
  })
  const connections = new Connections({ server: app.server, clock: node.clock })
  app.removeContentTypeParser('text/plain')
  const methods = methodsByPath(app)
  recorder.count(app)

  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(SECURITY_HEADERS).header('cache-control', 'no-store').header(REQUEST_ID, request.id)
    if (stopping.signal.aborted) throw stopping.signal.reason
    access.checkCaller(request.headers, port)
    if (!isFromHere(request.ip) && !access.hasToken(request.headers)) elsewhere.take(request.ip)
    if (request.is404) throw unknownRoute(request, methods)
    if (request.routeOptions.config.access !== 'open') access.checkToken(request.headers)
    done()
  })
  addRevalidation(app)
  app.setErrorHandler(sendFailure)
  function sendFailure(error: unknown, { id: requestId, method, routeOptions }: FastifyRequest, reply: FastifyReply): void {
    const { status, code, message, headers } = failureOf(error)
    recorder.refused(code, routeOptions.url)
    const fields = { code, requestId, method, route: routeOptions.url }
    if (status === 500) log.error({ ...fields, err: error }, 'a request failed by a fault of this node')
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

  const context = { node, render, stopping: stopping.signal }
  docsRoutes(app)
  statusRoutes(app, context)
  chainRoutes(app, context)
  headerRoutes(app, context)
  seriesRoutes(app, { ...context, columns })
  proofRoutes(app, context)
  mempoolRoutes(app, context, access)
  accountRoutes(app, context)
  walletRoutes(app, context)
  miningRoutes(app, context)
  externalMiningRoutes(app, context, access)
  peerRoutes(app, context)
  diagnosisRoutes(app, context)
  eventRoutes(app, events)
  metricsRoutes(app, () => [...gaugesOf(node, () => events.listening), ...recorder.metrics])
  labRoutes(app, context)
  await app.register(servePage, { folder: options.pageFolder ?? PAGE_FOLDER })
  await app.ready()

  const stop = async (): Promise<void> => {
    stopping.abort(new HttpError(503, 'node-stopping', 'this node is stopping: try again when it runs', { connection: 'close' }))
    events.stop()
    connections.stop()
    recorder.stop()
    columns.stop()
    arrivals.stop()
    const cancel = node.clock.after(STOP_GRACE_MS, () => app.server.closeAllConnections())
    await app.close()
    cancel()
  }

  return {
    get url() {
      return url
    },
    get lanUrls() {
      return url === '' ? [] : lanUrls(addressOf(app))
    },
    async start() {
      await listen(app, host, options.port, options.explicitPort)
      port = addressOf(app).port
      events.start()
      connections.start()
      recorder.start(node)
      arrivals.start()
      columns.start()
      url = localUrl(host, port)
      const [lan] = lanUrls(addressOf(app))
      log.info({ url }, 'serving HTTP')
      if (lan !== undefined) log.warn({ url: lan }, `open to the LAN at ${lan}: to read, not to change`)
    },
    stop: () => (stopped ??= stop()),
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

/** Of a server that listens on TCP, which this one does whenever a request comes in. */
const addressOf = (app: FastifyInstance): AddressInfo => app.server.address() as AddressInfo
