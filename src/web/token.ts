/**
 * The token that lets the page use this node's keys and processor.
 *
 * It comes in the address, after `#` so that no server log and no referrer ever sees it (`#token=…`, or `#…` alone; a
 * view may follow: `#token=…&/block/42`), moves at once into the tab's session storage and out of the address bar, so
 * that an address that is sent to somebody never carries it, and is forgotten with the tab.
 */
const KEY = 'cairn-token'

/** What an address says after `#`: the token, where it carries one, and the rest, which is a view. */
export function partsOf(fragment: string): { token: string | undefined; view: string } {
  const text = fragment.replace(/^#/, '')
  if (text.startsWith('/')) return { token: undefined, view: text }
  const [first = '', view = ''] = text.split(/&(.*)/s)
  const token = first.replace(/^token=/, '')
  return { token: /^[\x21-\x7e]{8,}$/.test(token) ? token : undefined, view }
}

/** Takes the token from the address bar, else what this tab kept. */
export function takeToken(): string | null {
  const { token, view } = partsOf(location.hash)
  if (token === undefined) return inTab((storage) => storage.getItem(KEY))
  inTab((storage) => storage.setItem(KEY, token))
  history.replaceState(null, '', location.pathname + location.search + (view === '' ? '' : `#${view}`))
  return token
}

/** After the node refused it. */
export const forgetToken = (): void => void inTab((storage) => storage.removeItem(KEY))

/** What the tab keeps; null in a browser that keeps nothing for pages and refuses even the question: the token then lives as long as the page. */
function inTab<Kept>(use: (storage: Storage) => Kept): Kept | null {
  try {
    return use(sessionStorage)
  } catch {
    return null
  }
}
