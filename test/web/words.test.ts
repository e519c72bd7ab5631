/** Every language says all that English says. That no string is missing or too much the types see; here is what they cannot. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'vite'
import { describe, expect, test } from 'vitest'
import { english } from '../../src/web/words/english.ts'
import { notation as englishNotation } from '../../src/web/words/english/notation.ts'
import { german } from '../../src/web/words/german.ts'
import { notation as germanNotation } from '../../src/web/words/german/notation.ts'

/** A string, or a function that makes one of numbers and names. */
type Saying = string | ((...parts: unknown[]) => string)

/** All sayings by their paths: `block.fields.nonce.note`. */
function sayings(words: unknown, path = ''): Map<string, Saying> {
  if (typeof words === 'string') return new Map([[path, words]])
  if (typeof words === 'function') return new Map([[path, words as Saying]]) // words hold functions of that kind alone
  return new Map(
    Object.entries(words as object).flatMap(([name, part]) => [...sayings(part, path === '' ? name : `${path}.${name}`)]), // an object or a list
  )
}

const LANGUAGES = { german: { words: { ...german, notation: germanNotation } } }
const ENGLISH = sayings({ ...english, notation: englishNotation })

/** What is said of this number, which can stand for a name too; of a list of it where a number is not enough. */
function said(saying: Saying | undefined, number: number): string {
  if (typeof saying !== 'function') return saying ?? ''
  const of = (part: unknown): string => saying(...Array.from({ length: saying.length }, () => part))
  try {
    return of(number)
  } catch {
    return of([number, number])
  }
}
/** What stands between backticks: to type, so the same in every language. */
const typed = (words: string): string[] => words.split('`').filter((_, at) => at % 2 === 1).sort()
/** What is called the same in other languages, and what is no word. */
const SHARED = new Set('Cairn live Peers Wallet Mining Miner Block Genesis Nonce Bits Version Name Threads ms min ip tcp cairn'.split(' '))

describe.each(Object.entries(LANGUAGES))('%s', (_, { words }) => {
  const own = sayings(words)
  const paths = [...ENGLISH.keys()]
  const NUMBERS = [0, 1, 2, 1284]

  test('has the same sayings', () => expect([...own.keys()].sort()).toEqual(paths.toSorted()))

  test('makes them of the same parts', () => {
    const parts = (saying: Saying | undefined) => (typeof saying === 'function' ? saying.length : typeof saying)
    const different = paths.filter((path) => parts(own.get(path)) !== parts(ENGLISH.get(path)))
    expect(different).toEqual([])
  })

  test('says something each time', () => {
    const isNothing = (says: string): boolean => says.trim() === '' || /undefined|NaN|\[object/.test(says)
    // Where a part is a word of the node's, a number makes no sense in English either.
    const empty = paths.filter((path) => NUMBERS.some((number) =>
      isNothing(said(own.get(path), number)) && !isNothing(said(ENGLISH.get(path), number))))
    expect(empty).toEqual([])
  })

  test('says it in its own words', () => {
    const same = paths.filter((path) => NUMBERS.some((number) => {
      const says = said(own.get(path), number)
      return says === said(ENGLISH.get(path), number) && (says.match(/\p{L}{2,}/gu) ?? []).some((word) => !SHARED.has(word))
    }))
    expect(same).toEqual([])
  })

  test('names the same things to type', () => {
    const different = paths.filter((path) => NUMBERS.some((number) =>
      typed(said(own.get(path), number)).join() !== typed(said(ENGLISH.get(path), number)).join()))
    expect(different).toEqual([])
  })
})

test('German is set as German is: its own quotation marks, and no space that a line may break before a sign', () => {
  const wrong = [...sayings({ ...german })].filter(([, saying]) => {
    const says = said(saying, 2).replace(/`[^`]*`/g, '')
    return /["”']|“\w|\w„|\.\.\.| …| %| – *$/.test(says)
  })
  expect(wrong.map(([path]) => path)).toEqual([])
})

describe('words of components', () => {
  /** Attributes that are read. */
  const READ = new Set(['title', 'alt', 'placeholder', 'label', 'summary', 'heading', 'aria-label', 'aria-valuetext', 'aria-roledescription'])
  const folder = fileURLToPath(new URL('../../src/web', import.meta.url))
  const components = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.tsx'))

  /** Text between tags, and in attributes that are read; a request's verb is none. */
  function wordsIn(path: string, source: string): string[] {
    const found: string[] = []
    new Visitor({
      JSXText: ({ value }) => void found.push(value.trim()),
      JSXAttribute({ name, value }) {
        if (value?.type === 'Literal' && name.type === 'JSXIdentifier' && READ.has(name.name)) found.push(String(value.value))
      },
    }).visit(parseSync(path, source).program)
    return found.filter((text) => /\p{L}{2}/u.test(text) && text !== 'GET')
  }

  test('all of them are in words/', () => {
    expect(components.length).toBeGreaterThan(40)
    const own = components.flatMap((path) => wordsIn(path, readFileSync(join(folder, path), 'utf8')).map((text) => `${path}: ${text}`))
    expect(own).toEqual([])
  })

  test('this test sees them', () => {
    expect(wordsIn('x.tsx', '<p title="Two" class="quiet">One {three}<b aria-label={four}>5 · {`six`}</b></p>')).toEqual(['Two', 'One'])
  })
})
