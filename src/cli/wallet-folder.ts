/** The wallet of a data folder that no node runs on: its file, and the folder for as long as a change needs it. */
import { join } from 'node:path'
import type { Keystore } from '../wallet/keystore.ts'
import { dataFolder } from './connection.ts'
import type { Context, GlobalOptions } from './context.ts'
import { Refusal } from './failure.ts'
import { type ShownAccount, shownAccounts } from './wallet-table.ts'

/** The wallet's file in the data folder that the options mean. @throws Refusal where there is none */
export async function readFile(options: GlobalOptions): Promise<{ path: string; keystore: Keystore }> {
  const { readKeystore } = await import('../wallet/keystore-file.ts')
  const folder = await dataFolder(options)
  const path = join(folder, 'wallet.json')
  const found = readKeystore(path)
  if (found === undefined) throw new Refusal(`there is no wallet in ${folder}: cairn wallet new makes one, and cairn start does`)
  return { path, keystore: found.keystore }
}

/** The wallet of a folder that no node runs on, as its file says. */
export async function readWallet({ options }: Context): Promise<{ accounts: ShownAccount[]; encrypted: boolean }> {
  const { isSealed } = await import('../wallet/keystore.ts')
  const { keystore } = await readFile(options)
  return { accounts: shownAccounts(keystore.accounts), encrypted: isSealed(keystore) }
}

/** Takes the data folder for this command, so that no node starts on it meanwhile. */
export async function takeFolder({ options }: Context): Promise<AsyncDisposableStack & { path: string }> {
  const { DataFolder } = await import('../node/data-folder.ts')
  const folder = DataFolder.open(await dataFolder(options))
  const stack = new AsyncDisposableStack()
  stack.defer(() => folder.close())
  return Object.assign(stack, { path: folder.file('wallet.json') })
}
