/**
 * The HTTP interface of a swarm: the page that shows all its nodes, `/api/v1/swarm`, and `/docs`. What a request passes before it
 * reaches a route is as with a node (http/serving.ts); whatever changes something needs the token.
 *
 * @example
 *   const server = await createSwarmServer(swarm, { host: '127.0.0.1', port: 5050, explicitPort: false, token, log })
 *   await server.start()
 *   console.log(`${server.url}/#${token}`)
 *   await server.stop()
 */
import { EventChannel, eventRoutes } from '../http/event-channel.ts'
import { PAGE_FOLDER, servePage } from '../http/page.ts'
import { docsRoutes } from '../http/routes/docs.ts'
import type { HttpServer, ServerOptions } from '../http/server.ts'
import { Serving } from '../http/serving.ts'
import type { Swarm } from '../swarm/swarm.ts'
import type { SwarmApiEvents } from './api.ts'
import { SwarmBook } from './book.ts'
import { conditionRoutes } from './routes/conditions.ts'
import { nodeRoutes } from './routes/nodes.ts'
import { readingRoutes } from './routes/reading.ts'

/** @returns as a node's: the swarm must run at `start()`, and is stopped after it */
export async function createSwarmServer(swarm: Swarm, options: ServerOptions): Promise<HttpServer> {
  const { host, token, log } = options
  const { clock } = swarm
  const serving = new Serving(
    { clock, log },
    { host, token, what: 'swarm', hint: '/docs lists what there is', tokenIs: 'in the address that cairn swarm prints' },
  )
  const { app, stopping } = serving
  const book = new SwarmBook(swarm)
  const channel = new EventChannel<SwarmApiEvents>({ clock })
  let stopped: Promise<void> | undefined

  const context = { swarm, book, stopping }
  docsRoutes(app, async () => (await import('./about-swarm.ts')).aboutSwarm)
  readingRoutes(app, context)
  eventRoutes(app, '/api/v1/swarm/events', channel)
  nodeRoutes(app, context)
  conditionRoutes(app, context)
  await app.register(servePage, { folder: options.pageFolder ?? PAGE_FOLDER, what: 'swarm' })
  await app.ready()

  const stop = async (): Promise<void> => {
    serving.beginStop()
    book.stop()
    channel.stop()
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
      channel.start()
      book.start((change) => channel.publish('swarm:changed', change))
    },
    stop: () => (stopped ??= stop()),
  }
}
