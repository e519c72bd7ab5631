import { expect, test } from 'vitest'
import { partsOf } from '../../src/web/token.ts'

const token = 'ab'.repeat(32)

test('the token is what follows the #, with or without its name', () => {
  expect(partsOf(`#token=${token}`)).toEqual({ token, view: '' })
  expect(partsOf(`#${token}`)).toEqual({ token, view: '' })
  for (const none of ['', '#', '#token=', '#short', '#with space%']) expect(partsOf(none).token, none).toBeUndefined()
})

test('a view stands beside it, or alone, and is never taken for one', () => {
  expect(partsOf(`#token=${token}&/block/42`)).toEqual({ token, view: '/block/42' })
  expect(partsOf(`#/transaction/${token}`)).toEqual({ token: undefined, view: `/transaction/${token}` })
  expect(partsOf('#/network')).toEqual({ token: undefined, view: '/network' })
})
