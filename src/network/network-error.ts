/** Errors of the network room: one for the person who asked for something, one for what a peer did wrong. */
import type { FaultCode } from './verdicts.ts'

/**
 * - `peer-bad-address`: not a multiaddr that this transport can dial
 * - `peer-is-self`: the address is this node's own
 * - `peer-unreachable`: nothing answers there, or not as libp2p, or not with the peer id in the address
 * - `peer-banned`: it broke the rules within the last half hour
 * - `peer-other-network`: it has another genesis, or is no Cairn node
 * - `network-listen-failed`: an address to listen on is taken or not this machine's
 * - `network-bad-key`: what was given as the key of a private network is none
 * - `network-stopped`: the network is not running
 */
export type NetworkErrorCode =
  | 'peer-bad-address'
  | 'peer-is-self'
  | 'peer-unreachable'
  | 'peer-banned'
  | 'peer-other-network'
  | 'network-listen-failed'
  | 'network-bad-key'
  | 'network-stopped'

/** Something that was asked of the network did not happen. The message is one line: what, why, what to do. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
  readonly code: NetworkErrorCode

  constructor(code: NetworkErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** A peer broke a protocol, or let us down. What follows from it: verdicts.ts. */
export class PeerFault extends Error {
  override readonly name = 'PeerFault'
  readonly code: FaultCode

  /** @param found what was found, for people */
  constructor(code: FaultCode, found: string) {
    super(`${code}: ${found}`)
    this.code = code
  }
}

/** An error's message on one line, for logs. */
export const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
