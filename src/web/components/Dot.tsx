/** A pebble in an account's colour, beside its name; hollow where the account is not known. */
import { tintStyle } from '../palette.ts'

export const Dot = ({ account }: { account: string | undefined }) => (
  <i class={account === undefined ? 'dot unknown' : 'dot'} style={account && tintStyle(account)} aria-hidden="true" />
)
