/**
 * Everything that a swarm's page knows, as signals, in one place. `live.ts` writes what the swarm says, `actions.ts` what
 * the user starts; components only read.
 */
import { computed, signal } from '@preact/signals'
import type { SwarmBlock, SwarmEdge, SwarmNode, SwarmPayments, SwarmStatus } from '../../swarm-http/api.ts'
import type { Access } from '../state.ts'
import { drawnParts, livingParts } from './parts.ts'
import { NO_FORK, storyOf } from './story.ts'
import { EMPTY_VIEW } from './swarm-view.ts'

export function createSwarmState(token: string | null) {
  const access = signal<Access>(token === null ? 'reading' : 'checking')
  const connection = signal<'connecting' | 'live' | 'lost'>('connecting')
  const nodes = signal<readonly SwarmNode[]>([])
  const edges = signal<readonly SwarmEdge[]>([])
  const view = signal(EMPTY_VIEW)
  const fork = signal(NO_FORK)
  const chosen = signal<ReadonlySet<number>>(new Set())
  const openLink = signal<SwarmEdge['nodes'] | null>(null)
  const living = computed(() => livingParts(nodes.value, edges.value))
  return {
    token: signal(token),
    access,
    /** Whether the swarm takes what the user asks of it. */
    mayAct: computed(() => access.value === 'full' && connection.value === 'live'),
    /** `lost` until the swarm answers again. */
    connection,
    /** As it was when everything was read last; what changes since is below. */
    status: signal<SwarmStatus | null>(null),
    /** By number. */
    nodes,
    edges,
    conditions: signal<SwarmStatus['conditions'] | null>(null),
    payments: signal<SwarmPayments | null>(null),
    /** By hash. */
    blocks: signal<ReadonlyMap<string, SwarmBlock>>(new Map()),
    view,
    fork,
    /** Parts of the network as it is drawn, and those of the nodes that run. */
    parts: computed(() => drawnParts(nodes.value, edges.value)),
    living,
    isCut: computed(() => edges.value.some(({ state }) => state === 'cut')),
    story: computed(() => storyOf(living.value, view.value, fork.value)),
    /** Numbers of the nodes that the user chose. */
    chosen,
    /** Those, or where there are none, all. */
    meant: computed(() => (chosen.value.size === 0 ? nodes.value : nodes.value.filter(({ node }) => chosen.value.has(node)))),
    openLink,
    /** The link whose menu is open. */
    link: computed(() => edges.value.find(({ nodes: between }) => between.join() === openLink.value?.join())),
    /** Nodes that mine a block because the user asked for one. */
    miningOne: signal<ReadonlySet<number>>(new Set()),
    /** Why the last thing that the user asked for failed. */
    failure: signal<string | null>(null),
  }
}
export type SwarmState = ReturnType<typeof createSwarmState>
