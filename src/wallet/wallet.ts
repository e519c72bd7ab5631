/**
 * This node's keys: opened or made at start, in memory until stop.
 *
 * Opening: the file, if there is one, is read and every key derived; if there is none, twelve new words are written
 * first (keystore.ts), so that no account is ever shown whose key could be lost. Signing is all that a key is used for,
 * and no method gives one away. Fails with `WalletError`.
 *
 * @example
 *   const wallet = Wallet.open('/home/ada/.cairn/lan/wallet.json')
 *   const payment = wallet.sign({ sender: wallet.default.account, recipient, amount: 30, fee: 1, nonce, memo }, genesis.hash)
 */
import { randomBytes } from 'node:crypto'
import { entropyToMnemonic, mnemonicToSeedSync } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { type Address, toAddress } from '../consensus/account.ts'
import { type Hex, toHex } from '../consensus/hex.ts'
import { type KeyPair, keyPair } from '../consensus/signature.ts'
import { signTransaction } from '../consensus/transaction.ts'
import type { Transaction } from '../consensus/types.ts'
import { type Keystore, readKeystore, writeKeystore } from './keystore.ts'
import { deriveKey } from './slip10.ts'
import { WalletError } from './wallet-error.ts'

export { WalletError } from './wallet-error.ts'

export interface WalletAccount {
  /** Unique in the wallet. */
  name: string
  /** Public key, 32 bytes. */
  account: Uint8Array
  address: Address
  /** Whether it is the one that mining pays and that sends unless told otherwise. */
  default: boolean
}

export interface WalletOptions {
  /** What new words are made of, 16 bytes. @default random */
  entropy?: Uint8Array
}

/** BIP 44's coin type. Cairn has no registered one (SLIP-0044): the letters `cai`, far from those in use. */
export const COIN = 0x63_61_69

/** Bytes of entropy behind 12 words. */
const ENTROPY_BYTES = 16

const firstAccount = { name: 'main', path: `m/44'/${COIN}'/0'` }

export class Wallet {
  /** Whether the words are new: nobody has written them down yet. */
  readonly created: boolean
  readonly encrypted = false as const
  /** What was not as it should be and has been mended, each in one line. */
  readonly warnings: readonly string[]
  readonly #accounts: readonly WalletAccount[]
  readonly #main: WalletAccount
  readonly #keys: ReadonlyMap<Hex, KeyPair>

  /**
   * Opens a wallet, or makes one where there is no file.
   * @param path its file; undefined: in memory only, gone with the process
   * @throws WalletError `wallet-damaged`, `wallet-newer-version`, `wallet-unavailable`; the file is untouched then
   */
  static open(path: string | undefined, { entropy = randomBytes(ENTROPY_BYTES) }: WalletOptions = {}): Wallet {
    const found = path === undefined ? undefined : readKeystore(path)
    if (found !== undefined) return new Wallet(found.keystore, false, found.warnings)
    if (entropy.length !== ENTROPY_BYTES) throw new RangeError(`entropy: must be ${ENTROPY_BYTES} bytes, not ${entropy.length}`)
    const keystore = { words: entropyToMnemonic(entropy, wordlist), accounts: [firstAccount] }
    if (path !== undefined) writeKeystore(path, keystore)
    return new Wallet(keystore, true, [])
  }

  private constructor({ words, accounts }: Keystore, created: boolean, warnings: string[]) {
    this.created = created
    this.warnings = warnings
    const seed = mnemonicToSeedSync(words)
    const keys = accounts.map(({ path }) => keyPair(deriveKey(seed, path)))
    this.#keys = new Map(keys.map((pair) => [toHex(pair.publicKey), pair]))
    this.#accounts = keys.map(({ publicKey }, at) => ({
      name: accounts[at]!.name, // one key for each
      account: publicKey,
      address: toAddress(publicKey),
      default: at === 0,
    }))
    this.#main = this.#accounts[0]! // a keystore has at least one
  }

  /** In the order in which they were made. */
  accounts(): WalletAccount[] {
    return [...this.#accounts]
  }

  get default(): WalletAccount {
    return this.#main
  }

  /** One of this wallet's accounts by its name or its address. */
  find(nameOrAddress: string): WalletAccount | undefined {
    return this.#accounts.find(({ name, address }) => name === nameOrAddress || address === nameOrAddress.trim().toLowerCase())
  }

  /**
   * Signs a transaction as its sender.
   * @param genesisHash 32 bytes: the network that it is for
   * @throws WalletError `wallet-no-key`
   */
  sign(unsigned: Omit<Transaction, 'signature'>, genesisHash: Uint8Array): Transaction {
    const keys = this.#keys.get(toHex(unsigned.sender))
    if (keys === undefined) {
      const own = this.#accounts.map(({ name }) => name).join(', ')
      throw new WalletError('wallet-no-key', `no key of ${toAddress(unsigned.sender)} in this wallet; send from one of: ${own}`)
    }
    return signTransaction(unsigned, keys, genesisHash)
  }
}
