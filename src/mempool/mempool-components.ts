/** What the pool is given: around it once, and with a transaction. */
import type { Logger } from 'pino'
import type { AccountState } from '../consensus/types.ts'
import type { Entry } from './queue.ts'

export interface MempoolComponents {
  /** 32 bytes: what signatures are over. */
  genesisHash: Uint8Array
  /** The confirmed state of an account. */
  account: (key: Uint8Array) => AccountState
  /** Milliseconds since the Unix epoch. */
  now: () => number
  log: Logger
}

/** What is known already of a transaction that is handed in. */
export interface Known {
  /** That its signature is good: it is not checked again. @default false */
  isVerified?: boolean
  /** Since when it waits, ms since the Unix epoch. @default now */
  receivedAt?: number
  /** Whether this node's user gave it. @default whether its origin is `local` */
  local?: boolean
  /** Its encoding, where it is at hand. @default it is encoded */
  encoded?: Uint8Array
  /** What `check` gave for this very transaction: none of the above but `isVerified` is looked at any more. */
  checked?: Entry | undefined
}
