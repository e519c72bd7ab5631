/**
 * The HTTP interface of a node: its page, the lab's three routes, and `/api/v1`. What a request passes before it reaches
 * one of them: serving.ts.
 *
 * @example
 *   const server = await createServer(node, { host: '127.0.0.1', port: 5050, explicitPort: false, token, log })
 *   await server.start()
 *   console.log(server.url)
 *   await server.stop()
 */
import type { Logger } from 'pino'
import type { Node } from '../node/node.ts'
import { eventRoutes } from './event-channel.ts'
import { EventStream } from './events.ts'
import { labRoutes } from './lab.ts'
import { gaugesOf } from './metrics/gauges.ts'
import { Recorder } from './metrics/recorder.ts'
import { PAGE_FOLDER, servePage } from './page.ts'
import { Renderer } from './render.ts'
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
import { Serving } from './serving.ts'

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
  const { host, token, log } = options
  const recorder = new Recorder()
  const serving = new Serving(
    { clock: node.clock, log, recorder },
    { host, token, what: 'node', hint: '/docs lists what there is' },
  )
  const { app, access, stopping } = serving
  const render = new Renderer(node)
  const events = new EventStream({ sources: node, render })
  const arrivals = new Arrivals(node)
  const columns = new BlockColumns({ chain: node.chain, arrivals })
  let stopped: Promise<void> | undefined

  const context = { node, render, stopping }
  app.addHook('onRequest', (_request, _reply, done) => {
    node.courtesy.asked()
    done()
  })
  docsRoutes(app, async () => (await import('./docs/about-node.ts')).aboutNode)
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
  eventRoutes(app, '/api/v1/events', events)
  metricsRoutes(app, () => [...gaugesOf(node, () => events.listening), ...recorder.metrics])
  labRoutes(app, context)
  await app.register(servePage, { folder: options.pageFolder ?? PAGE_FOLDER })
  await app.ready()

  const stop = async (): Promise<void> => {
    serving.beginStop()
    events.stop()
    recorder.stop()
    columns.stop()
    arrivals.stop()
    await serving.stop()
  }

  return {
    get url() {
      return serving.url
    },
    get lanUrls() {
      return serving.lanUrls
    },
    async start() {
      await serving.start(options)
      events.start()
      recorder.start(node)
      arrivals.start()
      columns.start()
    },
    stop: () => (stopped ??= stop()),
  }
}
