/**
 * This node's keys: opened or made at start, in memory until stop, or until they are locked.
 *
 * Opening: the file, if there is one, is read; if there is none, twelve new words are written first (keystore-file.ts),
 * so that no account is ever shown whose key could be lost. A wallet that is not encrypted has its keys at once and
 * keeps them. One that is encrypted opens locked: it knows its accounts and signs nothing. Unlocking decrypts the keys
 * into memory for some time; locking, by hand, by that time or at stop, overwrites them. Signing is all that a key is
 * used for, and no method gives one away.
 *
 * A change (an account more, encryption, another passphrase) is on disk before it shows. Fails with `WalletError`.
 *
 * @example
 *   const wallet = Wallet.open('/home/ada/.cairn/lan/wallet.json', { clock })
 *   await wallet.encrypt('correct horse battery staple')
 *   await wallet.unlock('correct horse battery staple', 10 * 60_000)
 *   const payment = wallet.sign({ sender: wallet.default.account, recipient, amount: 30, fee: 1, nonce, memo }, genesis.hash)
 */
import { randomBytes } from 'node:crypto'
import { type Address, fromAddress, toAddress } from '../consensus/account.ts'
import { type Hex, toHex } from '../consensus/hex.ts'
import type { KeyPair } from '../consensus/signature.ts'
import { signTransaction } from '../consensus/transaction.ts'
import type { Transaction } from '../consensus/types.ts'
import { checkName } from './account-name.ts'
import { checkPassphrase, type Kdf, newKdf, passphraseKey } from './encryption.ts'
import { accountKeys, accountPath, nextIndex } from './keys.ts'
import { eraseBackup, finishChange, readKeystore, writeKeystore } from './keystore-file.ts'
import { isSealed, type Keystore, type KeystoreAccount, newAccount, newKeystore, seal, type SealedKeystore, unseal } from './keystore.ts'
import { WalletError } from './wallet-error.ts'

export { COIN } from './keys.ts'
export { WalletError } from './wallet-error.ts'

export interface WalletAccount {
  /** Unique in the wallet. */
  name: string
  /** Public key, 32 bytes. */
  account: Uint8Array
  address: Address
  /** Where its key is under the wallet's words, as SLIP-0010 has it. */
  path: string
  /** Whether it is the one that mining pays and that sends unless told otherwise. */
  default: boolean
}

/** Time, for locking by itself. */
export interface WalletClock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Calls back once, after a delay in ms. @returns cancels */
  after(delayMs: number, callback: () => void): () => void
}

export interface WalletOptions {
  /** What new words are made of: 16 bytes for 12 words, 32 for 24. @default 16 random ones */
  entropy?: Uint8Array
  /** @default none: an unlocked wallet stays so until `lock()` */
  clock?: WalletClock
}

/** What is in memory while the keys are. */
interface Open {
  entropy: Uint8Array
  keys: Map<Hex, KeyPair>
  /** Of an encrypted wallet, so that a change can be written without asking for the passphrase again. */
  seal?: { key: Uint8Array; kdf: Kdf }
}

export class Wallet {
  /** Whether the words are new: nobody has written them down yet. */
  readonly created: boolean
  /** What was not as it should be and has been mended, each in one line. */
  readonly warnings: readonly string[]
  readonly #path: string | undefined
  readonly #clock: WalletClock | undefined
  #keystore: Keystore
  #accounts: readonly WalletAccount[]
  #open: Open | undefined
  #until: number | undefined
  #cancel = (): void => {}
  /** How often it was locked: an unlocking that began before is then void. */
  #locks = 0
  /** The derivation in hand: one at a time, for each takes 128 MB. */
  #deriving: Promise<unknown> = Promise.resolve()

  /**
   * Opens a wallet, or makes one where there is no file. Its folder is the caller's alone.
   * @param path its file; undefined: in memory only, gone with the process
   * @throws WalletError `wallet-damaged`, `wallet-newer-version`, `wallet-unavailable`; the file is untouched then
   */
  static open(path: string | undefined, { entropy = randomBytes(16), clock }: WalletOptions = {}): Wallet {
    const found = path === undefined ? undefined : readKeystore(path)
    const finished = path === undefined ? [] : finishChange(path, found?.keystore)
    if (found !== undefined) return new Wallet(path, found.keystore, false, [...found.warnings, ...finished], clock)
    const keystore = newKeystore(Uint8Array.from(entropy)) // the caller's is not ours to overwrite
    if (path !== undefined) writeKeystore(path, keystore)
    return new Wallet(path, keystore, true, [], clock)
  }

  private constructor(path: string | undefined, keystore: Keystore, created: boolean, warnings: string[], clock?: WalletClock) {
    this.#path = path
    this.#keystore = keystore
    this.created = created
    this.warnings = warnings
    this.#clock = clock
    this.#accounts = shown(keystore.accounts)
    if (!isSealed(keystore)) this.#open = { entropy: keystore.entropy, keys: this.#keysOf(keystore.entropy) }
  }

  get encrypted(): boolean {
    return isSealed(this.#keystore)
  }

  /** Whether it cannot sign now. */
  get locked(): boolean {
    this.#lockInTime()
    return this.#open === undefined
  }

  /** When it locks itself, ms since the Unix epoch; undefined where it is locked, or never will be. */
  get unlockedUntil(): number | undefined {
    return this.locked ? undefined : this.#until
  }

  /** In the order in which they were made. */
  accounts(): WalletAccount[] {
    return [...this.#accounts]
  }

  get default(): WalletAccount {
    return this.#accounts[0]! // a keystore has at least one
  }

  /** One of this wallet's accounts by its name or its address. */
  find(nameOrAddress: string): WalletAccount | undefined {
    return this.#accounts.find(({ name, address }) => name === nameOrAddress || address === nameOrAddress.trim().toLowerCase())
  }

  /**
   * Signs a transaction as its sender.
   * @param genesisHash 32 bytes: the network that it is for
   * @throws WalletError `wallet-no-key`, `wallet-locked`
   */
  sign(unsigned: Omit<Transaction, 'signature'>, genesisHash: Uint8Array): Transaction {
    const account = toHex(unsigned.sender)
    if (!this.#accounts.some((own) => toHex(own.account) === account)) {
      const names = this.#accounts.map(({ name }) => name).join(', ')
      throw new WalletError('wallet-no-key', `no key of ${toAddress(unsigned.sender)} in this wallet; send from one of: ${names}`)
    }
    const keys = this.#opened().keys.get(account)
    if (keys === undefined) throw new Error(`the wallet has the account ${account} and not its key`)
    return signTransaction(unsigned, keys, genesisHash)
  }

  /**
   * Makes one account more, at the next path.
   * @throws WalletError `wallet-bad-name`, `wallet-name-taken`, `wallet-locked`, `wallet-unavailable`
   */
  addAccount(name: string): WalletAccount {
    checkName(name)
    if (this.find(name) !== undefined) throw new WalletError('wallet-name-taken', `there is an account ${JSON.stringify(name)} already; choose another name`)
    const { entropy, keys, seal: sealing } = this.#opened()
    const path = accountPath(nextIndex(this.#accounts.map((account) => account.path)))
    const accounts = [...this.#keystore.accounts, newAccount(name, path, entropy)]
    this.#write(sealing === undefined ? { accounts, entropy } : seal({ accounts, entropy }, sealing.key, sealing.kdf))
    for (const made of accountKeys(entropy, [path])) keys.set(toHex(made.publicKey), made)
    return this.#accounts.at(-1)! // the one just made
  }

  /**
   * Encrypts the keys and locks them. The file in clear and its backup are erased, as far as a disk forgets
   * (keystore-file.ts).
   * @throws WalletError `wallet-bad-passphrase`, `wallet-encrypted`, `wallet-unavailable`
   */
  async encrypt(passphrase: string): Promise<void> {
    checkPassphrase(passphrase)
    this.#plainEntropy()
    await this.#sealWith(passphrase, () => Uint8Array.from(this.#plainEntropy())) // both may have changed meanwhile
  }

  /**
   * Encrypts the keys with another passphrase and locks them. The file before and its backup, which the old passphrase
   * opens, are erased as far as a disk forgets; copies elsewhere keep the passphrase that they had.
   * @throws WalletError `wallet-not-encrypted`, `wallet-wrong-passphrase`, `wallet-bad-passphrase`, `wallet-unavailable`
   */
  async changePassphrase(old: string, next: string): Promise<void> {
    checkPassphrase(next)
    const key = await this.#derive(old, this.#sealed().kdf)
    try {
      unseal(this.#sealed(), key).fill(0) // a wrong one is told at once
      await this.#sealWith(next, () => unseal(this.#sealed(), key)) // there may be an account more meanwhile
    } finally {
      key.fill(0)
    }
  }

  /** Encrypts under a new key, locks, and erases what was on disk before. @param entropyOf a copy, which is overwritten */
  async #sealWith(passphrase: string, entropyOf: () => Uint8Array): Promise<void> {
    const kdf = newKdf()
    const key = await this.#derive(passphrase, kdf)
    try {
      const entropy = entropyOf()
      this.#write(seal({ accounts: this.#keystore.accounts, entropy }, key, kdf))
      entropy.fill(0)
    } finally {
      key.fill(0)
    }
    this.lock()
    if (this.#path !== undefined) eraseBackup(this.#path)
  }

  /**
   * Decrypts the keys into memory. Of one that is unlocked already, the time begins again.
   * @param durationMs until it locks itself
   * @throws WalletError `wallet-not-encrypted`, `wallet-wrong-passphrase`; `wallet-locked` where it was locked meanwhile
   */
  async unlock(passphrase: string, durationMs: number): Promise<void> {
    const { kdf } = this.#sealed()
    const began = this.#locks
    const key = await this.#derive(passphrase, kdf)
    try {
      const entropy = unseal(this.#sealed(), key)
      if (this.#locks !== began) {
        entropy.fill(0)
        throw new WalletError('wallet-locked', 'the wallet was locked while it was being unlocked; unlock it again')
      }
      this.#forget()
      this.#open = { entropy, keys: this.#keysOf(entropy), seal: { key: Uint8Array.from(key), kdf } }
    } finally {
      key.fill(0)
    }
    this.#until = this.#clock && this.#clock.now() + durationMs
    this.#cancel = this.#clock?.after(durationMs, () => this.lock()) ?? this.#cancel
  }

  /** Overwrites the keys in memory. @throws WalletError `wallet-not-encrypted`: it could not have them again */
  lock(): void {
    this.#sealed()
    this.close()
  }

  /** The same for any wallet: nothing is signed any more. */
  close(): void {
    this.#locks += 1
    this.#forget()
  }

  #forget(): void {
    this.#cancel()
    this.#until = undefined
    const open = this.#open
    this.#open = undefined
    open?.entropy.fill(0)
    open?.seal?.key.fill(0)
    for (const { secretKey } of open?.keys.values() ?? []) secretKey.fill(0)
  }

  /** A machine that slept has a timer that slept too: its time is looked at as well. */
  #lockInTime(): void {
    if (this.#until !== undefined && this.#clock !== undefined && this.#clock.now() >= this.#until) this.lock()
  }

  #opened(): Open {
    this.#lockInTime()
    if (this.#open === undefined) throw new WalletError('wallet-locked', 'the wallet is locked; unlock it with: cairn wallet unlock')
    return this.#open
  }

  #sealed(): SealedKeystore {
    if (isSealed(this.#keystore)) return this.#keystore
    throw new WalletError('wallet-not-encrypted', 'the wallet is not encrypted, so it has no lock; encrypt it with: cairn wallet encrypt')
  }

  #plainEntropy(): Uint8Array {
    if (isSealed(this.#keystore)) throw new WalletError('wallet-encrypted', 'the wallet is encrypted already; change its passphrase with: cairn wallet passphrase')
    return this.#opened().entropy
  }

  #derive(passphrase: string, kdf: Kdf): Promise<Buffer> {
    const key = this.#deriving.then(() => passphraseKey(passphrase, kdf))
    this.#deriving = key.catch(() => undefined)
    return key
  }

  #write(keystore: Keystore): void {
    if (this.#path !== undefined) writeKeystore(this.#path, keystore)
    this.#keystore = keystore
    this.#accounts = shown(keystore.accounts)
  }

  #keysOf(entropy: Uint8Array): Map<Hex, KeyPair> {
    return new Map(accountKeys(entropy, this.#accounts.map(({ path }) => path)).map((keys) => [toHex(keys.publicKey), keys]))
  }
}

const shown = (accounts: readonly KeystoreAccount[]): WalletAccount[] =>
  accounts.map(({ name, path, address }, at) => ({ name, account: fromAddress(address), address, path, default: at === 0 }))
