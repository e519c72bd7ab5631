/**
 * Wallets that come from elsewhere and go there: words or a file in, a file or words out.
 *
 * Nothing that is replaced is lost: the wallet before, and its backup, stay beside the new one as `wallet.json.old-1`.
 * Words in clear are on disk only where whoever imports or exports asked for that by giving no passphrase.
 * Fails with `WalletError`.
 *
 * @example
 *   const keystore = readPortable('legal winner thank year …', 'the words')
 *   await importWallet('/home/ada/.cairn/lan/wallet.json', keystore, { passphrase: 'correct horse', replace: false })
 */
import { existsSync } from 'node:fs'
import { checkPassphrase, newKdf, passphraseKey } from './encryption.ts'
import { eraseBackup, exportKeystore, finishChange, setAside, writeKeystore } from './keystore-file.ts'
import { isSealed, type Keystore, newKeystore, parseKeystore, type PlainKeystore, seal, type SealedKeystore, unseal } from './keystore.ts'
import { WalletError } from './wallet-error.ts'
import { parseWords } from './words.ts'

/**
 * A wallet as somebody wrote it down: the text of a wallet file of any version, or words, which give one account.
 * @param name of the text, for the messages
 * @throws WalletError `wallet-damaged`, `wallet-newer-version`, `wallet-bad-words`
 */
export const readPortable = (text: string, name: string): Keystore =>
  text.trimStart().startsWith('{') ? parseKeystore(text, name) : newKeystore(parseWords(text))

/**
 * A keystore with its keys in clear; the caller overwrites the entropy when it is done.
 * @param passphrase asked only of one that is encrypted
 * @throws WalletError `wallet-wrong-passphrase`
 */
export async function reveal(keystore: Keystore, passphrase: () => Promise<string>): Promise<PlainKeystore> {
  if (!isSealed(keystore)) return keystore
  const key = await passphraseKey(await passphrase(), keystore.kdf)
  try {
    return { accounts: keystore.accounts, entropy: unseal(keystore, key) }
  } finally {
    key.fill(0)
  }
}

/**
 * A keystore encrypted.
 * @throws WalletError `wallet-bad-passphrase`
 */
export async function protect(keystore: PlainKeystore, passphrase: string): Promise<SealedKeystore> {
  checkPassphrase(passphrase)
  const kdf = newKdf()
  const key = await passphraseKey(passphrase, kdf)
  try {
    return seal(keystore, key, kdf)
  } finally {
    key.fill(0)
  }
}

export interface ImportOptions {
  /** @default none: the words are in clear in the file */
  passphrase?: string
  /** Whether a wallet that is there makes room. */
  replace: boolean
}

/**
 * Makes a wallet the one of a folder, which is the caller's alone.
 * @returns where the wallet before is now, if there was one
 * @throws WalletError `wallet-exists`, `wallet-bad-passphrase`, `wallet-damaged`, `wallet-unavailable`
 */
export async function importWallet(path: string, keystore: PlainKeystore, { passphrase, replace }: ImportOptions): Promise<string | undefined> {
  checkRoom(path, replace)
  const written = passphrase === undefined ? keystore : await protect(keystore, passphrase)
  const kept = existsSync(path) ? setAside(path) : undefined
  writeKeystore(path, written)
  eraseBackup(path) // another wallet's, and kept under the other name
  return kept
}

/**
 * Whether a wallet may come to a path: to be asked before anybody types words.
 * @throws WalletError `wallet-exists`; `wallet-damaged` where only a backup is there
 */
export function checkRoom(path: string, replace: boolean): void {
  if (!existsSync(path)) finishChange(path, undefined)
  else if (!replace) {
    throw new WalletError('wallet-exists', `there is a wallet already (${path}); use --replace to keep that one aside and take this one, or another folder with --data`)
  }
}

/**
 * Writes a wallet into a file that is not there yet.
 * @param passphrase undefined: in clear
 * @throws WalletError `wallet-exists`, `wallet-bad-passphrase`, `wallet-unavailable`
 */
export async function exportWallet(file: string, keystore: PlainKeystore, passphrase: string | undefined): Promise<void> {
  exportKeystore(file, passphrase === undefined ? keystore : await protect(keystore, passphrase))
}
