/** The completion of zsh: one function, built like bash's, that shows a description beside each word. */
import type { Place, Value } from './vocabulary.ts'

/** @param places as `vocabularyOf` gives them */
export function zshCompletion(places: Place[]): string {
  const global = places[0]?.flags ?? []
  const valued = places.flatMap(({ path, flags }) =>
    flags.flatMap(({ names, value }) => (value === undefined ? [] : [{ pattern: optionPattern(path, names), value }])),
  )
  const lines = [
    '#compdef cairn',
    '# Completion of cairn in zsh. In ~/.zshrc, after compinit:  source <(cairn completion zsh)',
    '_cairn() {',
    "  local at='' i",
    '  local -a offered',
    '  for ((i = 2; i < CURRENT; i++)); do',
    '    case "$at ${words[i]}" in',
    ...places.slice(1).map(({ path }) => `      ${pathPattern(path)}) at="$at \${words[i]}" ;;`),
    ...valued.map(({ pattern }) => `      ${pattern}) ((i += 1)) ;;`),
    '    esac',
    '  done',
    '  case "$at ${words[CURRENT-1]}" in',
    ...valued.map(({ pattern, value }) => `    ${pattern}) ${offer(value)}; return ;;`),
    '  esac',
    '  case "$at" in',
    ...places.flatMap(({ path, commands, flags, argument }) => [
      `    ${pathPattern(path)})`,
      '      if [[ ${words[CURRENT]} == -* ]]; then',
      `        offered=(${distinct([...flags, ...global]).map(([name, description]) => entry(name, description)).join(' ')})`,
      "        _describe -o 'option' offered",
      ...(commands.length > 0
        ? ['      else', `        offered=(${commands.map(({ name, description }) => entry(name, description)).join(' ')})`, "        _describe 'command' offered"]
        : []),
      ...(argument === undefined ? [] : [`      else ${offer(argument)}`]),
      '      fi ;;',
    ]),
    '  esac',
    '}',
    '_cairn_networks() {',
    '  compadd -- lan local ~/.cairn/*(N:t)',
    '  _files',
    '}',
    'compdef _cairn cairn',
  ]
  return `${lines.join('\n')}\n`
}

const pathPattern = (path: string[]): string => `'${path.map((name) => ` ${name}`).join('')}'`

const optionPattern = (path: string[], names: string[]): string =>
  names.map((name) => (path.length === 0 ? `*' ${name}'` : pathPattern([...path, name]))).join('|')

/** Each name once, with what it means. */
const distinct = (flags: Place['flags']): [string, string][] =>
  [...new Map(flags.flatMap(({ names, description }) => names.map((name): [string, string] => [name, description])))]

/** One word of `_describe`: a colon ends the name, and in single quotes nothing else is special. */
const entry = (name: string, description: string): string => `'${name}:${description.replaceAll("'", '’')}'`

function offer(value: Value): string {
  if (value === 'file') return '_files'
  if (value === 'folder') return '_files -/'
  if (value === 'network') return '_cairn_networks'
  return value === 'other' ? ':' : `compadd -- ${value.choices.join(' ')}`
}
