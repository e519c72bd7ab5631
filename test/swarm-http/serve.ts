/** Real nodes in memory, and the swarm's HTTP interface on a free port. */
import { pino } from 'pino'
import type { HttpServer, ServerOptions } from '../../src/http/server.ts'
import { createSwarmClient, type SwarmClient } from '../../src/swarm-http/client.ts'
import { createSwarmServer } from '../../src/swarm-http/server.ts'
import { createSwarm } from '../../src/swarm/create-swarm.ts'
import type { SwarmOptions } from '../../src/swarm/options.ts'
import type { Swarm } from '../../src/swarm/swarm.ts'
import { type Answer, ask, TOKEN } from '../http/serve.ts'

export interface ServedSwarm extends AsyncDisposable {
  swarm: Swarm
  server: HttpServer
  /** With the token. */
  client: SwarmClient
  /** With the token; a body that is given is sent as JSON. */
  post(what: string, body: unknown): Promise<Answer>
}

export async function serveSwarm(options: SwarmOptions, serverOptions: Partial<ServerOptions> = {}): Promise<ServedSwarm> {
  const swarm = await createSwarm({ seed: 7, ...options })
  const log = pino({ level: 'silent' })
  const server = await createSwarmServer(swarm, { host: '127.0.0.1', port: 0, explicitPort: true, token: TOKEN, log, ...serverOptions })
  await server.start()
  const { url } = server
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
  return {
    swarm,
    server,
    client: createSwarmClient({ url, token: TOKEN }),
    post: (what, body) => ask(url, 'POST', `/api/v1/swarm/${what}`, { headers, body: JSON.stringify(body) }),
    async [Symbol.asyncDispose]() {
      await server.stop()
      await swarm.stop()
    },
  }
}
