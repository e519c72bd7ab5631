/**
 * The command line's grammar: the table of commands, the options that all of them take, and wrong usage in one line.
 *
 * A command is a module in commands/ that is loaded only when it is named: `cairn status` must not wait for libp2p.
 */
import { Command, type CommanderError, Option } from 'commander'
import { VERSION } from '../node/version.ts'
import type { Context, GlobalOptions } from './context.ts'
import { helpStyles } from './help.ts'
import { createOutput } from './output.ts'

/** A command's module: adds arguments, options, examples and the action. */
interface CommandModule {
  configure(command: Command, context: Context): void
}

interface CommandEntry {
  name: string
  summary: string
  load: () => Promise<CommandModule>
}

const COMMANDS: Record<string, CommandEntry[]> = {
  'A node': [
    { name: 'start', summary: 'run a node until Ctrl-C', load: () => import('./commands/start.ts') },
    { name: 'status', summary: 'where the running node stands', load: () => import('./commands/status.ts') },
    { name: 'peers', summary: 'the nodes it is connected to', load: () => import('./commands/peers.ts') },
    { name: 'mempool', summary: 'transactions that wait for a block', load: () => import('./commands/mempool.ts') },
  ],
  'Doing something': [
    { name: 'mine', summary: 'mine blocks now', load: () => import('./commands/mine.ts') },
    { name: 'send', summary: 'sign a payment and send it', load: () => import('./commands/send.ts') },
    { name: 'wallet', summary: 'accounts and keys, and their lock', load: () => import('./commands/wallet.ts') },
  ],
  'Reading the chain': [
    { name: 'balance', summary: 'what an account has, confirmed and pending', load: () => import('./commands/balance.ts') },
    { name: 'history', summary: 'the transactions of an account', load: () => import('./commands/history.ts') },
    { name: 'block', summary: 'one block, by height or hash', load: () => import('./commands/block.ts') },
    { name: 'tx', summary: 'one transaction, by id', load: () => import('./commands/tx.ts') },
    { name: 'proof', summary: 'prove a transaction to anybody, or check such a proof', load: () => import('./commands/proof.ts') },
    { name: 'chain', summary: 'the latest blocks', load: () => import('./commands/chain.ts') },
  ],
  'The whole chain': [
    { name: 'verify', summary: 'check every rule again from genesis', load: () => import('./commands/verify.ts') },
    { name: 'export', summary: 'write the chain into a file', load: () => import('./commands/export.ts') },
    { name: 'import', summary: 'take a chain over from a file', load: () => import('./commands/import.ts') },
  ],
  Networks: [
    { name: 'network', summary: 'make a network, look at one, list those here', load: () => import('./commands/network.ts') },
    { name: 'doctor', summary: 'why there are no peers, and what to do', load: () => import('./commands/doctor.ts') },
  ],
  'Many nodes': [
    { name: 'swarm', summary: 'run many real nodes in one process', load: () => import('./commands/swarm.ts') },
  ],
  'This program': [
    { name: 'completion', summary: 'complete commands and options by Tab', load: () => import('./commands/completion.ts') },
  ],
}

const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const satisfies GlobalOptions['log'][]

/** One line a paragraph: the help breaks them where the terminal ends. */
const DESCRIPTION = [
  'A proof-of-work blockchain that the machines on a LAN build together.',
  '',
  'Commands other than start and network ask a running node, which they find by its data folder; verify, export, ' +
    'import and wallet can look into the folder themselves, and doctor looks at the machine where no node runs.',
].join('\n')

/** A description alone: commander would add the default, where ours says it in words. */
const described = ({ description }: { description: string }): string => description

export interface Grammar {
  program: Command
  context: Context
  /** Loads what a command's own module says of it: arguments, options, examples, commands of its own. */
  load(command: Command): Promise<void>
}

/**
 * The program, and the context that its commands run in.
 * @param signal aborts when the user wants the command to end
 */
export function createProgram(signal: AbortSignal): Grammar {
  const program = new Command('cairn')
    .description(DESCRIPTION)
    .usage('COMMAND [ARGUMENTS] [OPTIONS]')
    .option('--data <DIR>', 'the node’s data folder (else CAIRN_DATA, else ~/.cairn/NETWORK)')
    .option('--network <NAME|FILE>', 'a network by name, or its parameter file (default: lan)')
    .option('--json', 'print one JSON document and nothing else')
    .addOption(
      new Option('--log <LEVEL>', 'how much is logged: error, warn, info (default) or debug').choices(LOG_LEVELS).default('info'),
    )
    .helpOption('-h, --help', 'show this help')
    .version(VERSION, '-V, --version', 'show the version')
    .helpCommand(false) // main makes it of --help
    .addHelpText('after', '\ncairn help COMMAND shows a command’s options and examples.')
    .configureHelp({ ...helpStyles(), showGlobalOptions: true, optionDescription: described, argumentDescription: described })
    .configureOutput({ outputError: () => {} }) // main says it, in one line
    .exitOverride()
  const context: Context = {
    get options() {
      return program.opts<GlobalOptions>()
    },
    output: createOutput(process.stdout),
    signal,
    async grammar() {
      const whole = createProgram(signal)
      for (const command of whole.program.commands) await whole.load(command)
      return whole.program
    },
  }
  const loaders = new Map<string, CommandEntry['load']>()
  for (const [heading, entries] of Object.entries(COMMANDS)) {
    for (const { name, summary, load } of entries) {
      program.command(name).description(summary).helpGroup(`${heading}:`)
      loaders.set(name, load)
    }
  }
  const load = async (command: Command): Promise<void> => {
    const loader = loaders.get(command.name())
    loaders.delete(command.name()) // once is enough
    const module = await loader?.()
    module?.configure(command, context)
  }
  program.hook('preSubcommand', (_program, command) => load(command))
  return { program, context, load }
}

/** What is wrong with the command line, in one line; undefined where help or the version was asked for and printed. */
export function wrongUsage(error: CommanderError, argv: readonly string[]): string | undefined {
  if (['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(error.code)) return undefined
  const what = error.message
    .replace(/^error: /, '')
    .replace(/\.?\s*\n?\(Did you mean (.+)\?\)$/, (_all, suggestions: string) => `: did you mean ${suggestions}?`)
    .replace(/\.$/, '')
  const command = argv.find((argument) => Object.values(COMMANDS).flat().some(({ name }) => name === argument))
  return `${what}${what.endsWith('?') ? '' : ';'} see cairn help${command === undefined ? '' : ` ${command}`}`
}
