/** The help of every command there is: an example each, and every example is a command line that the program takes. */
import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import { textWidth } from '../../src/cli/text.ts'
import { cairn } from './program.ts'

const grammar = (): Promise<Command> => createProgram(new AbortController().signal).context.grammar()

/** Those that do something themselves and those that only have commands. */
const all = (command: Command): Command[] => command.commands.flatMap((each) => [each, ...all(each)])

const nameOf = (command: Command): string => (command.parent?.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name())

/** What `--help` prints. */
function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 80 }).outputHelp()
  return text
}

const examplesIn = (help: string): string[] => (help.split(/^Example:\n/m)[1] ?? '').split('\n').map((line) => line.trim()).filter((line) => line !== '')

/** The words of an example as a shell takes them; what follows `>` or `<` is not the program's. */
const wordsOf = (line: string): string[] =>
  [...line.replace(/ [<>] .*$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, inQuotes, plain]) => inQuotes ?? plain ?? '')

const commands = all(await grammar())

test.each(commands.map((command): [string, Command] => [nameOf(command), command]))('%s: help has an example of it and fits 80 columns', (name, command) => {
  const help = helpOf(command)
  expect(help).toMatch(new RegExp(`^Usage: cairn ${name} `))
  expect(help.split('\n').filter((line) => textWidth(line) > 80)).toEqual([])
  const examples = examplesIn(help)
  expect(examples.length).toBeGreaterThan(0)
  expect(examples[0]).toMatch(new RegExp(`^cairn ${name}( |$)`))
})

test.each(commands.flatMap((command) => examplesIn(helpOf(command))))('example: %s', async (line) => {
  const program = await grammar()
  let ran = false
  for (const command of all(program)) if (command.commands.length === 0) command.action(() => void (ran = true))
  const [first, ...args] = wordsOf(line)
  expect(first).toBe('cairn')
  await program.parseAsync(args, { from: 'user' }) // throws where the grammar has no such thing
  expect(ran).toBe(true)
})

test('help COMMAND COMMAND and COMMAND help COMMAND are the same help; a name that is none is status 2', async () => {
  const ways = [['help', 'wallet', 'new'], ['wallet', 'help', 'new'], ['wallet', 'new', '--help']]
  const [one, ...others] = await Promise.all(ways.map((args) => cairn(args)))
  expect(one).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('Usage: cairn wallet new [NAME] [OPTIONS]') })
  for (const other of others) expect(other).toEqual(one)
  expect(await cairn(['help', 'wallet', 'new', '--data', 'x'])).toEqual(one)
  expect(await cairn(['help', '--json'])).toEqual(await cairn(['--help']))
  const wrong = await Promise.all([['help', 'wallet', 'nw'], ['wallet', 'nw'], ['network', 'lst']].map((args) => cairn(args)))
  expect(wrong.map(({ status, stdout, stderr }) => [status, stdout, stderr])).toEqual([
    [2, '', "cairn: unknown command 'nw': did you mean new? see cairn help wallet\n"],
    [2, '', "cairn: unknown command 'nw': did you mean new? see cairn help wallet\n"],
    [2, '', "cairn: unknown command 'lst': did you mean list? see cairn help network\n"],
  ])
})

test('an account may be called help', async () => {
  const { status, stderr } = await cairn(['balance', 'help', '--data', '/nowhere'])
  expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining('no node is running') })
})
