/** The colours of styles/base.css in numbers: what is text can be read, and miners are told apart, by every kind of eye. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { TINTS } from '../../src/web/palette.ts'
import { contrastOf, differenceOf, EYES, ofHex, ofOklch, over, type Rgb } from './colour.ts'

const SHEET = readFileSync(new URL('../../src/web/styles/base.css', import.meta.url), 'utf8')

type Scheme = 'light' | 'dark'
const SCHEMES: readonly Scheme[] = ['light', 'dark']

/** A colour by the name of its variable. */
function colour(name: string, scheme: Scheme): Rgb {
  const [, light = '', dark = ''] = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(SHEET) ?? []
  return ofHex(scheme === 'light' ? light : dark)
}

/** A number by the name of its variable: the first is that of the light scheme, the second of the dark one. */
function number(name: string, scheme: Scheme): number {
  const found = [...SHEET.matchAll(new RegExp(`--${name}: ([\\d.]+)`, 'g'))].map(([, value]) => Number(value))
  expect(found, `--${name}`).toHaveLength(2)
  return found[scheme === 'light' ? 0 : 1] ?? Number.NaN
}

const stone = ({ hue, depth }: (typeof TINTS)[number], scheme: Scheme): Rgb =>
  ofOklch(number('stone-base', scheme) + depth * number('stone-step', scheme), number('stone-chroma', scheme), hue)

/** As tree.css has it: light letters on dark stones. */
const letter = ({ depth }: (typeof TINTS)[number], scheme: Scheme): Rgb =>
  depth < (scheme === 'light' ? 2 : 1) ? ofOklch(0.99, 0, 0) : ofOklch(0.22, 0, 0)

describe.each(SCHEMES)('in the %s scheme', (scheme) => {
  test.each(['ink', 'muted', 'dim', 'accent', 'bad'])('text in --%s stands out from what it is on', (name) => {
    for (const ground of ['paper', 'sheet']) {
      expect(contrastOf(colour(name, scheme), colour(ground, scheme)), ground).toBeGreaterThanOrEqual(4.5)
    }
  })

  test('words on a button do so too, and drawings by a third less', () => {
    expect(contrastOf(colour('on-accent', scheme), colour('accent', scheme))).toBeGreaterThanOrEqual(4.5)
    expect(contrastOf(colour('faint', scheme), colour('paper', scheme))).toBeGreaterThanOrEqual(3)
  })

  test('stones stand out from the paper, and letters from stones', () => {
    for (const tint of TINTS) {
      const rock = stone(tint, scheme)
      expect(contrastOf(rock, colour('paper', scheme)), JSON.stringify(tint)).toBeGreaterThanOrEqual(3)
      expect(contrastOf(rock, letter(tint, scheme)), JSON.stringify(tint)).toBeGreaterThanOrEqual(4.5)
    }
    // A pale stone of a losing branch has a letter in the colour of text.
    for (const tint of TINTS) {
      const pale = over(stone(tint, scheme), 0.4, colour('paper', scheme))
      expect(contrastOf(pale, colour('ink', scheme)), JSON.stringify(tint)).toBeGreaterThanOrEqual(4.5)
    }
  })

  test.each(Object.keys(EYES))('any two miners’ tints differ twice as much as can just be seen: %s', (eye) => {
    const seen = TINTS.map((tint) => EYES[eye]!(stone(tint, scheme))) // a key of it
    for (const [at, one] of seen.entries()) {
      for (const [other, colour] of seen.slice(0, at).entries()) {
        expect(differenceOf(one, colour), `${JSON.stringify(TINTS[at])} and ${JSON.stringify(TINTS[other])}`).toBeGreaterThan(0.04)
      }
    }
  })
})
