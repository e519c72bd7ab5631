import { expect, test } from 'vitest'
import type { Status } from '../../src/http/api.ts'
import { routeOf } from '../../src/web/route.ts'
import { createState } from '../../src/web/state.ts'
import { titleOf } from '../../src/web/title.ts'
import { hashOf, line } from './summaries.ts'

function titleAt(fragment: string, height = 42): string {
  const state = createState(null)
  // What a title needs of it.
  state.status.value = { network: 'class-101', account: 'cairn1fox', name: 'fox' } as Status
  state.view.value = { best: line('a', height), side: new Map() }
  state.route.value = routeOf(fragment)
  return titleOf(state)
}

test('the title names the view, then the height and the network', () => {
  expect(titleAt('#/')).toBe('42 · class-101 · Cairn')
  expect(titleAt('#/wallet')).toBe('Wallet · 42 · class-101 · Cairn')
  expect(titleAt('#/network')).toBe('Network · 42 · class-101 · Cairn')
  expect(titleAt('#/account/cairn1fox')).toBe('Account fox · 42 · class-101 · Cairn')
  expect(titleAt(`#/transaction/${'ab12'.repeat(16)}`)).toBe('Transaction ab12·ab12 · 42 · class-101 · Cairn')
  expect(titleAt('#/search/badger')).toBe('Search badger · 42 · class-101 · Cairn')
})

test('a block is named by its height, whichever way it was asked for, and by its hash where nobody knows better', () => {
  expect(titleAt('#/block/7')).toBe('Block 7 · 42 · class-101 · Cairn')
  expect(titleAt(`#/block/${hashOf('a7')}`)).toBe('Block 7 · 42 · class-101 · Cairn')
  expect(titleAt(`#/block/${hashOf('genesis')}`)).toBe('Genesis · 42 · class-101 · Cairn')
  expect(titleAt(`#/block/${'ef01'.repeat(16)}`)).toBe('Block ef01·ef01 · 42 · class-101 · Cairn')
})

test('before the node has answered it is the name of the program', () => {
  expect(titleOf(createState(null))).toBe('Cairn')
})
