/**
 * The cables of a swarm, as a model: how long a message is on its way from one node to another, and which ways are cut.
 *
 * Each way of a link has conditions of its own. A message of `bytes` that is sent at `now` arrives after
 *
 *   queue + sending + latency + jitter + repeats, and never before what was sent earlier on that way
 *
 *   queue     until what was sent before has left: bandwidth is shared in the order of sending
 *   sending   bytes ÷ (1 − loss) ÷ bytesPerSecond: what is lost is sent again
 *   jitter    uniform in [0, jitterMs)
 *   repeats   loss on a reliable stream is delay. The message is n = ⌈bytes ÷ 1 460⌉ packets (an Ethernet frame's), each
 *             lost with probability p each time it is sent, and arrives with the unluckiest of them:
 *             P(at most k repeats) = (1 − p^(k+1))^n. The first repeat comes a round trip later where at least three
 *             packets follow in the message (RFC 5681, fast retransmit), else after the timeout
 *             RTO = max(200 ms, round trip + 4 × jitter) (RFC 6298, with the least that Linux takes). Every further one
 *             waits twice as long as the one before, at most a minute, as TCP does.
 *
 * Not modelled: congestion (a way that is full only queues), the size of TCP's window, acknowledgements' own bytes.
 *
 * A cut way carries nothing. Whoever carries messages ends their connections when a link is cut, at once and on both
 * sides, where a pulled cable would show only after the keep-alive's twenty seconds.
 *
 * No clock and no timer of its own: the caller says what time it is, real or virtual.
 *
 * @example
 *   const links = new Links({ conditions: { latencyMs: 20, loss: 0.01 }, random: random.fork('links') })
 *   links.set(0, 1, { latencyMs: 200 })          // only from 0 to 1
 *   setTimeout(deliver, links.delayMs(0, 1, 1_200, Date.now()))
 *   links.partition([[0, 1], [2, 3]])
 */
import type { Random } from './random.ts'

/** Of one way of a link. */
export interface LinkConditions {
  /** From end to end, ms. @default 0 */
  latencyMs: number
  /** A message takes up to so much longer, ms. @default 0 */
  jitterMs: number
  /** Of packets, 0 to less than 1. @default 0 */
  loss: number
  /** @default Infinity */
  bytesPerSecond: number
}

export type LinksChange = 'cut' | 'healed' | 'conditions'

/** A cable that is not there. */
export const PERFECT: Readonly<LinkConditions> = { latencyMs: 0, jitterMs: 0, loss: 0, bytesPerSecond: Infinity }

/** An Ethernet frame of 1 500 bytes without the headers of IP and TCP. */
const PACKET_BYTES = 1_460
/** RFC 6298 says a second; Linux takes this. */
const MIN_TIMEOUT_MS = 200
const MAX_TIMEOUT_MS = 60_000
/** Packets that have to follow one that is lost, to be noticed before the timeout. */
const DUPLICATES = 3
/** Nodes are numbered below this: a pair of them is one number. */
const MAX_NODES = 2 ** 20

interface Way {
  /** When the last message has left. */
  freeAt: number
  /** When it arrives. */
  lastAt: number
}

export class Links {
  readonly #random: Random
  #conditions: Readonly<LinkConditions>
  readonly #own = new Map<number, Readonly<LinkConditions>>()
  readonly #ways = new Map<number, Way>()
  readonly #cut = new Set<number>()
  /** Ways that pass whatever the parts are. */
  readonly #mended = new Set<number>()
  /** Which part each node is in; undefined where the network is whole. */
  #parts: Map<number, number> | undefined
  readonly #listeners = new Set<(change: LinksChange) => void>()

  /**
   * @param conditions of every way that has none of its own
   * @throws RangeError naming the condition and what it must be
   */
  constructor({ conditions = {}, random }: { conditions?: Partial<LinkConditions>; random: Random }) {
    this.#conditions = checked({ ...PERFECT, ...conditions })
    this.#random = random
  }

  /** Calls back after each change. @returns ends that */
  onChange(listener: (change: LinksChange) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Sets conditions of the way from a to b; those that are not given stay. @throws RangeError */
  set(a: number, b: number, conditions: Partial<LinkConditions>): void {
    this.#own.set(wayOf(a, b), checked({ ...this.between(a, b), ...conditions }))
    this.#tell('conditions')
  }

  /** Sets conditions of every way, also of those that had their own; those that are not given stay. @throws RangeError */
  setAll(conditions: Partial<LinkConditions>): void {
    this.#conditions = checked({ ...this.#conditions, ...conditions })
    for (const [way, own] of this.#own) this.#own.set(way, { ...own, ...conditions })
    this.#tell('conditions')
  }

  /** Of every way that has none of its own. */
  get conditions(): Readonly<LinkConditions> {
    return this.#conditions
  }

  /** The conditions from a to b. */
  between(a: number, b: number): Readonly<LinkConditions> {
    return this.#own.get(wayOf(a, b)) ?? this.#conditions
  }

  /**
   * Parts the network: only nodes of one group reach each other, and a node in no group is alone. Takes the place of an
   * earlier partition.
   * @throws RangeError for a node in two groups
   */
  partition(groups: readonly (readonly number[])[]): void {
    const parts = new Map<number, number>()
    for (const [part, group] of groups.entries()) {
      for (const node of group) {
        checkNode(node)
        if (parts.has(node)) throw new RangeError(`partition: node ${node} is in two groups, a node can be in one`)
        parts.set(node, part)
      }
    }
    this.#parts = parts
    this.#mended.clear()
    this.#tell('cut')
  }

  /** Cuts the link of two nodes, both ways. */
  cut(a: number, b: number): void {
    for (const way of [wayOf(a, b), wayOf(b, a)]) {
      this.#cut.add(way)
      this.#mended.delete(way)
    }
    this.#tell('cut')
  }

  /** Ends the cut of the link of two nodes, both ways, also one that a partition makes: the other links stay as they are. */
  mend(a: number, b: number): void {
    for (const way of [wayOf(a, b), wayOf(b, a)]) {
      this.#cut.delete(way)
      this.#mended.add(way)
    }
    this.#tell('healed')
  }

  /** Ends every partition and cut. */
  heal(): void {
    this.#parts = undefined
    this.#cut.clear()
    this.#mended.clear()
    this.#tell('healed')
  }

  isCut(a: number, b: number): boolean {
    if (a === b) return false
    const part = this.#parts?.get(a)
    const apart = this.#parts !== undefined && (part === undefined || part !== this.#parts.get(b))
    return (apart && !this.#mended.has(wayOf(a, b))) || this.#cut.has(wayOf(a, b))
  }

  /**
   * How long a message is on its way; takes note of it, so each message is to be asked for once and in the order of
   * sending.
   * @param now any clock that does not go back, ms
   * @returns ms; Infinity where the link is cut
   */
  delayMs(a: number, b: number, bytes: number, now: number): number {
    // Two draws for each message, whatever its conditions: a change of them shifts nobody's numbers.
    const [jitter, luck] = [this.#random.next(), this.#random.next()]
    if (this.isCut(a, b)) return Infinity
    const { latencyMs, jitterMs, loss, bytesPerSecond } = this.between(a, b)
    const way = this.#ways.get(wayOf(a, b)) ?? { freeAt: now, lastAt: now }
    way.freeAt = Math.max(now, way.freeAt) + (bytes * 1_000) / (1 - loss) / bytesPerSecond
    const repeats = loss === 0 ? 0 : this.#repeatsMs(a, b, bytes, luck)
    way.lastAt = Math.max(way.lastAt, way.freeAt + latencyMs + jitter * jitterMs + repeats)
    this.#ways.set(wayOf(a, b), way)
    return way.lastAt - now
  }

  /** Time that lost packets cost a message, by its luck in [0, 1). */
  #repeatsMs(a: number, b: number, bytes: number, luck: number): number {
    const { latencyMs, jitterMs, loss } = this.between(a, b)
    const packets = Math.max(1, Math.ceil(bytes / PACKET_BYTES))
    const unlucky = -Math.expm1(Math.log(luck) / packets) // 1 − luck^(1 ÷ packets), which would round to 0
    const repeats = Math.ceil(Math.log(unlucky) / Math.log(loss)) - 1
    const roundTripMs = latencyMs + this.between(b, a).latencyMs
    const timeoutMs = Math.max(MIN_TIMEOUT_MS, roundTripMs + 4 * jitterMs)
    let sum = 0
    for (let repeat = 0; repeat < repeats; repeat++) {
      const isFast = repeat === 0 && packets > DUPLICATES
      sum += isFast ? roundTripMs : Math.min(MAX_TIMEOUT_MS, timeoutMs * 2 ** repeat)
    }
    return sum
  }

  #tell(change: LinksChange): void {
    // What was on its way over a cut link is lost with its connection.
    for (const way of this.#ways.keys()) if (this.isCut(Math.floor(way / MAX_NODES), way % MAX_NODES)) this.#ways.delete(way)
    for (const listener of this.#listeners) listener(change)
  }
}

function wayOf(a: number, b: number): number {
  checkNode(a)
  checkNode(b)
  return a * MAX_NODES + b
}

function checkNode(node: number): void {
  if (!Number.isInteger(node) || node < 0 || node >= MAX_NODES) {
    throw new RangeError(`node: must be a whole number from 0 to ${MAX_NODES - 1}, is ${node}`)
  }
}

function checked(conditions: LinkConditions): Readonly<LinkConditions> {
  const { latencyMs, jitterMs, loss, bytesPerSecond } = conditions
  const time = (name: string, value: number): void => {
    if (!(value >= 0 && value <= MAX_TIMEOUT_MS)) throw new RangeError(`${name}: must be from 0 to ${MAX_TIMEOUT_MS} ms, is ${value}`)
  }
  time('latencyMs', latencyMs)
  time('jitterMs', jitterMs)
  if (!(loss >= 0 && loss < 1)) {
    throw new RangeError(`loss: must be a share of packets, from 0 to less than 1, is ${loss}; to cut a link there is partition()`)
  }
  if (!(bytesPerSecond >= 1)) throw new RangeError(`bytesPerSecond: must be at least 1, is ${bytesPerSecond}`)
  return conditions
}
