/**
 * The page of a swarm: all its nodes at once. Order: token out of the address bar, state, live connection, first drawing.
 *
 *   state.ts ← live.ts (what the swarm tells)        SwarmApp.tsx and what it is made of read the state
 *            ← actions.ts (what the user starts)     swarm-view.ts, story.ts, parts.ts, graph-layout.ts work it out
 */
import { computed, effect } from '@preact/signals'
import { render } from 'preact'
import { createSwarmClient } from '../../swarm-http/client.ts'
import { language } from '../language.ts'
import { text } from '../strings.ts'
import { takeToken } from '../token.ts'
import { SwarmActions } from './actions.ts'
import { SwarmLive } from './live.ts'
import { SwarmPageContext } from './page.ts'
import { createSwarmState } from './state.ts'
import { SwarmApp } from './SwarmApp.tsx'

document.documentElement.lang = language
const state = createSwarmState(takeToken())
const connection = computed(() => createSwarmClient({ url: '', token: state.token.value ?? undefined }))
const client = () => connection.value
const actions = new SwarmActions({ state, client })
const live = new SwarmLive({ state, client })

// A token pasted into the address of an open page changes only what follows the #.
addEventListener('hashchange', () => actions.readTokenAgain())
effect(() => {
  if (state.access.value === 'checking' && state.connection.value === 'live') void actions.checkToken()
})
effect(() => {
  const tip = state.view.value.best.at(-1)
  document.title = tip ? text.swarm.titleOf(tip.height, state.nodes.value.length) : text.swarm.title
})

void live.start()
const root = document.getElementById('page')
if (root !== null) render(<SwarmPageContext.Provider value={{ state, actions }}><SwarmApp /></SwarmPageContext.Provider>, root)
