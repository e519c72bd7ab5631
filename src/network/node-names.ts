/**
 * Whose blocks are whose: the names that nodes give themselves beside the account that their mining pays, by account.
 *
 * Nobody checks such a claim, so a name is only ever shown, and never decides anything. Names of nodes that left stay
 * known as long as there is room, for their blocks stay too.
 */
import { type Hex, toHex } from '../consensus/hex.ts'
import type { Status } from './messages.ts'
import { setLatest } from './set-latest.ts'

/** More than a LAN has nodes in a week; then the oldest is forgotten. */
const MAX_NAMES = 1024

export class NodeNames {
  readonly #names = new Map<Hex, string>()

  learn({ account, name }: Pick<Status, 'account' | 'name'>): void {
    setLatest(this.#names, toHex(account), name, MAX_NAMES)
  }

  /** @param account 32 bytes */
  of(account: Uint8Array): string | undefined {
    return this.#names.get(toHex(account))
  }
}
