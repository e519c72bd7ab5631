/**
 * What can be wrong with a wallet, by code. None of these ever costs a key: the file is as it was before.
 */
export type WalletCode =
  /** The file is cut, is no wallet, or does not fit together. */
  | 'wallet-damaged'
  /** A newer Cairn wrote it. */
  | 'wallet-newer-version'
  /** It cannot be read or written now: permission, full disk, no such folder. */
  | 'wallet-unavailable'
  /** There is a wallet already where another should go. */
  | 'wallet-exists'
  /** The account that should sign is not in this wallet. */
  | 'wallet-no-key'
  /** Its keys are encrypted and not in memory. */
  | 'wallet-locked'
  /** The passphrase does not open it. */
  | 'wallet-wrong-passphrase'
  /** A new passphrase that cannot be one: empty, or too long. */
  | 'wallet-bad-passphrase'
  /** It is encrypted already. */
  | 'wallet-encrypted'
  /** It is not encrypted, so there is nothing to lock. */
  | 'wallet-not-encrypted'
  /** Words that make no wallet: too few, mistyped, or in another order. */
  | 'wallet-bad-words'
  /** An account cannot be called that. */
  | 'wallet-bad-name'
  /** Another account has that name. */
  | 'wallet-name-taken'

export class WalletError extends Error {
  override readonly name = 'WalletError'
  readonly code: WalletCode

  constructor(code: WalletCode, found: string, options?: ErrorOptions) {
    super(`${code}: ${found}`, options)
    this.code = code
  }
}
