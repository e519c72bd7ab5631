/** A real node, in memory, on the network for tests, with its HTTP interface on a free port. */
import { Agent, request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http'
import { type Client, createClient } from '../../src/http/client.ts'
import { createServer, type HttpServer, type ServerOptions } from '../../src/http/server.ts'
import { createNode, type Node } from '../../src/node/node.ts'
import type { NodeOptions } from '../../src/node/options.ts'

export const TOKEN = 'f00d'.repeat(16)

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** The text parsed; fails where it is no JSON. */
  json(): any // oxlint-disable-line typescript/no-explicit-any -- tests compare it whole
}

export interface Served extends AsyncDisposable {
  node: Node
  server: HttpServer
  /** With the token. */
  client: Client
  /** Without. */
  stranger: Client
  /** A request as it stands: no header is added but Host, and a Host that is given is sent. */
  ask(method: string, path: string, options?: { headers?: OutgoingHttpHeaders; body?: string | Uint8Array }): Promise<Answer>
}

export async function serve(nodeOptions: NodeOptions = {}, serverOptions: Partial<ServerOptions> = {}): Promise<Served> {
  const node = createNode({ network: 'local', transport: 'memory', threads: 1, ...nodeOptions })
  await node.start()
  const server = await createServer(node, {
    host: '127.0.0.1',
    port: 0,
    explicitPort: true,
    token: TOKEN,
    log: node.log,
    ...serverOptions,
  })
  try {
    await server.start()
  } catch (error) {
    await node.stop()
    throw error
  }
  const { url } = server
  return {
    node,
    server,
    client: createClient({ url, token: TOKEN }),
    stranger: createClient({ url }),
    ask: (method, path, options) => ask(url, method, path, options),
    async [Symbol.asyncDispose]() {
      await server.stop()
      await node.stop()
    },
  }
}

/** One connection for one request after the other. */
const keepAlive = new Agent({ keepAlive: true })

/** By node:http, because fetch sends what it likes as Host, Origin and Sec-Fetch-Site. */
export function ask(
  url: string,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: OutgoingHttpHeaders; body?: string | Uint8Array } = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const { hostname, port } = new URL(url)
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  const request = httpRequest(
    { hostname, port, method, path, headers: { ...length, ...headers }, agent: keepAlive },
    (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: () => JSON.parse(text) }),
      )
    },
  )
  request.on('error', reject)
  request.end(body)
  return promise
}
