/**
 * Passphrases: from a file, else from the environment, else asked on the terminal. Never an argument, for every user of
 * a machine can read the arguments of its processes.
 */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { ApiFailure, type Client } from '../http/client.ts'
import type { Context } from './context.ts'
import { Refusal } from './failure.ts'
import { askSecret, isInteractive, TERMINAL } from './terminal.ts'

/** Of every command that may need a passphrase. */
export interface PassphraseOptions {
  passphraseFile?: string
}

/** Where a passphrase may stand. */
interface Source {
  option: string
  variable: string
  /** Of the option; undefined where it was not given. */
  file: string | undefined
}

export const addPassphraseOption = (command: Command): Command =>
  command.option('--passphrase-file <FILE>', 'the passphrase is its first line (else CAIRN_PASSPHRASE, else you are asked)')

const sourceOf = ({ passphraseFile: file }: PassphraseOptions): Source =>
  ({ option: '--passphrase-file', variable: 'CAIRN_PASSPHRASE', file })

/** Of a wallet that has one already: the old one is in the place above. */
export const changedSource = (file: string | undefined): Source =>
  ({ option: '--new-passphrase-file', variable: 'CAIRN_NEW_PASSPHRASE', file })

type Asking = Pick<Context, 'signal'>

/** The passphrase that was given without asking, if one was. */
function given({ option, variable, file }: Source): string | undefined {
  if (file === undefined) return process.env[variable] || undefined
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Refusal(`${option}: ${(error as Error).message}`) // node:fs throws nothing else
  }
  const [line = ''] = text.split(/\r?\n/)
  if (line === '') throw new Refusal(`${option}: the first line of ${file} is empty; the passphrase stands there`)
  return line
}

/**
 * The passphrase of what is encrypted already.
 * @param of what, for the question
 * @throws Refusal where none is given and nobody can be asked
 */
export async function findPassphrase(options: PassphraseOptions, of: string, { signal }: Asking): Promise<string> {
  const source = sourceOf(options)
  return given(source) ?? (isInteractive() ? await askSecret(`Passphrase of ${of}: `, signal) : refuse(source))
}

/**
 * A new one; on a terminal it is asked twice, until both are the same.
 * @param optional whether to go without is an answer: an empty line, or the option --plain
 * @returns undefined where the answer is to go without
 */
export async function findNewPassphrase(
  options: PassphraseOptions & { plain?: boolean },
  optional: boolean,
  { signal }: Asking,
): Promise<string | undefined> {
  if (options.plain) return undefined
  const source = sourceOf(options)
  return given(source) ?? (isInteractive() ? await askTwice(optional, signal) : refuse(source, optional ? ', or --plain to go without' : ''))
}

/** The passphrase that takes the place of one. @throws Refusal where none is given and nobody can be asked */
export async function findChangedPassphrase(source: Source, { signal }: Asking): Promise<string> {
  return given(source) ?? (isInteractive() ? ((await askTwice(false, signal)) ?? '') : refuse(source))
}

async function askTwice(optional: boolean, signal: AbortSignal): Promise<string | undefined> {
  for (;;) {
    const first = await askSecret(`New passphrase${optional ? ' (empty: not encrypted)' : ''}: `, signal)
    if (first === '' && optional) return undefined
    const fault = first === '' ? 'it is empty' : first === (await askSecret('The same again: ', signal)) ? undefined : 'the two differ'
    if (fault === undefined) return first
    TERMINAL.output.write(`${fault}; try again, or give up with Ctrl-C\n`)
  }
}

function refuse({ option, variable }: Source, or = ''): never {
  const which = option.includes('new') ? 'new passphrase' : 'passphrase'
  throw new Refusal(`nobody can be asked for the ${which} here: give ${option} FILE, or set ${variable}${or}`)
}

/**
 * Does what needs the node's keys. Where they are locked, and a passphrase is given or can be asked for, they are
 * unlocked for this alone and locked again; an empty answer leaves them locked.
 * @throws ApiFailure `wallet-locked`, `wallet-wrong-passphrase`, and whatever the action throws
 */
export async function whileUnlocked<Result>(
  client: Pick<Client, 'unlockWallet' | 'lockWallet'>,
  options: PassphraseOptions,
  { signal }: Asking,
  action: () => Promise<Result>,
): Promise<Result> {
  try {
    return await action()
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.code !== 'wallet-locked') throw error
    const passphrase = given(sourceOf(options)) ?? (isInteractive() ? await askSecret('The wallet is locked. Its passphrase: ', signal) : '')
    if (passphrase === '') throw error
    await client.unlockWallet({ passphrase, minutes: 1 }, { signal })
    try {
      return await action()
    } finally {
      await client.lockWallet()
    }
  }
}
