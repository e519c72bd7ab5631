/**
 * The page of a node. Order: token out of the address bar, state, live connection, first drawing.
 *
 *   route.ts says which view the address is of
 *   state.ts ← live.ts (events of the node)        components/ read the state
 *            ← actions.ts (what the user starts)   strings.ts has the words, in the language of language.ts; styles/ the looks
 */
import { computed, effect } from '@preact/signals'
import { render } from 'preact'
import { createClient } from '../http/client.ts'
import { Actions } from './actions.ts'
import { App } from './components/App.tsx'
import { Live } from './live.ts'
import { PageContext } from './page.ts'
import { routeOf } from './route.ts'
import { createState } from './state.ts'
import { titleOf } from './title.ts'
import { takeToken } from './token.ts'

const state = createState(takeToken())
state.route.value = routeOf(location.hash)
const connection = computed(() => createClient({ url: '', token: state.token.value ?? undefined }))
const client = () => connection.value
const actions = new Actions({ state, client })
const live = new Live({ state, client })

// A token pasted into the address of an open page changes only what follows the #.
addEventListener('hashchange', () => {
  actions.readTokenAgain()
  state.route.value = routeOf(location.hash)
})
effect(() => {
  if (state.access.value === 'checking' && state.connection.value === 'live') void actions.checkToken()
})
effect(() => {
  document.title = titleOf(state)
})

live.start()
const root = document.getElementById('page')
if (root !== null) render(<PageContext.Provider value={{ state, actions }}><App /></PageContext.Provider>, root)
