/** What the user starts. Each answers when the swarm has; a failure is told in words by `state.failure`. */
import { batch } from '@preact/signals'
import type { LinksRequest, SwarmEdge } from '../../swarm-http/api.ts'
import { ApiFailure, type SwarmClient } from '../../swarm-http/client.ts'
import { messageOf } from '../actions.ts'
import { forgetToken, takeToken } from '../token.ts'
import { dividedBy, halfOf, withoutOthers } from './parts.ts'
import type { SwarmState } from './state.ts'

export class SwarmActions {
  readonly #state: SwarmState
  readonly #client: () => SwarmClient

  constructor(components: { state: SwarmState; client: () => SwarmClient }) {
    this.#state = components.state
    this.#client = components.client
  }

  /** Takes the token that is in the address bar now, if any. */
  readTokenAgain(): void {
    const token = takeToken()
    if (token === null || token === this.#state.token.value) return
    batch(() => {
      this.#state.token.value = token
      this.#state.access.value = 'checking'
    })
  }

  /** Asks the swarm whether the token is its own. */
  async checkToken(): Promise<void> {
    try {
      await this.#client().checkToken()
      this.#state.access.value = 'full'
    } catch (error) {
      // No answer at all says nothing about the token: it is asked again when the swarm is back.
      if (error instanceof ApiFailure && error.status === 401) this.#refuseToken()
    }
  }

  choose(nodes: Iterable<number>): void {
    this.#state.chosen.value = new Set(nodes)
  }

  toggle(node: number): void {
    const chosen = new Set(this.#state.chosen.value)
    if (!chosen.delete(node)) chosen.add(node)
    this.choose(chosen)
  }

  /** Opens the menu of the link between two nodes; null: closes it. */
  openLink(between: SwarmEdge['nodes'] | null): void {
    this.#state.openLink.value = between
  }

  /** One of those that run, drawn by lot, mines a block. */
  async mineSomewhere(): Promise<void> {
    const running = this.#state.nodes.value.filter((node) => node.running)
    const drawn = running[Math.floor(Math.random() * running.length)]
    if (drawn !== undefined) await this.mine([drawn.node])
  }

  /** Each mines a block. */
  async mine(nodes: readonly number[]): Promise<void> {
    const { miningOne } = this.#state
    await Promise.all(nodes.map(async (node) => {
      miningOne.value = new Set([...miningOne.value, node])
      await this.#acting(() => this.#client().mine({ node }))
      miningOne.value = new Set([...miningOne.value].filter((other) => other !== node))
    }))
  }

  async mining(nodes: readonly number[], running: boolean): Promise<void> {
    if (nodes.length > 0) await this.#acting(() => this.#client().mining({ nodes: [...nodes], running }))
  }

  /** The chosen nodes keep to themselves from now on. */
  async partChosen(): Promise<void> {
    const { chosen, parts } = this.#state
    await this.#partition(withoutOthers(chosen.value, parts.value))
    this.choose([])
  }

  /** Parts each part of the network in two. */
  async halve(): Promise<void> {
    const { parts, edges } = this.#state
    const half = new Set(parts.value.flatMap((part) => halfOf(part, edges.value)))
    await this.divide((node) => half.has(node))
  }

  /** Parts the network along a line. */
  async divide(isLeft: (node: number) => boolean): Promise<void> {
    await this.#partition(dividedBy(isLeft, this.#state.parts.value))
  }

  async cut([a, b]: SwarmEdge['nodes']): Promise<void> {
    await this.#acting(() => this.#client().cut(a, b))
  }

  /** @param between @default every link */
  async heal(between?: SwarmEdge['nodes']): Promise<void> {
    await this.#acting(() => this.#client().heal(between))
  }

  async kill(nodes: readonly number[]): Promise<void> {
    await Promise.all(nodes.map((node) => this.#acting(() => this.#client().kill(node))))
  }

  async restart(nodes: readonly number[]): Promise<void> {
    await Promise.all(nodes.map((node) => this.#acting(() => this.#client().restart(node))))
  }

  async join(): Promise<void> {
    await this.#acting(() => this.#client().join())
  }

  async setLinks(conditions: LinksRequest): Promise<void> {
    await this.#acting(() => this.#client().links(conditions))
  }

  async setPayments(perMinute: number): Promise<void> {
    await this.#acting(() => this.#client().payments({ perMinute }))
  }

  async #partition(groups: number[][]): Promise<void> {
    await this.#acting(() => this.#client().partition(groups))
  }

  async #acting(call: () => Promise<unknown>): Promise<void> {
    const { failure } = this.#state
    failure.value = null
    try {
      await call()
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 401) this.#refuseToken()
      failure.value = messageOf(error)
    }
  }

  #refuseToken(): void {
    forgetToken()
    batch(() => {
      this.#state.token.value = null
      this.#state.access.value = 'refused'
    })
  }
}
