/**
 * Calls to an HTTP interface of this house, whatever it serves: JSON and server-sent events, and every way to fail as one
 * `ApiFailure`. It needs `fetch` and nothing else, so it runs in a browser as it is.
 *
 * @example
 *   const { get, post } = createCaller({ url: 'http://127.0.0.1:5050', token })
 *   const { height } = await get<Status>('/api/v1/status')
 */
import { ApiFailure, refusal, unreachable } from './api-failure.ts'
import { type AnyEvent, type Cursor, readEvents } from './event-reader.ts'

export interface ClientOptions {
  /** `http://host:port`, without a path; '' in a page that the node itself served. */
  url: string
  /** Needed by whatever uses the node's keys, processor or settings. */
  token?: string
}

/** Of every call: `signal` gives it up. A cancelled call rejects with the signal's reason. */
export interface CallOptions {
  signal?: AbortSignal
}

type Query = Record<string, string | number | undefined>

export interface Caller {
  /** The caller names what the route answers: who serves it is of the same version. */
  get<Answer>(path: string, query?: Query, options?: CallOptions): Promise<Answer>
  post<Answer>(path: string, body: unknown, options?: CallOptions): Promise<Answer>
  /** What an answer is where bytes are asked for and not JSON. */
  bytes(path: string, options?: CallOptions): Promise<Uint8Array>
  /** One event stream. A silence that is too long is told as it is; any other end by the address. */
  listen<Event extends AnyEvent>(
    path: string, cursor: Cursor, signal?: AbortSignal, onOpen?: () => void, maxSilenceMs?: number,
  ): AsyncGenerator<Event, void, undefined>
}

/** @throws ApiFailure `url-invalid` */
export function createCaller({ url, token }: ClientOptions): Caller {
  const base = baseOf(url)
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }

  async function open(path: string, init: RequestInit): Promise<Response> {
    let response: Response
    try {
      response = await fetch(base + path, { ...init, headers: { ...authorization, ...init.headers } })
    } catch (error) {
      throw lost(error, init.signal)
    }
    if (!response.ok) throw await refusal(response, base)
    return response
  }
  const lost = (error: unknown, signal: AbortSignal | null | undefined): unknown =>
    signal?.aborted ? signal.reason : unreachable(base, error)

  async function call<Answer>(path: string, init: RequestInit): Promise<Answer> {
    const response = await open(path, init)
    try {
      return (await response.json()) as Answer
    } catch (error) {
      if (error instanceof SyntaxError)
        throw new ApiFailure('not-a-node', `${base}${path} answered something other than JSON`, response.status)
      throw lost(error, init.signal)
    }
  }

  return {
    get(path, query = {}, { signal } = {}) {
      const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
      return call(given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`, { signal })
    },
    post: (path, body, { signal } = {}) =>
      call(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal }),
    async bytes(path, { signal } = {}) {
      const response = await open(path, { headers: { accept: 'application/octet-stream' }, signal })
      try {
        return new Uint8Array(await response.arrayBuffer())
      } catch (error) {
        throw lost(error, signal)
      }
    },
    async *listen<Event extends AnyEvent>(path: string, cursor: Cursor, signal?: AbortSignal, onOpen?: () => void, maxSilenceMs?: number) {
      const headers: Record<string, string> = cursor.id === undefined ? {} : { 'last-event-id': cursor.id }
      const { body, headers: answered, status } = await open(path, { headers, signal })
      if (body === null || !answered.get('content-type')?.startsWith('text/event-stream')) {
        await body?.cancel()
        throw new ApiFailure('not-a-node', `${base}${path} answered something other than events`, status)
      }
      onOpen?.()
      try {
        yield* readEvents<Event>(body, cursor, maxSilenceMs)
      } catch (error) {
        throw error instanceof ApiFailure ? error : lost(error, signal)
      }
    },
  }
}

/** The address without its last slash; '' stays, and is the page's own. */
function baseOf(url: string): string {
  if (url === '') return ''
  const given = URL.parse(url)
  if (given !== null && /^https?:$/.test(given.protocol) && given.pathname + given.search + given.hash === '/') return given.origin
  throw new ApiFailure('url-invalid', `${JSON.stringify(url)} is no node's address: give http://HOST:PORT, without a path`, 0)
}
