/** What an account may be called: something that a table shows and nobody takes for an address. */
import { WalletError } from './wallet-error.ts'

/** Columns that a table has for it. */
const MAX_LENGTH = 32

/** @throws WalletError `wallet-bad-name` */
export function checkName(name: string): void {
  const refuse = (why: string): WalletError =>
    new WalletError('wallet-bad-name', `${why}; choose one such as savings`)
  if (name.trim() !== name || name === '' || name.length > MAX_LENGTH) {
    throw refuse(`an account’s name has 1 to ${MAX_LENGTH} characters and no space at its ends`)
  }
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(name)) throw refuse('an account’s name has visible characters only')
  if (/^cairn1/i.test(name)) throw refuse('a name that begins like an address would be taken for one')
}
