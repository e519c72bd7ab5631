/**
 * One run of the program: arguments in, exit status out (see failure.ts for what each means).
 *
 * In order: Ctrl-C is given a meaning → the arguments are parsed → the command's own module is loaded and run → what
 * went wrong, if anything did, becomes one line on standard error.
 */
import { CommanderError } from 'commander'
import type { Context } from './context.ts'
import { describe, Interrupted, isUnexpected } from './failure.ts'
import { onInterrupt } from './interrupt.ts'
import { painter } from './output.ts'
import { createProgram, type Grammar, wrongUsage } from './program.ts'

/**
 * Runs the command and sets the exit status; the process ends by itself once nothing is left to do.
 * @param argv the arguments after the program's name
 */
export async function run(argv: readonly string[]): Promise<void> {
  // A reader that goes away (`cairn chain | head`) is no failure: there is only nobody to tell any more.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
  const grammar = createProgram(onInterrupt())
  const { program, context } = grammar
  // What nothing caught leaves the program in no state to go on, and the chain on disk in a good one.
  process.on('uncaughtException', (error) => process.exit(report(error, argv, context)))
  try {
    await program.parseAsync(await withHelp(argv, grammar), { from: 'user' })
  } catch (error) {
    process.exitCode = report(error, argv, context)
  }
}

/**
 * `help COMMAND` is `COMMAND --help`, so that a command is loaded in one way only; `wallet help new` is the same for a
 * command's command. A name that is none is left to be refused like any other.
 */
async function withHelp(argv: readonly string[], { program, load }: Grammar): Promise<string[]> {
  const firstOption = argv.findIndex((word) => word.startsWith('-'))
  const words = firstOption === -1 ? argv : argv.slice(0, firstOption)
  const options = argv.slice(words.length)
  const at = words.indexOf('help')
  if (at === -1 || at > 1) return [...argv]
  const path = words.toSpliced(at, 1)
  let command = program
  for (const [index, word] of path.entries()) {
    // An argument, as in `cairn balance help`, where an account is called so.
    if (index > 0 && command.commands.length === 0) return at === 0 ? [...path, '--help', ...options] : [...argv]
    const next = command.commands.find((each) => each.name() === word)
    if (next === undefined) return [...path, ...options]
    command = next
    await load(command)
  }
  return at === 0 || command.parent !== program || command.commands.length > 0 ? [...path, '--help', ...options] : [...argv]
}

/** Says what a command ended with; gives the exit status. */
function report(error: unknown, argv: readonly string[], { options }: Context): number {
  if (error instanceof CommanderError) {
    const line = wrongUsage(error, argv)
    if (line !== undefined) complain(line)
    return error.exitCode === 0 ? 0 : 2
  }
  if (error instanceof Interrupted) {
    complain(error.message)
    return 130
  }
  complain(describe(error))
  if (options.log === 'debug' && isUnexpected(error)) console.error(error)
  return 1
}

const complain = (line: string): void => console.error(`${painter(process.stderr)('red', 'cairn:')} ${line}`)
