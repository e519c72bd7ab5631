/**
 * What can be wrong with a wallet. None of these ever touches the file: the words in it cannot be made again.
 *
 * - `wallet-damaged`: the file is cut, is no wallet, or its words do not pass their checksum.
 * - `wallet-newer-version`: a newer Cairn wrote it.
 * - `wallet-unavailable`: it cannot be read or written now: permission, full disk, no such folder.
 * - `wallet-no-key`: the account that should sign is not in this wallet.
 */
export type WalletCode = 'wallet-damaged' | 'wallet-newer-version' | 'wallet-unavailable' | 'wallet-no-key'

export class WalletError extends Error {
  override readonly name = 'WalletError'
  readonly code: WalletCode

  constructor(code: WalletCode, found: string, options?: ErrorOptions) {
    super(`${code}: ${found}`, options)
    this.code = code
  }
}
