/**
 * Asks a node's HTTP interface from the network namespace that this runs in:
 *
 *   echo '[{ "path": "/", "host": "10.77.0.1:5050" }]' | node ask-there.ts ADDRESS      prints what it heard, as JSON
 */
import { Agent, request } from 'node:http'
import { json } from 'node:stream/consumers'

export interface Asked {
  /** @default GET */
  method?: string
  path: string
  /** The Host header. */
  host?: string
  headers?: Record<string, string>
  body?: object
}

export interface Heard {
  path: string
  status: number
  /** The first 1 000 characters. */
  text: string
}

const [address = ''] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: 4 })

const ask = ({ method = 'GET', path, host, headers = {}, body }: Asked): Promise<Heard> =>
  new Promise((resolve, reject) => {
    const content = body === undefined ? {} : { 'content-type': 'application/json' }
    const asking = request({ host: address, port: 5050, method, path, agent, headers: { host, ...content, ...headers } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ path, status: response.statusCode ?? 0, text: text.slice(0, 1_000) }))
      response.on('error', reject)
    })
    asking.on('error', reject)
    asking.end(body && JSON.stringify(body))
  })

const heard = await Promise.all(((await json(process.stdin)) as Asked[]).map(ask))
agent.destroy()
console.log(JSON.stringify(heard))
