import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { cellsOf } from './grid.ts'
import { scaleSvg } from './scale-svg.ts'
import { csvOf, shareOfLine, tableHead, tableRow } from './table.ts'

const program = fileURLToPath(new URL('run.ts', import.meta.url))
const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', timeout: 60_000 })

/** A grid of a second, the shape of the whole one. */
const SMALL = { nodes: [20, 200], blockMs: [2_000, 60_000], blockBytes: [1_000, 200_000], blocks: 10, seed: 1 }
const small = [...cellsOf(SMALL)]

test('the command prints a table, and writes picture and CSV; the same options give the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-model-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [svg, csv] = [join(folder, 'scale.svg'), join(folder, 'scale.csv')]
  const args = ['--nodes', '20,200', '--block-ms', '2000,60000', '--block-bytes', '1000,200000', '--blocks', '10']
  const { status, stdout, stderr } = run(...args, '--svg', svg, '--csv', csv)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain([tableHead(), ...small.map(tableRow)].join('\n'))
  expect(stdout).toMatch(/\nSeed 1: 12 cells, [\d.]+ million steps, \d+ s; table [0-9a-f]{16}\.\n$/)
  expect(readFileSync(svg, 'utf8')).toBe(scaleSvg(small))
  expect(readFileSync(csv, 'utf8')).toBe(csvOf(small))
})

test('every cell has its place: size by size, whole and compact, over the block times', () => {
  expect(small.map(({ nodes, where, blockMs, blockBytes, isCompact }) => `${nodes} ${where} ${blockBytes} ${blockMs}${isCompact ? ' compact' : ''}`)).toEqual(
    ['20 LAN', '200 internet'].flatMap((network) => [
      `${network} 1000 2000`, `${network} 1000 60000`, `${network} 200000 2000`, `${network} 200000 60000`, `${network} 200000 2000 compact`,
      `${network} 200000 60000 compact`,
    ]),
  )
})

test('what is asked for is another network', () => {
  const [only, ...others] = [
    { uploadMbit: 100 }, { topology: 'small-world:16:0' }, { msPerMegabyte: 0 }, { isInTurn: true }, { isMeshOnly: true }, { surroundings: 'lan' as const }, { seed: 2 }, {},
  ].map((asked) => [...cellsOf({ ...SMALL, nodes: [200], blockMs: [60_000], blockBytes: [200_000], ...asked })].map(({ figures }) => figures.reachedMs[95].median)[0])
  expect(new Set([only, ...others]).size).toBe(8)
})

test('a line that blocks and payments fill is told', () => {
  const [cell] = cellsOf({ ...SMALL, nodes: [200], blockMs: [2_000], blockBytes: [1_048_576] })
  if (cell === undefined) throw new Error('there is no cell')
  expect(shareOfLine(cell)).toBeGreaterThan(1)
  expect(tableRow(cell)).toMatch(/ \d{3} % \|$/)
})

test('the picture is whole, names its units, and asks for nothing from elsewhere', () => {
  const svg = scaleSvg(small)
  expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  expect(svg.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|<image|<script|@import|url\(/)
  for (const words of ['20 nodes, LAN', '200 nodes, internet', '200 kB, compact', '10 %', 'kB/s', '60 s', 'prefers-color-scheme: dark']) expect(svg).toContain(words)
  expect(scaleSvg([...cellsOf({ ...SMALL, nodes: [20], blockMs: [2_000], blockBytes: [1_000] })])).not.toMatch(/NaN/)
})

test('the CSV has a number in every cell, and as many as the head names', () => {
  const [head = '', ...rows] = csvOf(small).trimEnd().split('\r\n').map((line) => line.split(','))
  expect(rows).toHaveLength(small.length)
  for (const row of rows) expect(row).toHaveLength(head.length)
  const sent = head.indexOf('sent_mean')
  for (const row of rows) expect(Number(row[sent])).toBeGreaterThan(0)
})

test.each([
  [['--nodes', 'many'], /^--nodes: must be a number, is “many”\n$/],
  [['--nodes', '1'], /^nodes: must be a whole number from 2 to 100000, is 1\n$/],
  [['--surroundings', 'moon'], /^--surroundings: must be lan or internet, is “moon”\n$/],
  [['--speed', '9'], /^Unknown option '--speed'; the options are --nodes VALUE, /],
])('%j is one line that says what to give', (args, line) => {
  const { status, stdout, stderr } = run(...args)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(line)
})

test('a file that cannot be written says so', () => {
  const { status, stderr } = run('--nodes', '20', '--block-ms', '1000', '--block-bytes', '1000', '--blocks', '2', '--svg', '/nowhere/scale.svg')
  expect(status).toBe(1)
  expect(stderr).toMatch(/^\/nowhere\/scale\.svg cannot be written \(.*\): give a file in a folder that is there\n$/)
})
