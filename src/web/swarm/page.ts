/** What every component of a swarm's page may reach: the state to read, and the actions to start. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { numberedTint } from '../palette.ts'
import type { SwarmActions } from './actions.ts'
import type { SwarmState } from './state.ts'

export interface SwarmPage {
  state: SwarmState
  actions: SwarmActions
}

export const SwarmPageContext = createContext<SwarmPage | undefined>(undefined)

export function useSwarm(): SwarmPage {
  const page = useContext(SwarmPageContext)
  if (page === undefined) throw new Error('a component of the page is drawn outside of SwarmPageContext')
  return page
}

/** What people call a node. */
export const nameAt = (state: SwarmState, node: number): string => state.nodes.value[node]?.name ?? String(node)

/** The colour of a block: its miner's, grey where that is no node. */
export const blockTint = (state: SwarmState, hash: string): Record<string, string> => {
  const node = state.blocks.value.get(hash)?.node
  return node === undefined || node === null ? {} : numberedTint(node)
}
