import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { type Column, createOutput, layFields, layTable, type Paint, paintHash, plain } from '../../src/cli/output.ts'
import { cutEnd, cutMiddle, stripControls, textWidth } from '../../src/cli/text.ts'

/** Shows where a style begins and ends. */
const marked: Paint = (style, text) => `<${style}>${text}</>`

const hash = `000004f1${'ab'.repeat(26)}c29e`
interface Row { height: number; hash: string; name: string }
const columns: Column<Row>[] = [
  { title: 'height', value: ({ height }) => String(height), align: 'right' },
  {
    title: 'hash',
    value: (row) => row.hash,
    cut: { where: 'middle', least: 13 },
    paint: (text, _row, paint) => paintHash(text, paint),
  },
  { title: 'miner', value: ({ name }) => name, cut: { where: 'end', least: 6 } },
]
const rows: Row[] = [{ height: 7, hash, name: 'flint-otter' }, { height: 1234, hash, name: 'jay' }]

test('a table is as wide as its cells where there is room, numbers to the right', () => {
  expect(layTable(columns, rows, Infinity, plain)).toEqual([
    `height  ${'hash'.padEnd(64)}  miner`,
    `     7  ${hash}  flint-otter`,
    `  1234  ${hash}  jay`,
  ])
})

test('in a narrow terminal hashes give way first, in the middle, then names, at the end', () => {
  expect(layTable(columns, rows, 48, plain)).toEqual([
    'height  hash                         miner',
    '     7  000004f1abababababab…abc29e  flint-otter',
    '  1234  000004f1abababababab…abc29e  jay',
  ])
  expect(layTable(columns, rows, 30, plain)).toEqual([
    'height  hash           miner',
    '     7  000004…abc29e  flint-…',
    '  1234  000004…abc29e  jay',
  ])
})

test.each([100, 80, 60, 40, 32])('no line is wider than %i columns', (width) => {
  for (const line of layTable(columns, rows, width, plain)) expect(textWidth(line)).toBeLessThanOrEqual(width)
})

test('columns that matter least are left out where not all fit, and come back where they do; a pipe has all', () => {
  const [height, hashes, miner] = columns
  if (height === undefined || hashes === undefined || miner === undefined) throw new Error('there are three columns')
  const spare = [{ ...height, spare: 1 }, hashes, { ...miner, spare: 2 }]
  const titles = (width: number): string | undefined => layTable(spare, rows, width, plain)[0]?.replace(/ +/g, ' ')
  expect([Infinity, 29, 28, 21, 20, 5].map(titles)).toEqual([
    'height hash miner', 'height hash miner', 'height hash', 'height hash', 'hash', 'hash',
  ])
})

test('styles take no columns, and no column is cut below its least: rather the terminal wraps', () => {
  expect(layTable(columns, rows, 10, marked)).toEqual([
    '<dim>height</>  <dim>hash         </>  <dim>miner </>',
    '     7  <dim>00000</>4…abc29e  flint…',
    '  1234  <dim>00000</>4…abc29e  jay',
  ])
})

test('zeros that the work bought are dimmed, and a hash without them is left alone', () => {
  expect(paintHash('0000ab', marked)).toBe('<dim>0000</>ab')
  expect(paintHash('ab00', marked)).toBe('ab00')
})

test('fields stand in two columns, and one that is undefined is left out', () => {
  expect(layFields([['tip', 'abc'], ['height', '12'], ['memo', undefined]], plain)).toEqual(['tip     abc', 'height  12'])
})

test('names of other machines cannot move the cursor, reorder the line or break it', () => {
  const hostile = 'a\u001B[2Jb\rc\nd\u202Ee\u200Bf'
  expect(stripControls(hostile)).toBe('a�[2Jb�c�d�e�f')
  expect(stripControls('👨‍👩‍👧 a\u200Db \u200D👧')).toBe('👨‍👩‍👧 a�b �👧')
  const [, line = ''] = layTable(columns, [{ height: 1, hash, name: hostile }], Infinity, plain)
  expect(line).not.toMatch(/\p{Cc}|\p{Cf}/u)
})

test('wide characters count as two columns, and combining ones as none', () => {
  expect(textWidth('石の山')).toBe(6)
  expect(textWidth('🪨')).toBe(2)
  expect(textWidth('e\u0301')).toBe(1)
  expect(textWidth('👨‍👩‍👧')).toBe(2)
  expect(textWidth('❤️')).toBe(2)
  expect(textWidth('🇨🇭')).toBe(2)
  expect(textWidth('a\u0301\u0302\u0303b')).toBe(2)
  expect(cutEnd('a👨‍👩‍👧b👨‍👩‍👧', 5)).toBe('a👨‍👩‍👧b…')
  expect(cutMiddle('石の山石の山石の山', 10)).toBe('石の…の山')
  expect(cutEnd('石の山', 5)).toBe('石の…')
  expect(cutEnd('石の山', 4)).toBe('石…')
})

test('in a pipe nothing is cut or coloured, and JSON is one line', () => {
  const pipe = new PassThrough({ encoding: 'utf8' })
  const output = createOutput(pipe)
  expect(output.width).toBe(Infinity)
  output.json({ a: [1, 2], b: 'x\ny' })
  output.table(columns, [], 'nothing yet')
  output.line(output.paint('red', 'red'))
  expect(pipe.read()).toBe('{"a":[1,2],"b":"x\\ny"}\nnothing yet\nred\n')
})
