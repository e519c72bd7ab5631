/** The completion of fish: a line for each command and option, with the condition under which it is offered. */
import type { Flag, Place, Value } from './vocabulary.ts'

/** @param places as `vocabularyOf` gives them */
export function fishCompletion(places: Place[]): string {
  const lines = [
    '# Completion of cairn in fish:  cairn completion fish > ~/.config/fish/completions/cairn.fish',
    'complete -c cairn -f',
    ...places.flatMap((place) => linesOf(place, places)),
  ]
  return `${lines.join('\n')}\n`
}

function linesOf({ path, commands, flags, argument }: Place, places: Place[]): string[] {
  const isProgram = path.length === 0
  // A group is where its name was typed and none of its commands yet.
  const below = places.filter((place) => place.path.length === path.length + 1 && path.every((name, at) => place.path[at] === name))
  const inside = path.map((name) => `__fish_seen_subcommand_from ${name}`)
  const exactly = below.length === 0 ? inside : [...inside, `not __fish_seen_subcommand_from ${below.map((place) => place.path.at(-1)).join(' ')}`]
  const here = `complete -c cairn -n '${exactly.join('; and ')}'`
  const options = isProgram ? 'complete -c cairn' : here
  return [
    ...commands.map(({ name, description }) => `${here} -a ${name} -d ${quoted(description)}`),
    ...(argument === undefined || argument === 'other' ? [] : [`${here} ${offer(argument)}`]),
    ...flags.filter(({ names }) => isProgram || !names.includes('--help')).map((flag) => `${options} ${option(flag)}`),
  ]
}

function option({ names, description, value }: Flag): string {
  const spelled = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
  const taken = value === undefined ? [] : [value === 'file' || value === 'network' ? '-r' : '-x', offer(value)].filter((word) => word !== '')
  return [...spelled, ...taken, `-d ${quoted(description)}`].join(' ')
}

function offer(value: Value): string {
  if (value === 'file') return '-F'
  if (value === 'folder') return "-a '(__fish_complete_directories)'"
  if (value === 'network') return "-F -a '(path basename ~/.cairn/*) lan local'"
  return value === 'other' ? '' : `-a ${quoted(value.choices.join(' '))}`
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
