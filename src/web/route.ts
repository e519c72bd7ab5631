/**
 * Which view the page shows: what stands after `#` in its address, so that back and forward work and a link to a block
 * can be sent to somebody, who opens it on a node of his own.
 *
 *   #/                        what happens now
 *   #/network                 the node and its peers
 *   #/wallet                  the node's accounts, and paying
 *   #/mining                  mining, and the next block to try it by hand; with /HEIGHT|HASH, that block
 *   #/charts                  the chain over time
 *   #/block/HEIGHT|HASH       #/transaction/ID       #/account/cairn1…
 *   #/wall                    the overview for a projector
 *   #/search/TEXT             looks it up, and goes where it leads
 *
 * Pure, but for `isAt` and `goTo`. A part that is not understood shows what happens now.
 *
 * @example
 *   linkTo({ view: 'block', block: '42' })   // '#/block/42'
 *   routeOf('#/block/42')                    // { view: 'block', block: '42' }
 */
export type Route =
  | { view: 'overview' }
  | { view: 'network' }
  | { view: 'wallet' }
  | { view: 'mining'; block?: string }
  | { view: 'wall' }
  | { view: 'charts' }
  | { view: 'block'; block: string }
  | { view: 'transaction'; id: string }
  | { view: 'account'; account: string }
  | { view: 'search'; text: string }

export function routeOf(fragment: string): Route {
  const [, view, ...rest] = fragment.replace(/^#/, '').split('/')
  const what = decoded(rest.join('/')).trim()
  if (view === 'network' || view === 'wallet' || view === 'charts' || view === 'wall') return { view }
  if (view === 'mining') return what === '' ? { view } : { view, block: what }
  if (what === '') return { view: 'overview' }
  switch (view) {
    case 'block': return { view, block: what }
    case 'transaction': return { view, id: what }
    case 'account': return { view, account: what }
    case 'search': return { view, text: what }
    default: return { view: 'overview' }
  }
}

/** The address of a view, as a link has it. */
export function linkTo(route: Route): string {
  switch (route.view) {
    case 'overview': return '#/'
    case 'network': return '#/network'
    case 'wallet': return '#/wallet'
    case 'mining': return route.block === undefined ? '#/mining' : `#/mining/${encodeURIComponent(route.block)}`
    case 'wall': return '#/wall'
    case 'charts': return '#/charts'
    case 'block': return `#/block/${encodeURIComponent(route.block)}`
    case 'transaction': return `#/transaction/${encodeURIComponent(route.id)}`
    case 'account': return `#/account/${encodeURIComponent(route.account)}`
    case 'search': return `#/search/${encodeURIComponent(route.text)}`
  }
}

/** Links to what is named most. */
export const blockLink = (block: string): string => linkTo({ view: 'block', block })
export const transactionLink = (id: string): string => linkTo({ view: 'transaction', id })
export const accountLink = (account: string): string => linkTo({ view: 'account', account })

/**
 * Whether the address is still that of a view that is drawn. When a reader goes back, the address changes first and the page
 * hears of it a little later: a view that gave itself another address in between would undo the reader's step.
 */
export const isAt = (route: Route): boolean => linkTo(routeOf(location.hash)) === linkTo(route)

/** Shows another view. With `replace` it takes the place of the one shown, and back leads to the one before. */
export function goTo(route: Route, { replace = false } = {}): void {
  if (replace) location.replace(linkTo(route))
  else location.assign(linkTo(route))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a lone %, which nobody encoded
  }
}
