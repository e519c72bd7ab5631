/**
 * `cairn wallet encrypt`, `passphrase`, `lock` and `unlock`: who can use the keys, and for how long.
 *
 * A running node is asked to do it; where none runs, the folder is taken for the first two, and the other two have
 * nothing to do. Passphrases come as everywhere (passphrase.ts).
 */
import type { Command } from 'commander'
import type { WalletInfo } from '../../http/api.ts'
import { parseWhole } from '../amounts.ts'
import { connect, connectIfRunning } from '../connection.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../failure.ts'
import { formatCountOf } from '../format.ts'
import { examples } from '../help.ts'
import {
  addPassphraseOption, changedSource, findChangedPassphrase, findNewPassphrase, findPassphrase, type PassphraseOptions,
} from '../passphrase.ts'
import { readWallet, takeFolder } from '../wallet-folder.ts'
import type { Wallet } from '../../wallet/wallet.ts'

interface ChangeOptions extends PassphraseOptions {
  newPassphraseFile?: string
}

const NOT_ENCRYPTED = 'the wallet is not encrypted, so it has no passphrase and is never locked: cairn wallet encrypt changes that'

export function configure(command: Command, context: Context): void {
  addPassphraseOption(command.command('encrypt'))
    .description('encrypt the keys with a passphrase; mining and looking need none afterwards, paying does')
    .addHelpText('after', examples('cairn wallet encrypt', 'cairn wallet encrypt --passphrase-file ./passphrase.txt'))
    .action((options: PassphraseOptions) => encrypt(options, context))
  addPassphraseOption(command.command('passphrase'))
    .description('change the passphrase of an encrypted wallet')
    .option('--new-passphrase-file <FILE>', 'the new one is its first line (else CAIRN_NEW_PASSPHRASE, else you are asked)')
    .addHelpText('after', examples(
      'cairn wallet passphrase',
      'cairn wallet passphrase --passphrase-file old --new-passphrase-file new',
    ))
    .action((options: ChangeOptions) => changePassphrase(options, context))
  command
    .command('lock')
    .description('the running node forgets the keys at once')
    .addHelpText('after', examples('cairn wallet lock'))
    .action(async () => {
      const { client } = await connect(context)
      showLock(await client.lockWallet({ signal: context.signal }), context)
    })
  addPassphraseOption(command.command('unlock'))
    .description('the running node keeps the keys in memory, and can pay, until its time is over')
    .option('--minutes <N>', 'for how long, 1 to 1440 (default: 10)', '10')
    .addHelpText('after', examples('cairn wallet unlock', 'cairn wallet unlock --minutes 30'))
    .action((options: PassphraseOptions & { minutes: string }) => unlock(options, context))
}

async function encrypt(options: PassphraseOptions, context: Context): Promise<void> {
  const { signal } = context
  const already = new Refusal('the wallet is encrypted already: cairn wallet passphrase changes its passphrase')
  const connection = await connectIfRunning(context)
  let wallet: Lock
  if (connection !== undefined) {
    const { client } = connection
    if ((await client.wallet({ signal })).encrypted) throw already
    wallet = await client.encryptWallet((await findNewPassphrase(options, false, context)) ?? '', { signal })
  } else {
    if ((await readWallet(context)).encrypted) throw already
    wallet = await changeFile(context, async (own) => own.encrypt((await findNewPassphrase(options, false, context)) ?? ''))
  }
  showLock(wallet, context)
  warn(context, ['The file in clear and its backup are overwritten and removed. An SSD, a snapshot or a',
    'backup of your own may hold them still, and nobody can bring a lost passphrase back.'])
}

async function changePassphrase(options: ChangeOptions, context: Context): Promise<void> {
  const { signal } = context
  const source = changedSource(options.newPassphraseFile)
  const connection = await connectIfRunning(context)
  let wallet: Lock
  if (connection !== undefined) {
    const { client } = connection
    if (!(await client.wallet({ signal })).encrypted) throw new Refusal(NOT_ENCRYPTED)
    const passphrase = await findPassphrase(options, 'the wallet', context)
    const newPassphrase = await findChangedPassphrase(source, context)
    wallet = await client.changePassphrase({ passphrase, newPassphrase }, { signal })
  } else {
    if (!(await readWallet(context)).encrypted) throw new Refusal(NOT_ENCRYPTED)
    wallet = await changeFile(context, async (own) => {
      const passphrase = await findPassphrase(options, 'the wallet', context)
      await own.changePassphrase(passphrase, await findChangedPassphrase(source, context))
    })
  }
  showLock(wallet, context)
  warn(context, ['The new passphrase opens it from now on, and the old one nothing here. A backup of your own',
    'or an exported file still has the passphrase that it was made with.'])
}

/** Changes the wallet of a folder that no node runs on. */
async function changeFile(context: Context, change: (wallet: Wallet) => Promise<void>): Promise<Lock> {
  await using files = await takeFolder(context)
  const { Wallet } = await import('../../wallet/wallet.ts')
  const wallet = Wallet.open(files.path)
  files.defer(() => wallet.close())
  await change(wallet)
  return { encrypted: wallet.encrypted, locked: wallet.locked, unlockedUntil: null }
}

function warn({ options, output }: Context, lines: readonly string[]): void {
  if (!options.json) for (const line of lines) output.line(line)
}

async function unlock(options: PassphraseOptions & { minutes: string }, context: Context): Promise<void> {
  const minutes = parseWhole('--minutes', options.minutes, 1, 1440)
  const { client } = await connect(context)
  if (!(await client.wallet({ signal: context.signal })).encrypted) {
    throw new Refusal(NOT_ENCRYPTED)
  }
  const passphrase = await findPassphrase(options, 'the wallet', context)
  showLock(await client.unlockWallet({ passphrase, minutes }, { signal: context.signal }), context)
  if (!context.options.json) context.output.line(`It locks itself after ${formatCountOf(minutes, 'minute')}, or at once by cairn wallet lock.`)
}

type Lock = Pick<WalletInfo, 'encrypted' | 'locked' | 'unlockedUntil'>

function showLock({ encrypted, locked, unlockedUntil }: Lock, { options, output }: Context): void {
  if (options.json) return output.json({ encrypted, locked, unlockedUntil })
  output.line(locked ? `${output.paint('green', 'encrypted and locked')}: cairn wallet unlock lets it pay` : output.paint('yellow', 'unlocked'))
}
