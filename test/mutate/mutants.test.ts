import { expect, test } from 'vitest'
import { mutantsOf } from './mutants.ts'

const changes = (source: string): string[] => mutantsOf('x.ts', source).map(({ change }) => change)

test('a check is deleted and inverted', () => {
  expect(changes('if (a > b) throw new Error(c)')).toEqual([
    'if (a > b) throw new Error(c) → dropped',
    'a > b → a >= b',
    'a > b → a <= b',
  ])
  expect(changes('if (isBad(a)) { throw a }')).toEqual(['if (isBad(a)) { throw a } → dropped', 'isBad(a) → !(isBad(a))'])
  expect(changes('if (a) b(); else c()')).toEqual(['a → !(a)', 'b(); → dropped', 'c() → dropped'])
})

test('conditions, operators, numbers and statements', () => {
  expect(changes('const a = b ? !c : d ?? e')).toEqual(['b → !(b)', '!c → c', 'd ?? e → d', 'd ?? e → e'])
  expect(changes('const a = (b - 1) * 0x10')).toEqual([
    'b - 1 → b + 1',
    'b - 1 → b - (1 + 1)',
    '(b - 1) * 0x10 → (b - 1) / 0x10',
    '(b - 1) * 0x10 → (b - 1) * (0x10 + 1)',
  ])
  expect(changes('a += Math.min(5n, b)')).toEqual([
    'a += Math.min(5n, b) → dropped',
    'a += Math.min(5n, b) → a -= Math.min(5n, b)',
    'Math.min → Math.max',
    '5n → (5n + 1n)',
  ])
  expect(changes('for (;;) { a++; break }')).toEqual(['a++; → dropped', 'a++ → a--', 'break → dropped'])
})

test('types, texts and comments stay as they are', () => {
  expect(changes("type A = 1 | 2\nconst b: [1] = c as [1] // 1 + 1\nconst d = 'a' + e + `1`")).toEqual([])
})

test('a mutant knows its place and its source', () => {
  const [mutant] = mutantsOf('x.ts', '// →\nconst a =\n  b - c\n')
  const mutated = '// →\nconst a =\n  b + c\n'
  expect(mutant).toEqual({ file: 'x.ts', line: 3, source: 'b - c', change: 'b - c → b + c', mutated })
})
