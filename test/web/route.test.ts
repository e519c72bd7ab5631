import { expect, test } from 'vitest'
import { linkTo, type Route, routeOf } from '../../src/web/route.ts'

test('every view has an address that leads back to it', () => {
  const routes: Route[] = [
    { view: 'overview' },
    { view: 'network' },
    { view: 'wallet' },
    { view: 'mining' },
    { view: 'mining', block: '42' },
    { view: 'wall' },
    { view: 'charts' },
    { view: 'block', block: '42' },
    { view: 'transaction', id: 'ab'.repeat(32) },
    { view: 'account', account: `cairn1${'q'.repeat(58)}` },
    { view: 'search', text: '50 % of #1 / 2?' },
  ]
  for (const route of routes) expect(routeOf(linkTo(route))).toEqual(route)
})

test('what is no view shows what happens now', () => {
  for (const fragment of ['', '#', '#/', '#/nothing/7', '#/block', '#/block/', '#/account/%20', '#token=abcdefgh']) {
    expect(routeOf(fragment), fragment).toEqual({ view: 'overview' })
  }
  expect(routeOf('#/search/50%')).toEqual({ view: 'search', text: '50%' })
})
