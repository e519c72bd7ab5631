import { expect, test } from 'vitest'
import { agentOf } from '../../src/network/agent.ts'

test.each([
  ['cairn/0.1.0 flint-otter', 'cairn/0.1.0 flint-otter'],
  ['cairn/0.1.0 Müller ☃ 🦦', 'cairn/0.1.0 Müller ☃ 🦦'],
  ['a\u001b[31mb\r\nc\u0007', 'a[31mbc'],
  ['a\u202eb\u2066c\u200bd\u2028e', 'abcde'],
  ['x'.repeat(100_000), 'x'.repeat(64)],
  ['🦦'.repeat(100), '🦦'.repeat(64)],
  [`${'\u0000'.repeat(1_000)}x`, null],
  ['lone \ud800 half', 'lone \ufffd half'],
  ['  ', null],
  ['', null],
  [undefined, null],
])('%j is shown as %j', (text, shown) => {
  expect(agentOf(text)).toBe(shown)
})
