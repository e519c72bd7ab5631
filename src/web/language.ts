/**
 * Which language the page speaks, chosen once while it loads, and told to the browser and to screen readers (`<html lang>`).
 * The first of these that names a language it has:
 *
 * 1. its own address: `?language=de`, so that a link can say it
 * 2. what was chosen here before; the browser keeps it for all pages of this address
 * 3. the languages that the browser asks for, in their order
 * 4. English
 *
 * Choosing another loads the page anew, so every word is of one language and no component waits for another. Where
 * the browser keeps nothing for pages, the choice goes into the address. Outside of a browser it is English.
 *
 * What the node says, such as why it refused something, is English everywhere, as on the command line.
 *
 * @example
 *   languageFor([null, null, 'fr-CH', 'de-CH', 'en'])   // 'de'
 *   localeFor('de', ['fr-CH', 'de-CH', 'en'])           // 'de-CH'
 */

/** By their codes (BCP 47): what each calls itself. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const

export type Language = keyof typeof LANGUAGES

const DEFAULT: Language = 'en'
/** In the address, and with a prefix in what the browser keeps. */
const NAME = 'language'
const KEY = `cairn-${NAME}`

/** The first that names a language of the page, with or without a region. */
export const languageFor = (wishes: readonly (string | null)[]): Language =>
  wishes.map((wish) => primary(wish ?? '')).find(isLanguage) ?? DEFAULT

/** How this browser's reader writes dates in a language: as in the region that the browser names, if any. */
export const localeFor = (language: Language, preferred: readonly string[]): string =>
  preferred.find((tag) => primary(tag) === language) ?? language

const primary = (tag: string): string => tag.toLowerCase().split('-')[0] ?? ''
const isLanguage = (code: string): code is Language => Object.hasOwn(LANGUAGES, code)

const inBrowser = 'document' in globalThis
const preferred: readonly string[] = inBrowser ? navigator.languages : []

/** The language of this page. */
export const language: Language = inBrowser ? languageFor([asked(), remembered(), ...preferred]) : DEFAULT

if (inBrowser) document.documentElement.lang = language

/** How it writes dates. */
export const locale = localeFor(language, preferred)

/** Loads the page in another language, which stays chosen. */
export function choose(other: Language): void {
  const address = new URL(location.href)
  address.searchParams.delete(NAME)
  try {
    localStorage.setItem(KEY, other)
  } catch {
    address.searchParams.set(NAME, other)
  }
  if (address.href === location.href) location.reload()
  else location.replace(address)
}

function asked(): string | null {
  return new URLSearchParams(location.search).get(NAME)
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null // a browser that keeps nothing for pages refuses even the question
  }
}
