/** What every component may reach: the state to read, and the actions to start. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Actions } from './actions.ts'
import { accountName } from './format.ts'
import type { State } from './state.ts'

export interface Page {
  state: State
  actions: Actions
}

export const PageContext = createContext<Page | undefined>(undefined)

export function usePage(): Page {
  const page = useContext(PageContext)
  if (page === undefined) throw new Error('a component of the page is drawn outside of PageContext')
  return page
}

/** What an account is called where the wallet is looked at: by its name there, else as everywhere. */
export const walletNameOf = (state: State, account: string): string =>
  state.own.value.find((own) => own.account === account)?.name ?? nameOf(state, account)

/** What people call an account: its node's name where that is known, else its short form. */
export const nameOf = (state: State, account: string): string => state.names.value.get(account) ?? accountName(account)
