/** What this room itself refuses. How it, and every other error, is answered: failure.ts. */

/** A request that this room refuses, or a server that cannot start. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: number
  readonly code: string
  /** Headers that belong to the answer: `allow`, `retry-after`, `www-authenticate`. */
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}
