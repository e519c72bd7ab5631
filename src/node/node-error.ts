/** What can stop a node from starting, by code. */
export type NodeErrorCode =
  /** Another running node owns the data folder. */
  | 'data-folder-in-use'
  /** The data folder cannot be made, read or written. */
  | 'data-folder-unusable'
  /** `peer.key` holds no key. */
  | 'peer-key-damaged'
  /** The file of a network key is not there, holds none, or exists already. */
  | 'network-key-unusable'
  /** The folder's network is private, and no key was given. */
  | 'network-key-missing'
  /** The folder's network is private, with another key than the one given. */
  | 'network-key-differs'
  /** An option is not what it must be. */
  | 'option-invalid'
  /** A part was used before `start()` or after `stop()`. */
  | 'node-not-running'

/** A node cannot do what it was asked; the message is one line: what, why, what to do. */
export class NodeError extends Error {
  override readonly name = 'NodeError'
  readonly code: NodeErrorCode

  constructor(code: NodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
