/**
 * The completion of bash, 3.2 and later: one function that finds out which command the line is in, and offers what can
 * stand there. Options of the program may stand behind any command; `help` stands before one and changes nothing.
 */
import type { Place, Value } from './vocabulary.ts'

/** @param places as `vocabularyOf` gives them */
export function bashCompletion(places: Place[]): string {
  const global = places[0]?.flags ?? []
  const valued = places.flatMap(({ path, flags }) =>
    flags.flatMap(({ names, value }) => (value === undefined ? [] : [{ pattern: optionPattern(path, names), value }])),
  )
  const lines = [
    '# Completion of cairn in bash. In ~/.bashrc:  source <(cairn completion bash)',
    '_cairn() {',
    '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path= i',
    '  COMPREPLY=()',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    '    case "$path ${COMP_WORDS[i]}" in',
    ...places.slice(1).map(({ path }) => `      ${pathPattern(path)}) path="$path \${COMP_WORDS[i]}" ;;`),
    ...valued.map(({ pattern }) => `      ${pattern}) ((i += 1)) ;;`),
    '    esac',
    '  done',
    '  case "$path $prev" in',
    ...valued.map(({ pattern, value }) => `    ${pattern}) ${offer(value)}; return ;;`),
    '  esac',
    '  case "$path" in',
    ...places.flatMap(({ path, commands, flags, argument }) => [
      `    ${pathPattern(path)})`,
      `      if [[ $cur == -* ]]; then ${words([...new Set([...flags, ...global].flatMap(({ names }) => names))])}`,
      ...(commands.length > 0 ? [`      else ${words(commands.map(({ name }) => name))}`] : []),
      ...(argument === undefined ? [] : [`      else ${offer(argument)}`]),
      '      fi ;;',
    ]),
    '  esac',
    '}',
    '_cairn_files() {',
    '  compopt -o filenames 2> /dev/null',
    "  local IFS=$'\\n'",
    '  COMPREPLY+=($(compgen "$1" -- "$cur"))',
    '}',
    '_cairn_networks() {',
    '  COMPREPLY=($(compgen -W "lan local $(ls ~/.cairn 2> /dev/null)" -- "$cur"))',
    '  _cairn_files -f',
    '}',
    'complete -F _cairn cairn',
  ]
  return `${lines.join('\n')}\n`
}

const pathPattern = (path: string[]): string => `'${path.map((name) => ` ${name}`).join('')}'`

const optionPattern = (path: string[], names: string[]): string =>
  names.map((name) => (path.length === 0 ? `*' ${name}'` : pathPattern([...path, name]))).join('|')

const words = (choices: string[]): string => `COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$cur"))`

function offer(value: Value): string {
  if (value === 'file') return '_cairn_files -f'
  if (value === 'folder') return '_cairn_files -d'
  if (value === 'network') return '_cairn_networks'
  return value === 'other' ? ':' : words(value.choices)
}
