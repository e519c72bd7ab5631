/**
 * The token that lets the page use this node's keys and processor.
 *
 * It comes in the address, after `#` so that no server log and no referrer ever sees it (`#token=…`, or `#…` alone),
 * moves at once into the tab's session storage and out of the address bar, and is forgotten with the tab.
 */
const KEY = 'cairn-token'

/** The token of an address's part after `#`, or undefined where it carries none. */
export function tokenOf(fragment: string): string | undefined {
  const token = fragment.replace(/^#/, '').replace(/^token=/, '')
  return /^[\x21-\x7e]{8,}$/.test(token) ? token : undefined
}

/** Takes the token from the address bar, else what this tab kept. */
export function takeToken(): string | null {
  const token = tokenOf(location.hash)
  if (token !== undefined) {
    sessionStorage.setItem(KEY, token)
    history.replaceState(null, '', location.pathname + location.search)
  }
  return sessionStorage.getItem(KEY)
}

/** After the node refused it. */
export const forgetToken = (): void => sessionStorage.removeItem(KEY)
