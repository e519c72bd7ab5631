/**
 * Who may ask this node for what. A web page that somebody on this machine happens to open can send requests to
 * 127.0.0.1 too, and by rebinding its own name's DNS even read the answers; so every request is checked, in order:
 *
 *   1. Host            `localhost`, this machine's name, or an IP literal of its own, with our port: a rebound name is
 *                      none of these, and an IP literal cannot be rebound              → 403 `foreign-host`
 *                      Where other machines may read, NAME.local too, by which they find this one. (Anybody on a LAN
 *                      may answer for such a name, so it is none of ours where nobody needs it.)
 *   2. Origin          absent, or the very address that the request was sent to        → 403 `foreign-origin`
 *   3. Sec-Fetch-Site  absent, `same-origin`, or `none` (typed into the address bar)   → 403 `foreign-site`
 *   4. the token       for routes that use keys, processor or settings                 → 401 `token-missing`, `token-wrong`
 *
 * Besides: no answer carries a CORS header, bodies must be JSON (which a form cannot send), and the headers below keep
 * the page itself from loading or running anything that is not the node's own.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { HttpError } from './http-error.ts'
import { isFromHere } from './urls.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `open`: no token. `token`: uses this node's keys, processor or settings. Every route says which it is. */
    access?: 'open' | 'token'
  }
}

/** On every answer. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** What this machine is called. */
export interface Machine {
  hostname: string
  /** IP addresses of its interfaces now, as text. */
  addresses(): string[]
}

const thisMachine: Machine = {
  hostname: hostname(),
  addresses: () => Object.values(networkInterfaces()).flatMap((own) => (own ?? []).map(({ address }) => address)),
}

/** Where the token of a node is. */
const WITH_NODE = 'in the data folder, and in the address that the node prints'

/** `name:port`, `1.2.3.4:port`, `[::1]:port`; the port may be left out. */
const HOST = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::([1-9]\d{0,4}))?$/

export class Access {
  readonly #names: Set<string>
  /** An address that was ours once stays allowed: reading the interfaces is not for every request. */
  readonly #addresses = new Set<string>()
  readonly #machine: Machine
  readonly #tokenDigest: Buffer
  readonly #tokenIs: string

  /**
   * @param options.host what the server listens on: what was asked for by `--http 127.0.0.5:5050` is an address of ours
   * @param options.tokenIs where people find the token, to follow "the token is". @default as a node's people do
   */
  constructor({ token, host, tokenIs = WITH_NODE }: { token: string; host: string; tokenIs?: string }, machine = thisMachine) {
    const name = machine.hostname.toLowerCase()
    this.#names = new Set(['localhost', name, host.toLowerCase()])
    if (!isFromHere(host)) this.#names.add(`${name.replace(/\..*/, '')}.local`)
    for (const anyAddress of ['0.0.0.0', '::']) this.#names.delete(anyAddress)
    this.#machine = machine
    this.#tokenDigest = digest(token)
    this.#tokenIs = tokenIs
  }

  /**
   * Checks 1 to 3: that the request is not some other site's.
   * @param port the port that it came in on
   */
  checkCaller(headers: IncomingHttpHeaders, port: number): void {
    const host = headers.host?.toLowerCase() ?? ''
    if (!this.#isOurs(host, port)) {
      throw new HttpError(
        403,
        'foreign-host',
        `"${host.slice(0, 80)}" is not an address of this node: use http://localhost:${port}`,
      )
    }
    const { origin } = headers
    if (origin !== undefined && origin.toLowerCase() !== `http://${host}`) {
      throw new HttpError(
        403,
        'foreign-origin',
        `pages of ${origin.slice(0, 80)} may not use this node: open the node's own page`,
      )
    }
    const site = headers['sec-fetch-site']
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      throw new HttpError(403, 'foreign-site', `another site may not lead here: type http://${host}/ into the address bar`)
    }
  }

  /** Check 4, in a time that does not depend on how much of the token is right. */
  checkToken(headers: IncomingHttpHeaders): void {
    if (headers.authorization === undefined) {
      throw new HttpError(
        401,
        'token-missing',
        `this needs "Authorization: Bearer TOKEN": the token is ${this.#tokenIs}`,
        BEARER,
      )
    }
    if (!this.hasToken(headers)) {
      throw new HttpError(
        401,
        'token-wrong',
        `that is not the right token: it is ${this.#tokenIs}`,
        BEARER,
      )
    }
  }

  hasToken(headers: IncomingHttpHeaders): boolean {
    const token = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
    return token !== undefined && timingSafeEqual(digest(token), this.#tokenDigest)
  }

  #isOurs(host: string, port: number): boolean {
    const [, ipv6, other, asked] = HOST.exec(host) ?? []
    const name = ipv6 ?? other
    if (name === undefined || Number(asked ?? 80) !== port) return false
    if (this.#names.has(name) || this.#addresses.has(name)) return true
    if (isIP(name) === 0) return false
    for (const address of this.#machine.addresses()) this.#addresses.add(address)
    return this.#addresses.has(name)
  }
}

const BEARER = { 'www-authenticate': 'Bearer' }

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
