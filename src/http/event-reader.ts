/**
 * Reads a node's event stream for the client: one connection (`readEvents`), or one after the other for as long as the
 * caller listens (`followEvents`).
 *
 * Following, in order: connect, after the last id that the node gave → hand on events → when the connection breaks, ends
 * or is silent for too long, tell the caller, pause, and connect again. The pause doubles with each try that fails. What
 * was missed meanwhile comes first; where the node no longer has it, the event `reset` does, and the caller reads again.
 *
 * Fails with the signal's reason, or with the `ApiFailure` of a node that refuses for good: any 4xx but 429.
 */
import { ApiFailure } from './api-failure.ts'

/** What a stream gives: an event's name, its data, and the id that continues after it. */
export interface AnyEvent {
  id: string
  event: string
  data: unknown
}

/** Where a stream stands: the last id that the node gave, be it with an event or alone. */
export interface Cursor {
  id: string | undefined
}

/** What a node sends at the latest every 15 s is a comment; three of them missing means that nobody is there. */
const MAX_SILENCE_MS = 45_000
const RETRY_MS = 500
/** The longest pause, in first pauses. */
const MOST_RETRIES = 10

export interface FollowOptions {
  /** Gives it up: the generator then throws the signal's reason. */
  signal?: AbortSignal
  /** The last event seen; without it, events begin now. */
  lastEventId?: string
  /** Called each time the node listens for this caller: whatever changes after that is an event. */
  onOpen?: () => void
  /** Called each time the connection is lost, or not to be had; another try follows `retryMs` later. */
  onLost?: (why: ApiFailure, retryMs: number) => void
  /** The first pause before another try, ms; each that fails doubles it, up to ten times. @default 500 */
  retryMs?: number
  /** A connection that is silent for so long is given up, ms. @default 45000 */
  maxSilenceMs?: number
}

/**
 * Events of one connection after the other, without end.
 * @param connect one connection: its events, and the cursor moved on
 */
export async function* followEvents<Event extends AnyEvent>(
  connect: (cursor: Cursor, onOpen: () => void, maxSilenceMs: number) => AsyncGenerator<Event, void, undefined>,
  { signal, lastEventId, onOpen, onLost, retryMs = RETRY_MS, maxSilenceMs = MAX_SILENCE_MS }: FollowOptions,
): AsyncGenerator<Event, never, undefined> {
  const cursor: Cursor = { id: lastEventId }
  let pauseMs = retryMs
  const opened = (): void => {
    pauseMs = retryMs
    onOpen?.()
  }
  for (;;) {
    let why = new ApiFailure('node-unreachable', 'the node ended the event stream', 0)
    try {
      yield* connect(cursor, opened, maxSilenceMs)
    } catch (error) {
      if (signal?.aborted || !(error instanceof ApiFailure) || !error.mayPass) throw error
      why = error
    }
    onLost?.(why, pauseMs)
    await pause(pauseMs, signal)
    pauseMs = Math.min(pauseMs * 2, retryMs * MOST_RETRIES)
  }
}

/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), as far as the node speaks them:
 * lines end with a line feed and an event's data is one line of JSON.
 * @param cursor moved on with each id
 * @throws ApiFailure `node-unreachable` where nothing comes for `maxSilenceMs`
 */
export async function* readEvents<Event extends AnyEvent>(
  body: ReadableStream<Uint8Array>,
  cursor: Cursor,
  maxSilenceMs = Infinity,
): AsyncGenerator<Event, void, undefined> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let rest = ''
  let fields: Record<string, string> = {}
  try {
    for (;;) {
      const { done, value } = await unlessSilent(reader.read(), maxSilenceMs)
      if (done) return
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line !== '') {
          const at = line.indexOf(': ')
          if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2)
          continue
        }
        const { id, event, data = '{}' } = fields
        fields = {}
        cursor.id = id ?? cursor.id
        // The names and shapes are those of whoever serves the stream.
        if (event !== undefined) yield { id: cursor.id ?? '', event, data: JSON.parse(data) as unknown } as Event
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined) // frees the connection when the caller stops listening
  }
}

/** A reading, or a failure once it takes too long. */
function unlessSilent<Read>(reading: Promise<Read>, maxSilenceMs: number): Promise<Read> {
  if (maxSilenceMs === Infinity) return reading
  return new Promise((resolve, reject) => {
    const silence = `the node said nothing for ${maxSilenceMs / 1_000} s`
    const timer = setTimeout(() => reject(new ApiFailure('node-unreachable', silence, 0)), maxSilenceMs)
    reading.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** Resolves after so long; rejects with the signal's reason. */
function pause(pauseMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, pauseMs)
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
  })
}
