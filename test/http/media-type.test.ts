/** Which of two forms an answer has, by `Accept`. */
import { expect, test } from 'vitest'
import { prefersSsz } from '../../src/http/media-type.ts'

test.each([
  [undefined, false],
  ['', false],
  ['*/*', false],
  ['application/json', false],
  ['text/html,application/xhtml+xml,*/*;q=0.8', false],
  ['application/octet-stream', true],
  ['Application/Octet-Stream', true],
  ['application/octet-stream, application/json', false],
  ['application/octet-stream, application/json;q=0.9', true],
  ['application/octet-stream;q=0.5, */*;q=0.1', true],
  ['application/octet-stream;q=0, */*', false],
  ['application/json;q=0, */*', true],
  ['application/octet-stream;q=x', false],
])('%s: %s', (accept, ssz) => {
  expect(prefersSsz(accept)).toBe(ssz)
})
