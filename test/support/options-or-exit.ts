/** The options of a program that npm runs: what it does not know is told in one line, and ends it with status 2. */
import { parseArgs, type ParseArgsConfig } from 'node:util'

export function optionsOrExit<const Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config)
  } catch (error) {
    const [what] = (error as Error).message.split('. ') // it throws nothing else; what follows is about positionals
    const known = Object.entries(config.options ?? {}).map(([name, { type }]) => (type === 'string' ? `--${name} VALUE` : `--${name}`))
    console.error(`${what}; ${known.length === 0 ? 'there are no options' : `the options are ${known.join(', ')}`}`)
    process.exit(2)
  }
}
