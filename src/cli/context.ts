/** What every command is given. */
import type { Command } from 'commander'
import type { Output } from './output.ts'

/** Options that every command takes. */
export interface GlobalOptions {
  data?: string
  /** As typed: a name or a file. */
  network?: string
  json?: boolean
  log: 'error' | 'warn' | 'info' | 'debug'
}

export interface Context {
  readonly options: GlobalOptions
  /** Standard output. */
  readonly output: Output
  /** Aborts at the first Ctrl-C, with an `Interrupted` as reason. */
  readonly signal: AbortSignal
  /** The whole grammar, with the modules of all commands loaded: for what describes it, such as shell completion. */
  grammar(): Promise<Command>
}
