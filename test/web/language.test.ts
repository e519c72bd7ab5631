import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Language, languageFor, localeFor } from '../../src/web/language.ts'

const THIN = '\u202f'

describe('of what is wished for, the first that the page speaks', () => {
  test.each<{ is: string; wishes: (string | null)[]; speaks: Language }>([
    { is: 'the address before all else', wishes: ['de', 'en', 'en-GB'], speaks: 'de' },
    { is: 'what was chosen before the browser’s', wishes: [null, 'en', 'de-DE', 'de'], speaks: 'en' },
    { is: 'the browser’s first', wishes: [null, null, 'de-AT', 'en'], speaks: 'de' },
    { is: 'a later one of the browser’s, where the first is none of ours', wishes: [null, null, 'fr-CH', 'de-CH', 'en'], speaks: 'de' },
    { is: 'English, where none is', wishes: [null, null, 'fr', 'ja'], speaks: 'en' },
    { is: 'English, where nothing is wished for', wishes: [null, null], speaks: 'en' },
    { is: 'in any case of letters', wishes: ['DE-de'], speaks: 'de' },
    { is: 'nothing that is no language', wishes: ['', 'toString', 'deutsch', '<b>', 'de-CH'], speaks: 'de' },
  ])('$is', ({ wishes, speaks }) => expect(languageFor(wishes)).toBe(speaks))
})

test('dates are written as in the browser’s region, where it names one', () => {
  expect(localeFor('en', ['de-DE', 'en-GB'])).toBe('en-GB')
  expect(localeFor('de', ['en-GB', 'fr'])).toBe('de')
})

describe('a page loads', () => {
  const kept = new Map<string, string>()
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) }
  const refused = (): never => { throw new Error('SecurityError') }
  const refusing = { getItem: refused, setItem: refused }
  const loads = vi.fn<(address: string) => void>()

  beforeEach(() => {
    kept.clear()
    loads.mockClear()
    vi.resetModules() // what is chosen while a module loads is chosen anew
  })
  afterEach(() => vi.unstubAllGlobals())

  /** A browser at an address, with the languages that it asks for. */
  const browser = (languages: string[], { address = 'http://fox.local:5050/#/network', localStorage = storage } = {}): void => {
    vi.stubGlobal('document', { documentElement: { lang: 'en' } })
    vi.stubGlobal('navigator', { languages })
    vi.stubGlobal('localStorage', localStorage)
    const { href, search } = new URL(address)
    vi.stubGlobal('location', { href, search, reload: () => loads(href), replace: (to: URL) => loads(to.href) })
  }
  const language = () => import('../../src/web/language.ts')
  const format = () => import('../../src/web/format.ts')
  const strings = () => import('../../src/web/strings.ts')

  test('in the browser’s language, words and numbers alike', async () => {
    browser(['de-DE', 'en'])
    const { text, transactions } = await strings()
    expect(text.views.overview).toBe('Übersicht')
    expect(document.documentElement.lang).toBe('de')
    expect([0, 1, 1284].map(transactions)).toEqual(['leer', '1 Transaktion', `1${THIN}284 Transaktionen`])
    const { exactTime, hashes, hashRate, oneDecimal, significant, span } = await format()
    expect([0.4567, 9.81, 98.14, 100, 1284].map(significant)).toEqual(['0,46', '9,81', '98,1', '100', `1${THIN}284`])
    expect([0, 0.04, 9.96, 9.84, -0.5].map(oneDecimal)).toEqual(['0', '0', '10', '9,8', '-0,5'])
    expect(span(150_000)).toEqual({ value: '2,5', unit: 'min' })
    expect(hashRate(1_230_000)).toEqual({ value: '1,23', unit: 'MH/s' })
    expect(hashes(1_048_576)).toEqual({ value: '1,05', unit: 'M Hashes' })
    expect(exactTime(Date.UTC(2026, 10, 27, 12))).toMatch(/^27\.11\.2026, \d\d:00:00$/)
  })

  test('in English', async () => {
    browser(['en-GB', 'de'])
    const { text, transactions } = await strings()
    expect(text.views.overview).toBe('Overview')
    expect([0, 1, 2].map(transactions)).toEqual(['empty', '1 transaction', '2 transactions'])
    const { exactTime, hashes, oneDecimal, span } = await format()
    expect(oneDecimal(9.84)).toBe('9.8')
    expect(span(150_000)).toEqual({ value: '2.5', unit: 'min' })
    expect(hashes(1_048_576)).toEqual({ value: '1.05', unit: 'M hashes' })
    expect(exactTime(Date.UTC(2026, 10, 27, 12))).toMatch(/^27 Nov 2026, \d\d:00:00$/)
  })

  test('in the language chosen before, whatever the browser asks for', async () => {
    browser(['de-DE'])
    const german = await language()
    expect(german.language).toBe('de')
    german.choose('en')
    expect(loads).toHaveBeenCalledExactlyOnceWith('http://fox.local:5050/#/network')
    vi.resetModules()
    const english = await language()
    expect(english.language).toBe('en')
    expect(english.locale).toBe('en')
  })

  test('in the language that its address names, until another is chosen', async () => {
    kept.set('cairn-language', 'en')
    browser(['en'], { address: 'http://fox.local:5050/?language=de#/block/7' })
    const { choose, language: spoken } = await language()
    expect(spoken).toBe('de')
    choose('en')
    expect(loads).toHaveBeenCalledExactlyOnceWith('http://fox.local:5050/#/block/7')
  })

  test('where storage is refused, in the browser’s language, and a choice goes into the address', async () => {
    browser(['de-DE'], { localStorage: refusing })
    const { choose, language: spoken } = await language()
    expect(spoken).toBe('de')
    choose('en')
    expect(loads).toHaveBeenCalledExactlyOnceWith('http://fox.local:5050/?language=en#/network')
  })

  test('where something else was stored, as if nothing were', async () => {
    kept.set('cairn-language', 'klingon')
    browser(['de-DE'])
    expect((await language()).language).toBe('de')
  })

  test('outside of a browser, in English, whatever the machine’s', async () => {
    vi.stubGlobal('navigator', { languages: ['de-DE'] })
    expect((await language()).language).toBe('en')
  })
})
