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
import { createProgram, wrongUsage } from './program.ts'

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
  const { program, context } = createProgram(onInterrupt())
  // What nothing caught leaves the program in no state to go on, and the chain on disk in a good one.
  process.on('uncaughtException', (error) => process.exit(report(error, argv, context)))
  try {
    await program.parseAsync(withHelp(argv, program.commands.map((command) => command.name())), { from: 'user' })
  } catch (error) {
    process.exitCode = report(error, argv, context)
  }
}

/** `help COMMAND` is `COMMAND --help`, so that a command is loaded in one way only; an unknown one is then an error. */
function withHelp(argv: readonly string[], commands: readonly string[]): string[] {
  const [first, ...rest] = argv
  if (first !== 'help') return [...argv]
  return rest[0] === undefined || commands.includes(rest[0]) ? [...rest, '--help'] : rest
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
