/**
 * What can be typed after `cairn`, as rows: the same for every shell, and made of the grammar itself, so that completion
 * never says anything else than help does.
 *
 * What a value is follows from how help names it: `<FILE>` is a file, `<DIR>` a folder, `<NAME|FILE>` a network or a file,
 * `<12|24>` one of these. Anything else is for the user to know.
 */
import type { Argument, Command, Option } from 'commander'

/** What may stand in a place: words to choose from, or names of files, folders or networks; 'other' is not completed. */
export type Value = { choices: string[] } | 'file' | 'folder' | 'network' | 'other'

export interface Flag {
  /** As typed: `-y`, `--yes`. */
  names: string[]
  description: string
  /** Undefined where it takes none. */
  value: Value | undefined
}

export interface Place {
  /** The names of the command: empty for the program, `['wallet', 'new']`. */
  path: string[]
  commands: { name: string; description: string }[]
  flags: Flag[]
  /** What its first argument is; undefined where it takes none. */
  argument: Value | undefined
}

/** Every command with what it takes, the program itself first. */
export function vocabularyOf(command: Command, path: string[] = []): Place[] {
  const commands = command.commands.map((each) => ({ name: each.name(), description: each.description() }))
  const [argument] = command.registeredArguments
  const help = path.length === 0 ? [{ name: 'help', description: 'show a command’s options and examples' }] : []
  const place: Place = {
    path,
    commands: [...commands, ...help],
    flags: [...command.options.map(flagOf), HELP],
    argument: argument && valueOf(argument.name(), argument),
  }
  return [place, ...command.commands.flatMap((each) => vocabularyOf(each, [...path, each.name()]))]
}

const HELP: Flag = { names: ['-h', '--help'], description: 'show this help', value: undefined }

function flagOf(option: Option): Flag {
  const [, placeholder] = /[<[](.+?)(?:\.\.\.)?[>\]]/.exec(option.flags) ?? []
  const names = [option.short, option.long].filter((name) => name !== undefined)
  return { names, description: option.description, value: placeholder === undefined ? undefined : valueOf(placeholder, option) }
}

function valueOf(placeholder: string, { argChoices }: Option | Argument): Value {
  if (argChoices !== undefined) return { choices: [...argChoices] }
  if (placeholder === 'NAME|FILE') return 'network'
  if (placeholder === 'FILE') return 'file'
  if (placeholder === 'DIR') return 'folder'
  return /^[a-z0-9]+(\|[a-z0-9]+)+$/.test(placeholder) ? { choices: placeholder.split('|') } : 'other'
}
