/**
 * How a call to a node fails, for whoever called: one error with a stable code. What the node itself says is in
 * `{ "error": { "code", "message" } }`, and keeps its code; two codes are the client's own, for where no node said anything.
 *
 * @example
 *   try {
 *     await client.send({ recipient, amount })
 *   } catch (error) {
 *     if (error instanceof ApiFailure && error.code === 'wallet-locked') await client.unlockWallet({ passphrase })
 *     else throw error
 *   }
 */
import type { ApiError } from './api.ts'

/** A request that the node refused, or that did not reach it. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  /** The node's stable word for what is wrong, or `node-unreachable`, `not-a-node`. */
  readonly code: string
  /** HTTP status; 0 where there was no answer. */
  readonly status: number

  constructor(code: string, message: string, status: number) {
    super(message)
    this.code = code
    this.status = status
  }

  /** Whether another try may fare better: nobody there, no room, stopping, too many requests. */
  get mayPass(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

/** Nothing answers at an address, or what answered broke off. */
export const unreachable = (base: string, error: unknown): ApiFailure =>
  new ApiFailure('node-unreachable', `no node answers at ${base || 'this address'} (${cause(error)}): is it running?`, 0)

/** An answer by which the node refused. */
export async function refusal(response: Response, base: string): Promise<ApiFailure> {
  const text = await response.text().catch(() => '')
  try {
    const { code, message } = (JSON.parse(text) as ApiError).error // the form of every error of a node
    return new ApiFailure(code, message, response.status)
  } catch {
    return new ApiFailure(
      'not-a-node',
      `${base || 'this address'} answered ${response.status} without saying why: is it a Cairn node?`,
      response.status,
    )
  }
}

/** What fetch hides: its own message is only "fetch failed". */
function cause(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message
}
