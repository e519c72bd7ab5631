/** How help looks: styles where the terminal shows them, and an example at the end of each command's. */
import type { Argument, Command } from 'commander'
import { painter, type Style } from './output.ts'

/** Lines to type, for the end of a command's help. */
export const examples = (...lines: string[]): string =>
  `\n${style('bold')('Example:')}\n${lines.map((line) => `  ${line}`).join('\n')}`

type Styler = (text: string) => string

const style =
  (name: Style): Styler =>
  (text) =>
    painter(process.stdout)(name, text)

/** `[NAME]`, `<TO>`, `<FILE…>` where many may come. */
const argumentTerm = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '…' : ''}`
  return argument.required ? `<${name}>` : `[${name}]`
}

/** The words behind a command's name: a choice of its commands, or its arguments. */
const usageOf = (command: Command): string =>
  [...(command.commands.length > 0 ? ['COMMAND'] : command.registeredArguments.map(argumentTerm)), '[OPTIONS]'].join(' ')

interface HelpStyles {
  styleTitle: Styler
  styleOptionTerm: Styler
  styleSubcommandTerm: Styler
  commandUsage: (command: Command) => string
  subcommandTerm: (command: Command) => string
}

/** For commander's `configureHelp`. */
export const helpStyles = (): HelpStyles => ({
  commandUsage: (command) => {
    const names: string[] = []
    for (let each: Command | null = command; each !== null; each = each.parent) names.unshift(each.name())
    return `${names.join(' ')} ${command.parent === null ? command.usage() : usageOf(command)}`
  },
  subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
  styleTitle: style('bold'),
  styleOptionTerm: style('cyan'),
  styleSubcommandTerm: style('cyan'),
})
