/**
 * The lines that join nodes to a network: what they carry a second, and how long a block is on its way over them.
 *
 * A node's line is one, however many peers it sends to. What it begins to send together (a block, to each of its mesh)
 * leaves together: TCP connections share a line fairly, so the first copy is there hardly sooner than the last. What comes
 * later waits until that has left. `in turn` sends one copy after the other, which no node does today: a model may ask for it.
 *
 *   copy i of k has left at   start + k × bytes ÷ upload            fairly
 *                             start + (i + 1) × bytes ÷ upload      in turn
 *   and arrives               latency later, but not before the round trips that TCP's slow start takes, and when the
 *                             receiver's line has carried it, in the order of arrival
 *
 * Slow start (RFC 5681, with the first window of RFC 6928): ten packets in the first round trip, twice as many in each
 * further one. A connection on which blocks are seldom begins anew with each.
 */

/** Of every node's line. */
export interface Line {
  uploadBytesPerSecond: number
  downloadBytesPerSecond: number
  /** Whether each block begins with TCP's slow start. */
  slowStart: boolean
}

export type Sending = 'fairly' | 'in turn'

/** Ten packets of an Ethernet frame's. */
const FIRST_WINDOW_BYTES = 14_600

export class Lines {
  readonly #line: Line
  readonly #sending: Sending
  /** By node: when what it sent has left, and when what it was sent has come, ms. */
  readonly #sentAt: Float64Array
  readonly #takenAt: Float64Array
  /** By node. */
  readonly sentBytes: Float64Array
  readonly receivedBytes: Float64Array

  constructor(nodes: number, line: Line, sending: Sending) {
    this.#line = line
    this.#sending = sending
    this.#sentAt = new Float64Array(nodes)
    this.#takenAt = new Float64Array(nodes)
    this.sentBytes = new Float64Array(nodes)
    this.receivedBytes = new Float64Array(nodes)
  }

  /**
   * A node begins to send so many copies.
   * @returns when it can: to be given to `arrivalMs` for each of them
   */
  begin(node: number, copies: number, bytes: number, now: number): number {
    const start = Math.max(now, this.#sentAt[node] ?? 0)
    this.#sentAt[node] = start + this.#uploadMs(copies * bytes)
    this.sentBytes[node] = (this.sentBytes[node] ?? 0) + copies * bytes
    return start
  }

  /** When copy `index` of those that began together would be at the other end of its link, if the line there is free, ms. */
  arrivalMs({ start, index, copies, bytes, latencyMs }: { start: number; index: number; copies: number; bytes: number; latencyMs: number }): number {
    const left = start + this.#uploadMs(bytes * (this.#sending === 'fairly' ? copies : index + 1))
    const windows = this.#line.slowStart ? Math.ceil(Math.log2(bytes / FIRST_WINDOW_BYTES + 1)) : 1
    return Math.max(left, start + Math.max(0, windows - 1) * 2 * latencyMs) + latencyMs
  }

  /** A node is sent so much, which is there now but for its own line. @returns when that has carried it, ms */
  takeMs(node: number, bytes: number, now: number): number {
    const free = (this.#takenAt[node] ?? 0) + (bytes * 1_000) / this.#line.downloadBytesPerSecond
    this.receivedBytes[node] = (this.receivedBytes[node] ?? 0) + bytes
    return (this.#takenAt[node] = Math.max(now, free))
  }

  /** What is too small to wait for: it costs its bytes, at both ends of a link. */
  count(from: number, to: number, bytes: number): void {
    this.sentBytes[from] = (this.sentBytes[from] ?? 0) + bytes
    this.receivedBytes[to] = (this.receivedBytes[to] ?? 0) + bytes
  }

  #uploadMs(bytes: number): number {
    return (bytes * 1_000) / this.#line.uploadBytesPerSecond
  }
}
