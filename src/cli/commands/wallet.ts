/**
 * `cairn wallet`: the accounts, their lock, and their way in and out.
 *
 * What a running node can do (a new account, the list, encryption, the lock) it is asked to do; where none runs, the
 * folder is taken for as long as that needs. Importing needs the folder to itself; exporting only reads the file, so
 * that no interface of a node ever gives out a key.
 */
import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { connectIfRunning } from '../connection.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../failure.ts'
import { examples } from '../help.ts'
import { addPassphraseOption, findNewPassphrase, findPassphrase, type PassphraseOptions, whileUnlocked } from '../passphrase.ts'
import { readWallet, takeFolder } from '../wallet-folder.ts'
import { showAccounts, type ShownAccount, shownAccounts } from '../wallet-table.ts'
import * as lock from './wallet-lock.ts'
import * as transfer from './wallet-transfer.ts'

/** Entropy of a new wallet, by the number of its words. */
const ENTROPY_BYTES: Readonly<Record<string, number>> = { 12: 16, 24: 32 }
/** How long an opened file's keys are wanted: until the command has ended. */
const ONE_COMMAND_MS = 60_000

interface NewOptions extends PassphraseOptions {
  words?: string
  plain?: boolean
}

export function configure(command: Command, context: Context): void {
  command
    .helpCommand(false) // main makes it of --help
    .description('accounts and keys: words, encryption, import and export')
    .addHelpText('after', examples(
      'cairn wallet new savings',
      'cairn wallet list',
      'cairn wallet import',
      'cairn wallet export ./wallet-backup.json',
      'cairn wallet encrypt',
      'cairn wallet passphrase',
      'cairn wallet unlock --minutes 30',
      'cairn wallet lock',
    ))
  addPassphraseOption(command.command('new'))
    .description('an account more; where there is no wallet yet, a wallet with its first account')
    .argument('[NAME]', 'what it is called (default: account-2 and so on; main for the first)')
    .option('--words <12|24>', 'how many words a new wallet has (default: 12)')
    .option('--plain', 'do not encrypt a new wallet')
    .addHelpText('after', examples('cairn wallet new savings', 'cairn wallet new --words 24 --data ./node-a'))
    .action((name: string | undefined, options: NewOptions) => makeAccount(name, options, context))
  command
    .command('list')
    .description('the accounts; with a running node, what they have too')
    .addHelpText('after', examples('cairn wallet list', 'cairn wallet list --json'))
    .action(() => list(context))
  transfer.configure(command, context)
  lock.configure(command, context)
}

async function makeAccount(name: string | undefined, options: NewOptions, context: Context): Promise<void> {
  const bytes = ENTROPY_BYTES[options.words ?? '12']
  if (bytes === undefined) throw new Refusal(`--words: a wallet has 12 or 24 of them, not ${options.words}`)
  const connection = await connectIfRunning(context)
  let made: ShownAccount
  let isNew = false
  if (connection !== undefined) {
    const { client } = connection
    const { accounts } = await client.wallet({ signal: context.signal })
    refuseNewWallet(options)
    const chosen = name ?? `account-${accounts.length + 1}`
    made = await whileUnlocked(client, options, context, () => client.addAccount(chosen, { signal: context.signal }))
  } else {
    await using files = await takeFolder(context)
    const { readKeystore } = await import('../../wallet/keystore-file.ts')
    isNew = readKeystore(files.path) === undefined
    if (isNew) {
      const { importWallet } = await import('../../wallet/portable.ts')
      const { newKeystore } = await import('../../wallet/keystore.ts')
      const keystore = newKeystore(randomBytes(bytes), name)
      const passphrase = await findNewPassphrase(options, true, context)
      await importWallet(files.path, keystore, { passphrase, replace: false })
      made = shownAccounts(keystore.accounts)[0]! // a new wallet has one
    } else {
      refuseNewWallet(options)
      const { Wallet } = await import('../../wallet/wallet.ts')
      const wallet = Wallet.open(files.path)
      files.defer(() => wallet.close())
      if (wallet.encrypted) await wallet.unlock(await findPassphrase(options, 'the wallet', context), ONE_COMMAND_MS)
      const { address: account, ...rest } = wallet.addAccount(name ?? `account-${wallet.accounts().length + 1}`)
      made = { ...rest, account }
    }
  }
  const { options: { json }, output } = context
  if (json) return output.json({ name: made.name, account: made.account, path: made.path, newWallet: isNew })
  output.fields([['account', output.paint('bold', made.name)], ['address', made.account], ['path', made.path]])
  if (!isNew) return
  output.line()
  output.line('Its words are all that brings it back. Write them down:  cairn wallet export --words')
}

/** Options of a wallet that is there already would be heard by nobody. */
function refuseNewWallet({ words, plain }: NewOptions): void {
  if (words === undefined && !plain) return
  throw new Refusal('there is a wallet already, and --words and --plain are for a new one: leave them out, or name another folder with --data')
}

async function list(context: Context): Promise<void> {
  const connection = await connectIfRunning(context)
  const { options: { json }, output, signal } = context
  if (connection !== undefined) {
    const wallet = await connection.client.wallet({ signal })
    if (json) return output.json(wallet)
    return showAccounts(wallet.accounts, wallet, connection.status.time, output)
  }
  const { accounts, encrypted } = await readWallet(context)
  if (json) return output.json({ accounts, encrypted, locked: encrypted, unlockedUntil: null })
  showAccounts(accounts, { encrypted, locked: encrypted, unlockedUntil: null }, 0, output)
}
