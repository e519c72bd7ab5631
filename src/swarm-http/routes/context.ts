/** What every group of a swarm's routes is given, and what they share. */
import type { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { HttpError } from '../../http/http-error.ts'
import { answerWhenDone } from '../../http/long-answer.ts'
import type { Node } from '../../node/node.ts'
import { NotConnectedError } from '../../swarm/cabling.ts'
import type { Swarm } from '../../swarm/swarm.ts'
import type { SwarmStatus } from '../api.ts'
import type { SwarmBook } from '../book.ts'

export interface SwarmContext {
  /** Running. */
  swarm: Swarm
  book: SwarmBook
  /** Aborts when the server stops; its reason is the answer to whoever still waits. */
  stopping: AbortSignal
}

/** @throws HttpError `swarm-node-unknown` */
export function nodeAt(swarm: Swarm, at: number): Node {
  const node = swarm.nodes[at]
  if (node !== undefined) return node
  throw new HttpError(404, 'swarm-node-unknown', `there is no node ${at}: they are 0 to ${swarm.nodes.length - 1}`)
}

/** @throws HttpError `swarm-node-unknown`, `swarm-node-stopped` */
export function runningNodeAt(swarm: Swarm, at: number): Node {
  const node = nodeAt(swarm, at)
  if (node.running) return node
  throw new HttpError(409, 'swarm-node-stopped', `node ${at} does not run: start it with POST /api/v1/swarm/restart`)
}

/** @throws HttpError `swarm-node-unknown`, `swarm-link-unknown` */
export function checkLink(swarm: Swarm, [a, b]: readonly [number, number]): void {
  for (const at of [a, b]) nodeAt(swarm, at)
  if (swarm.edges.some((edge) => edge.includes(a) && edge.includes(b))) return
  throw new HttpError(404, 'swarm-link-unknown', `there is no link between ${a} and ${b}: GET /api/v1/swarm lists those there are, as edges`)
}

/**
 * How the swarm is once the work is done. The work is finished whether or not somebody waits for it: a network half
 * healed is no use to anybody.
 */
export function statusAfter({ swarm, book, stopping }: SwarmContext, reply: FastifyReply, work: Promise<unknown>): Promise<SwarmStatus | Readable> {
  return answerWhenDone(reply, unlessAborted(work, stopping).then(() => book.status()), swarm.clock)
}

/** As the work ends; or rejects with the signal's reason, and leaves the work to itself. */
function unlessAborted(work: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, (error: unknown) => reject(refusalOf(error))).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** The swarm says what is wrong, and what to do, in plain errors of one line. */
function refusalOf(error: unknown): unknown {
  if (error instanceof RangeError) return new HttpError(400, 'bad-request', error.message)
  if (error instanceof NotConnectedError) return new HttpError(422, 'swarm-not-connected', error.message)
  return error
}

/** What the swarm refuses at once, as an answer. */
export function refusing<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw refusalOf(error)
  }
}
