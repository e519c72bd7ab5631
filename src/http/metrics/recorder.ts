/**
 * Counts what happens in a node, by the events of its parts and the requests of its server.
 *
 * Every label is one of few words: codes, origins, protocols, routes as they are written in the code. What others choose (a
 * path that is no route, a method, a peer's name) is in none.
 *
 * @example
 *   const recorder = new Recorder()
 *   recorder.start(node); …; recorder.stop()
 */
import type { FastifyInstance } from 'fastify'
import { RULES } from '../../consensus/errors.ts'
import { POLICIES } from '../../mempool/policy.ts'
import type { Node } from '../../node/node.ts'
import { hear } from '../hear.ts'
import { Counter, Histogram, type Metric } from './tally.ts'

/** Seconds: a block of one payment takes a millisecond or two, a full one a tenth of a second. */
const BLOCK_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]
/** Seconds: as blocks, and a disk that flushes slowly. */
const COMMIT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]
/** Seconds: most answers take less than a millisecond, mining on demand many seconds. */
const REQUEST_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60]

/** Refusals of a transaction. */
const TRANSACTION_CODES = new Set([...Object.keys(POLICIES), ...Object.keys(RULES).filter((code) => code.startsWith('transaction-'))])

export class Recorder {
  readonly #connected = new Counter('cairn_chain_blocks_connected_total', 'Blocks that joined the best chain, by where they came from')
  readonly #disconnected = new Counter('cairn_chain_blocks_disconnected_total', 'Blocks that left the best chain', 'plain')
  readonly #reorganisations = new Counter('cairn_chain_reorganisations_total', 'Moves of the best chain to another branch', 'plain')
  readonly #judged = new Counter('cairn_chain_blocks_judged_total', 'Blocks that broke no rule, by what became of them')
  readonly #refused = new Counter('cairn_chain_blocks_refused_total', 'Blocks that broke a rule, by its code')
  readonly #connectSeconds = new Histogram(
    'cairn_chain_connect_duration_seconds', 'Time from a block’s turn until it is on the best chain and on disk', BLOCK_SECONDS,
  )
  readonly #admitted = new Counter('cairn_mempool_admitted_total', 'Transactions that became pending, by where they came from')
  readonly #removed = new Counter('cairn_mempool_removed_total', 'Transactions that are pending no more, by the reason')
  readonly #notAdmitted = new Counter('cairn_mempool_refused_total', 'Transactions that were refused, by code and by the way they came')
  readonly #found = new Counter('cairn_mining_blocks_found_total', 'Blocks of this node’s miner that joined the best chain', 'plain')
  readonly #stale = new Counter('cairn_mining_blocks_stale_total', 'Blocks of this node’s miner that came too late', 'plain')
  readonly #messages = new Counter('cairn_network_messages_total', 'Gossiped messages, by topic and verdict')
  readonly #requests = new Counter('cairn_network_requests_total', 'Requests asked of peers and answered to them, by kind and outcome')
  readonly #faults = new Counter('cairn_network_faults_total', 'What spoke against peers, by code and consequence')
  readonly #dials = new Counter('cairn_network_dials_total', 'Dials of this node by itself, by outcome')
  readonly #commitSeconds = new Histogram('cairn_storage_commit_duration_seconds', 'Time of a write until it is on disk', COMMIT_SECONDS)
  readonly #answered = new Counter('cairn_http_requests_total', 'HTTP requests, by method, route and status')
  readonly #answerSeconds = new Histogram('cairn_http_request_duration_seconds', 'Time to answer, by route', REQUEST_SECONDS)
  readonly #attached = new DisposableStack()

  /** Of what has happened. */
  get metrics(): Metric[] {
    return [
      this.#connected, this.#disconnected, this.#reorganisations, this.#judged, this.#refused, this.#connectSeconds,
      this.#admitted, this.#removed, this.#notAdmitted, this.#found, this.#stale,
      this.#messages, this.#requests, this.#faults, this.#dials, this.#commitSeconds, this.#answered, this.#answerSeconds,
    ]
  }

  /** Begins to hear; the node runs. */
  start({ chain, mempool, miner, network, storage }: Pick<Node, 'chain' | 'mempool' | 'miner' | 'network' | 'storage'>): void {
    hear(this.#attached, chain.events, 'block:connected', ({ origin }) => this.#connected.add({ origin }))
    hear(this.#attached, chain.events, 'block:disconnected', () => this.#disconnected.add())
    hear(this.#attached, chain.events, 'chain:reorg', () => this.#reorganisations.add())
    hear(this.#attached, chain.events, 'block:judged', ({ outcome, elapsedMs }) => {
      if (Object.hasOwn(RULES, outcome)) return this.#refused.add({ code: outcome })
      this.#judged.add({ outcome })
      if (outcome === 'connected' || outcome === 'reorganised') this.#connectSeconds.observe(elapsedMs / 1_000)
    })
    hear(this.#attached, mempool.events, 'transaction:added', ({ origin }) => this.#admitted.add({ origin }))
    hear(this.#attached, mempool.events, 'transaction:removed', ({ reason }) => this.#removed.add({ reason }))
    hear(this.#attached, miner.events, 'block:found', () => this.#found.add())
    hear(this.#attached, miner.events, 'block:stale', () => this.#stale.add())
    hear(this.#attached, network.events, 'message:judged', ({ topic, verdict, code }) => {
      this.#messages.add({ topic, verdict })
      if (topic === 'transactions' && code !== null) this.#notAdmitted.add({ code, origin: 'gossip' })
    })
    hear(this.#attached, network.events, 'request:ended', ({ kind, side, outcome }) => this.#requests.add({ kind, side, outcome }))
    hear(this.#attached, network.events, 'peer:judged', ({ code, consequence }) => this.#faults.add({ code, consequence }))
    hear(this.#attached, network.events, 'peer:dialled', ({ outcome }) => this.#dials.add({ outcome }))
    hear(this.#attached, storage.events, 'store:committed', ({ elapsedMs }) => this.#commitSeconds.observe(elapsedMs / 1_000))
  }

  stop(): void {
    this.#attached.dispose()
  }

  /** Counts the requests of a server; before its routes are added. */
  count(app: FastifyInstance): void {
    app.addHook('onResponse', ({ method: asked, routeOptions: { url } }, reply, done) => {
      const [route, method] = url === undefined ? ['unknown', 'other'] : [url, asked]
      this.#answered.add({ method, route, status: String(reply.raw.statusCode) })
      // An event stream is no answer that somebody waits for.
      if (!String(reply.raw.getHeader('content-type')).startsWith('text/event-stream')) {
        this.#answerSeconds.observe(reply.elapsedTime / 1_000, { route })
      }
      done()
    })
  }

  /** A request was refused. */
  refused(code: string, route: string | undefined): void {
    const isOfBlock = route?.includes('/mining/') === true
    if (TRANSACTION_CODES.has(code) && !isOfBlock) this.#notAdmitted.add({ code, origin: 'http' })
  }
}
