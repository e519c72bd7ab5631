/** What libp2p says when it cannot listen or dial, in one line for people. */
import { NetworkError, PeerFault, reason } from './network-error.ts'

/** How the library for noise says whose key it was; libp2p passes on no more than the words. */
const ANOTHER_PEER = /^Payload identity key (\S+) does not match/

export const isSelf = (address: string): NetworkError =>
  new NetworkError('peer-is-self', `${address} is this node itself: give another node’s address`)

/** Another node than the one that was meant answers: its machine's address went to another, or its data folder is new. */
export class AnotherPeerError extends NetworkError {
  constructor(address: string, found: string, options?: ErrorOptions) {
    super('peer-unreachable', `${address} is now the address of ${found}: give that id, or none, if it is the node you want`, options)
  }
}

/** Why a dial failed. */
export function dialError(address: string, error: unknown): NetworkError {
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error]
  const names = errors.map(nameOf)
  const [found] = errors.flatMap((each) => ANOTHER_PEER.exec(reason(each))?.[1] ?? [])
  if (found !== undefined) return new AnotherPeerError(address, found, { cause: error })
  if (names.includes('InvalidPeerIdError')) return isSelf(address)
  if (names.includes('DialDeniedError') || names.includes('ConnectionInterceptedError')) {
    const message = `${address} broke the rules within the last half hour: it is refused for so long`
    return new NetworkError('peer-banned', message, { cause: error })
  }
  if (names.includes('NoValidAddressesError')) {
    const message = `${address} cannot be dialled: write it like /ip4/192.168.1.20/tcp/5051`
    return new NetworkError('peer-bad-address', message, { cause: error })
  }
  // A key that one has and the other has not shows as noise, as silence or as a reset.
  const maybeKey = names.some((name) => ['EncryptionFailedError', 'TimeoutError'].includes(name)) || /reset/i.test(reason(error))
  const message = maybeKey
    ? `no node answers at ${address} (${reason(error)}): is it running, the port right, and its network not private (--network-key)?`
    : `nothing answers at ${address} (${reason(error)}): is the node running, and the port right?`
  return new NetworkError('peer-unreachable', message, { cause: error })
}

/** Why a peer that was dialled is none of ours, though there is a connection. */
export function statusError(address: string, error: unknown): NetworkError {
  if (error instanceof PeerFault && error.code === 'peer-other-network') {
    const message = `${address} is a node of another network, or no Cairn node: start both with the same --network`
    return new NetworkError('peer-other-network', message, { cause: error })
  }
  const message = `${address} took the connection but told no status (${reason(error)}): try again`
  return new NetworkError('peer-unreachable', message, { cause: error })
}

/** Whether a dial failed at once, for a reason that may be gone in a moment. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof NetworkError && error.code === 'peer-unreachable' && !(error instanceof AnotherPeerError) &&
  nameOf(error.cause) !== 'TimeoutError'

/**
 * Runs a step that opens the addresses to listen on.
 * @throws NetworkError `network-listen-failed`
 */
export async function listening<T>(addresses: readonly string[], open: () => T | Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    const message = `cannot listen for peers on ${addresses.join(', ')} (${listenReason(error)}): choose another with --listen`
    throw new NetworkError('network-listen-failed', message, { cause: error })
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '')

/** libp2p's message is a headline and a stack trace for each address; what matters is the system's error in it. */
function listenReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return /(E[A-Z]+): [^\n]+/.exec(text)?.[0] ?? /Error: ([^\n]+)/.exec(text)?.[1] ?? reason(error)
}
