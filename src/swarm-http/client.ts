/**
 * A typed client for a swarm's HTTP interface: the page uses this one. Fails as the node's client does, with `ApiFailure`.
 *
 * @example
 *   const client = createSwarmClient({ url: 'http://127.0.0.1:5050', token })
 *   await client.partition([[0, 1], [2, 3]])
 *   await client.mine({ node: 0 })
 *   await client.heal()
 */
import { type ClientOptions, createCaller } from '../http/caller.ts'
import { followEvents, type FollowOptions } from '../http/event-reader.ts'
import type {
  LinksRequest, MineRequest, SwarmApiEvent, SwarmBlocks, SwarmMined, SwarmMiningRequest, SwarmPaymentsRequest, SwarmStatus,
} from './api.ts'

export { ApiFailure } from '../http/api-failure.ts'

export interface SwarmClient {
  status(): Promise<SwarmStatus>
  /** Of all branches, at most `limit` (1 to 4000, @default 500). */
  blocks(page?: { limit?: number }): Promise<SwarmBlocks>
  /** Resolves where the token is the swarm's. Token, as everything below. */
  checkToken(): Promise<void>
  mine(request: MineRequest): Promise<SwarmMined>
  mining(request: SwarmMiningRequest): Promise<SwarmStatus>
  /** Only nodes of one group reach each other; a node in none is alone. */
  partition(groups: readonly (readonly number[])[]): Promise<SwarmStatus>
  /** Cuts the link of two nodes. */
  cut(a: number, b: number): Promise<SwarmStatus>
  /** Ends the cut of one link, also one that a partition makes; where none is named, every partition and cut. */
  heal(between?: [number, number]): Promise<SwarmStatus>
  /** Ends a node as if its process had been killed. */
  kill(node: number): Promise<SwarmStatus>
  /** Starts a node; one that runs is stopped before. */
  restart(node: number): Promise<SwarmStatus>
  /** Adds a node. */
  join(): Promise<SwarmStatus>
  links(request: LinksRequest): Promise<SwarmStatus>
  /** How many small payments a minute the nodes make, 0 to 600. */
  payments(request: SwarmPaymentsRequest): Promise<SwarmStatus>
  /** Events without end, as the node's client follows them. */
  follow(options?: FollowOptions): AsyncGenerator<SwarmApiEvent, never, undefined>
}

/** @throws ApiFailure `url-invalid` */
export function createSwarmClient(options: ClientOptions): SwarmClient {
  const { get, post, listen } = createCaller(options)
  const change = (what: string, body: unknown): Promise<SwarmStatus> => post(`/api/v1/swarm/${what}`, body)
  return {
    status: () => get('/api/v1/swarm'),
    blocks: (page = {}) => get('/api/v1/swarm/blocks', { ...page }),
    checkToken: () => post('/api/v1/swarm/links', {}),
    mine: (request) => post('/api/v1/swarm/mine', request),
    mining: (request) => change('mining', request),
    partition: (groups) => change('partition', { groups }),
    cut: (a, b) => change('cut', { between: [a, b] }),
    heal: (between) => change('heal', { between }),
    kill: (node) => change('kill', { node }),
    restart: (node) => change('restart', { node }),
    join: () => change('join', {}),
    links: (request) => change('links', request),
    payments: (request) => change('payments', request),
    follow: (following = {}) =>
      followEvents(
        (cursor, onOpen, maxSilenceMs) => listen<SwarmApiEvent>('/api/v1/swarm/events', cursor, following.signal, onOpen, maxSilenceMs),
        following,
      ),
  }
}
