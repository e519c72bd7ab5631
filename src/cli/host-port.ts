/** Where the HTTP interface listens, as it is typed after `--http`. */
import { parseWhole } from './amounts.ts'
import { Refusal } from './failure.ts'
import { quote } from './text.ts'

/** `127.0.0.1:5050`, `localhost:0` (any free port), `[::1]:5050`. */
export function parseHostPort(text: string): { host: string; port: number } {
  const [, ipv6, name, port] = /^(?:\[([^\]]+)\]|([^:\s]+)):([^:]*)$/.exec(text) ?? []
  const host = ipv6 ?? name
  if (host === undefined || port === undefined) {
    throw new Refusal(`--http: ${quote(text)} is not HOST:PORT; 127.0.0.1:5050 is, and port 0 takes any free one`)
  }
  return { host, port: parseWhole('--http port', port, 0, 65_535) }
}
