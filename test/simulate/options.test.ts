/** What npm runs and does not know: told in one line, with what there is. */
import { afterEach, expect, test, vi } from 'vitest'
import { optionsOrExit } from '../support/options-or-exit.ts'

const CONFIG = { options: { seeds: { type: 'string', default: '10' }, tell: { type: 'boolean', default: false } } } as const
const argv = process.argv

afterEach(() => {
  process.argv = argv
  vi.restoreAllMocks()
})

/** What a program with these arguments is told on standard error, and the status that it ends with. */
function refused(...args: string[]): { status: unknown; lines: unknown[] } {
  process.argv = ['node', 'run.ts', ...args]
  const lines: unknown[] = []
  vi.spyOn(console, 'error').mockImplementation((line: unknown) => void lines.push(line))
  const exit = vi.spyOn(process, 'exit').mockImplementation((status) => { throw new Error(`exit ${status}`) })
  expect(() => optionsOrExit(CONFIG)).toThrow('exit')
  return { status: exit.mock.calls[0]?.[0], lines }
}

test('known options are given, with their defaults', () => {
  process.argv = ['node', 'run.ts', '--seeds', '3']
  expect({ ...optionsOrExit(CONFIG).values }).toEqual({ seeds: '3', tell: false })
})

test.each([
  [['--speed', '3'], `Unknown option '--speed'; the options are --seeds VALUE, --tell`],
  [['--tell=yes'], `Option '--tell' does not take an argument; the options are --seeds VALUE, --tell`],
  [['--seeds'], `Option '--seeds <value>' argument missing; the options are --seeds VALUE, --tell`],
  [['fast'], `Unexpected argument 'fast'; the options are --seeds VALUE, --tell`],
])('%j is told in one line, and ends the program with status 2', (args, line) => {
  expect(refused(...args)).toEqual({ status: 2, lines: [line] })
})

test('a program without options says that it has none', () => {
  process.argv = ['node', 'run.ts', '--any']
  const told = vi.spyOn(console, 'error').mockImplementation(() => {})
  vi.spyOn(process, 'exit').mockImplementation((status) => { throw new Error(`exit ${status}`) })
  expect(() => optionsOrExit({})).toThrow('exit 2')
  expect(told.mock.calls).toEqual([[`Unknown option '--any'; there are no options`]])
})
