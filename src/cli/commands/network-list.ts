/**
 * `cairn network list`: the networks whose chains are on this machine: the folders in `~/.cairn`, and the one that
 * `--data` or CAIRN_DATA names. A running node is asked; of any other, the chain's file is read and left as it is.
 */
import { readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { defaultFolder } from '../../node/data-folder.ts'
import { summarizeFolder } from '../../node/folder-summary.ts'
import { askNode } from '../connection.ts'
import type { Context, GlobalOptions } from '../context.ts'
import { describe } from '../failure.ts'
import { formatCount } from '../format.ts'
import { examples } from '../help.ts'
import { type Column, paintHash } from '../output.ts'

/** A node that does not answer in this time is told as one that does not. */
const PATIENCE_MS = 2_000

/** One folder; what is not known of a damaged one is null. */
interface Listed {
  network: string | null
  genesis: string | null
  height: number | null
  running: boolean
  /** Address of the running node's interface. */
  http: string | null
  /** Fingerprint of the key of a private network. */
  networkKey: string | null
  data: string
  /** Why the folder cannot be read. */
  error: string | null
}

export function configure(command: Command, context: Context): void {
  command
    .command('list')
    .description('the networks on this machine: their genesis, height and folder, and whether a node runs')
    .addHelpText('after', examples('cairn network list', 'cairn network list --json'))
    .action(async () => {
      const { options, output, signal } = context
      const looked = await Promise.all(foldersOf(options).map((folder) => look(folder, signal)))
      const networks = looked.filter((each) => each !== undefined)
      if (options.json) return output.json({ networks })
      output.table(COLUMNS, networks, 'no networks here yet: cairn start begins one')
    })
}

function foldersOf({ data }: GlobalOptions): string[] {
  const home = dirname(defaultFolder('lan'))
  const named = [data ?? '', process.env.CAIRN_DATA ?? ''].filter((folder) => folder !== '').map((folder) => resolve(folder))
  return [...new Set([...namesIn(home).map((name) => join(home, name)), ...named])]
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return [] // there is none before the first start
  }
}

/** @returns undefined where there is no chain */
async function look(data: string, signal: AbortSignal): Promise<Listed | undefined> {
  const unknown = { network: null, genesis: null, height: null, running: false, http: null, networkKey: null, data, error: null }
  try {
    const found = await askNode(data, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]))
    if (typeof found !== 'string') {
      const { network, genesis, height, networkKey } = found.status
      return { ...unknown, network, genesis, height, networkKey, running: true, http: found.url }
    }
    const summary = summarizeFolder(data)
    if (summary === undefined) return undefined
    const { network, genesis, height, networkKey } = summary
    return { ...unknown, network, genesis, height, networkKey }
  } catch (error) {
    signal.throwIfAborted()
    return { ...unknown, error: error instanceof DOMException ? 'a node runs on it and does not answer' : describe(error) }
  }
}

const COLUMNS: Column<Listed>[] = [
  { title: 'network', value: ({ network }) => network ?? '?', paint: (text, _row, paint) => paint('bold', text) },
  { title: 'genesis', value: ({ genesis }) => genesis?.slice(0, 8) ?? '–', paint: (text, _row, paint) => paintHash(text, paint) },
  { title: 'height', value: ({ height }) => (height === null ? '–' : formatCount(height)), align: 'right', spare: 1 },
  {
    title: 'node',
    value: ({ running, http, error }) => error ?? (running ? `${http}` : 'stopped'),
    cut: { where: 'end', least: 8 },
    paint: (text, { running, error }, paint) => (error === null ? paint(running ? 'green' : 'dim', text) : paint('red', text)),
  },
  { title: 'private', value: ({ networkKey }) => networkKey ?? 'no', spare: 2 },
  { title: 'data', value: ({ data }) => data, cut: { where: 'middle', least: 15 } },
]
