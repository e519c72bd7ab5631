import { expect, test } from 'vitest'
import { tokenOf } from '../../src/web/token.ts'

test('the token is what follows the #, with or without its name', () => {
  const token = 'ab'.repeat(32)
  expect(tokenOf(`#token=${token}`)).toBe(token)
  expect(tokenOf(`#${token}`)).toBe(token)
  for (const none of ['', '#', '#token=', '#short', '#with space%']) expect(tokenOf(none), none).toBeUndefined()
})
