import { expect, test } from 'vitest'
import { fromHex, toHex } from '../../src/consensus/hex.ts'
import { parseWords, readWords, seedOf, suggest, wordsOf } from '../../src/wallet/words.ts'
import { BIP39_VECTORS } from './vectors.ts'

const WORDS = 'legal winner thank year wave sausage worth useful legal winner thank yellow'

test.each(BIP39_VECTORS)('BIP 39 vector %s, by our own functions', (entropy, words, seed) => {
  expect(wordsOf(fromHex(entropy))).toBe(words)
  expect(toHex(seedOf(fromHex(entropy), 'TREZOR'))).toBe(seed)
  // A wallet has 12 words or 24; the 18 of the standard are read by nobody here.
  if (words.split(' ').length === 18) expect(() => parseWords(words)).toThrow('there are 18 words, not 12 or 24')
  else expect(toHex(parseWords(words))).toBe(entropy)
})

test('words are taken as people write them', () => {
  expect(toHex(parseWords(`\n ${WORDS.toUpperCase().replaceAll(' ', ' \n')}\t`))).toBe('7f'.repeat(16))
})

test.each([
  ['one too few', WORDS.replace(' yellow', ''), 'there are 11 words, not 12 or 24'],
  ['none', '  ', 'there are 0 words'],
  ['a letter too many', WORDS.replace('sausage', 'sausages'), 'word 6, "sausages", is not in the BIP 39 list: did you mean sausage?'],
  ['a wrong letter', WORDS.replace('winner', 'wimner'), 'word 2, "wimner", is not in the BIP 39 list: did you mean winner?'],
  ['two letters swapped', WORDS.replace('year', 'yaer'), 'word 4, "yaer", is not in the BIP 39 list: did you mean year?'],
  ['a letter too few', WORDS.replace('thank', 'thnk'), 'word 3, "thnk", is not in the BIP 39 list: did you mean tank or thank?'],
  ['nothing like a word', WORDS.replace('wave', 'xqzxqzxqz'), 'word 5, "xqzxqzxqz", is not in the BIP 39 list: look at it again'],
  ['another word of the list', WORDS.replace('sausage', 'salad'), 'the checksum of the words does not match'],
  ['two words swapped', WORDS.replace('legal winner', 'winner legal'), 'the checksum of the words does not match'],
])('wallet-bad-words: %s', (_what, words, expected) => {
  expect(() => parseWords(words)).toThrow(`wallet-bad-words: ${expected}`)
})

test('of the wallet’s own file, a wrong word is told by its place alone', () => {
  expect(readWords(WORDS.replace('sausage', 'sausages'))).toMatchObject({ discreet: 'word 6 is not in the BIP 39 list' })
})

test('the likely words: the one with the same first four letters, else the nearest, three at most', () => {
  expect(suggest('abandonn')).toEqual(['abandon'])
  expect(suggest('abanxyz')).toEqual(['abandon'])
  expect(suggest('zooo')).toEqual(['zoo'])
  expect(suggest('xxxxxxxx')).toEqual([])
  expect(suggest('cat')).toContain('cat')
  expect(suggest('aat').length).toBeLessThanOrEqual(3)
})
