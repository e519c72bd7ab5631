/**
 * The window's title: which view this is, then the height and the network. A tab and a bookmark show its beginning, so
 * the view comes first: `Wallet · 42 · class-101 · Cairn`, and `42 · class-101 · Cairn` for what happens now.
 */
import { splitHash } from './format.ts'
import { nameOf } from './page.ts'
import type { Route } from './route.ts'
import type { State } from './state.ts'
import { text } from './strings.ts'

export function titleOf(state: State): string {
  const tip = state.tip.value
  if (tip === undefined) return text.title
  return text.titleOf(viewName(state.route.value, state), state.status.value?.network ?? '', tip.height)
}

/** What a view is called there; undefined: it needs no name. */
function viewName(route: Route, state: State): string | undefined {
  switch (route.view) {
    case 'overview': return undefined
    case 'block': return blockName(route.block, state)
    case 'transaction': return text.views.titleOfOne(text.views.transaction, shortOf(route.id))
    case 'account': return text.views.titleOfOne(text.views.account, nameOf(state, route.account))
    case 'search': return text.views.titleOfOne(text.views.search, route.text)
    default: return text.views[route.view]
  }
}

/** By its height, as its heading has it, where the page holds it or was given the height; else by its hash. */
function blockName(asked: string, state: State): string {
  const { best, side } = state.view.value
  const block = best.find(({ hash }) => hash === asked) ?? side.get(asked)?.block
  if (block !== undefined) return text.block.heading(block.height)
  return /^\d{1,10}$/.test(asked) ? text.block.heading(Number(asked)) : text.views.titleOfOne(text.views.block, shortOf(asked))
}

/** A hash or id as the page shows it, without the zeros. */
function shortOf(hash: string): string {
  const { start, end } = splitHash(hash)
  return `${start}·${end}`
}
