/**
 * `cairn wallet import` and `export`: words or a file in, a file or words out.
 *
 * Words typed are not shown, and a mistyped one is told by its place with the word that it may have been. Words leave
 * only for the eyes of somebody at a terminal who said yes to the warning; a file is encrypted unless it is told not to.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import type { Keystore } from '../../wallet/keystore.ts'
import { confirm } from '../confirm.ts'
import { dataFolder } from '../connection.ts'
import type { Context } from '../context.ts'
import { describe, Refusal } from '../failure.ts'
import { examples } from '../help.ts'
import { addPassphraseOption, findNewPassphrase, findPassphrase, type PassphraseOptions } from '../passphrase.ts'
import { askSecret, isInteractive, TERMINAL } from '../terminal.ts'
import { readFile } from '../wallet-folder.ts'
import { showAccounts, shownAccounts } from '../wallet-table.ts'

interface ImportOptions extends PassphraseOptions {
  replace?: boolean
  plain?: boolean
}

interface ExportOptions extends PassphraseOptions {
  words?: boolean
  plain?: boolean
}

/** Columns that a line of words has. */
const WORDS_IN_A_LINE = 4

export function configure(command: Command, context: Context): void {
  addPassphraseOption(command.command('import'))
    .description('take over a wallet, by its words or its file, while no node runs on the folder')
    .argument('[FILE]', 'a file that export wrote, or one of words (default: words from the keyboard or a pipe)')
    .option('--replace', 'take the place of the wallet there is, which is kept as wallet.json.old-1')
    .option('--plain', 'do not encrypt it')
    .addHelpText('after', examples('cairn wallet import', 'cairn wallet import ./wallet-backup.json --data ./node-b'))
    .action((file: string | undefined, options: ImportOptions) => take(file, options, context))
  addPassphraseOption(command.command('export'))
    .description('write the wallet into a file, encrypted, or show its words')
    .argument('[FILE]', 'where it goes; a file that is there is never overwritten')
    .option('--words', 'show the words on this terminal, after a warning')
    .option('--plain', 'do not encrypt the file')
    .addHelpText('after', examples('cairn wallet export ./wallet-backup.json', 'cairn wallet export --words'))
    .action((file: string | undefined, options: ExportOptions) => give(file, options, context))
}

async function take(file: string | undefined, options: ImportOptions, context: Context): Promise<void> {
  const { checkRoom, importWallet, reveal } = await import('../../wallet/portable.ts')
  const { isSealed } = await import('../../wallet/keystore.ts')
  const { DataFolder } = await import('../../node/data-folder.ts')
  const folder = DataFolder.open(await dataFolder(context.options))
  try {
    const path = folder.file('wallet.json')
    checkRoom(path, options.replace ?? false)
    const source = await readSource(file, context)
    let passphrase: string | undefined
    const keystore = await reveal(source, async () => (passphrase = await findPassphrase(options, file ?? 'the file', context)))
    if (!isSealed(source) || options.plain) passphrase = await findNewPassphrase(options, true, context)
    const kept = await importWallet(path, keystore, { passphrase, replace: options.replace ?? false })

    const accounts = shownAccounts(keystore.accounts)
    const encrypted = passphrase !== undefined
    const { options: { json }, output } = context
    if (json) return output.json({ accounts, encrypted, kept: kept ?? null })
    showAccounts(accounts, { encrypted, locked: encrypted, unlockedUntil: null }, 0, output)
    if (kept !== undefined) output.line(`The wallet before is kept as ${kept}, as it was.`)
  } finally {
    folder.close()
  }
}

/** The wallet to import; on a terminal, mistyped words are asked for again. */
async function readSource(file: string | undefined, { signal }: Context): Promise<Keystore> {
  const { readPortable } = await import('../../wallet/portable.ts')
  if (file !== undefined) return readPortable(readText(file), file)
  if (!process.stdin.isTTY) return readPortable(await text(process.stdin), 'what came in')
  for (;;) {
    const typed = await askSecret('The 12 or 24 words, in order (they are not shown): ', signal)
    try {
      return readPortable(typed, 'what was typed')
    } catch (error) {
      TERMINAL.output.write(`${describe(error)}\n`)
    }
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Refusal(`${file} cannot be read (${(error as Error).message}): name the file that export wrote, or leave it out to type words`)
  }
}

async function give(file: string | undefined, options: ExportOptions, context: Context): Promise<void> {
  if ((file === undefined) === !options.words) {
    throw new Refusal('say where the wallet goes: a FILE, which is encrypted, or --words to see them on this terminal')
  }
  const { exportWallet, reveal } = await import('../../wallet/portable.ts')
  const { path, keystore } = await readFile(context.options)
  let passphrase: string | undefined
  const unlocked = (): Promise<Awaited<ReturnType<typeof reveal>>> =>
    reveal(keystore, async () => (passphrase = await findPassphrase(options, path, context)))
  if (file === undefined) return showWords(unlocked, context)
  const revealed = await unlocked()
  if (passphrase === undefined || options.plain) passphrase = await findNewPassphrase(options, false, context)
  const target = resolve(file)
  await exportWallet(target, revealed, passphrase)
  const encrypted = passphrase !== undefined
  if (context.options.json) return context.output.json({ file: target, encrypted })
  context.output.fields([['file', target], ['', encrypted ? 'encrypted' : context.output.paint('yellow', 'not encrypted: whoever reads it can spend')]])
}

async function showWords(unlocked: () => Promise<{ entropy: Uint8Array }>, { options, output, signal }: Context): Promise<void> {
  if (!isInteractive() || !process.stdout.isTTY || options.json) {
    throw new Refusal('words are shown to somebody at a terminal and to no program: export a FILE instead')
  }
  TERMINAL.output.write('Whoever sees these words can spend all that the wallet has, now and at any later time.\n')
  TERMINAL.output.write('Make sure that nobody, no camera and no projector looks on.\n')
  if (!(await confirm('Show them?', signal))) throw new Refusal('not shown: you did not confirm it')
  const { wordsOf } = await import('../../wallet/words.ts')
  const words = wordsOf((await unlocked()).entropy).split(' ')
  output.line()
  for (let at = 0; at < words.length; at += WORDS_IN_A_LINE) {
    const line = words.slice(at, at + WORDS_IN_A_LINE)
    output.line(line.map((word, offset) => `${String(at + offset + 1).padStart(4)} ${word.padEnd(10)}`).join(' ').trimEnd())
  }
  output.line()
  output.line('Write them on paper, in this order: cairn wallet import takes them.')
}
