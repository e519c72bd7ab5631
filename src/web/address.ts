/** Whether a text is an account, checked as one types: the same bech32m checksum that the node checks (BIP 350). */
import { bech32m } from '@scure/base'

const PREFIX = 'cairn1'
const LENGTH = 64

export type AddressProblem = 'wrong-start' | 'too-short' | 'bad-checksum'

/** What is wrong with a typed account, or undefined where it is one. */
export function addressProblem(text: string): AddressProblem | undefined {
  const address = text.trim().toLowerCase()
  if (!address.startsWith(PREFIX) && !PREFIX.startsWith(address)) return 'wrong-start'
  if (address.length < LENGTH) return 'too-short'
  return bech32m.decodeUnsafe(address as `${string}1${string}`)?.prefix === 'cairn' && address.length === LENGTH
    ? undefined
    : 'bad-checksum'
}
