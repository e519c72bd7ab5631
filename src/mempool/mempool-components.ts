/** What the pool is given: around it once, and with a transaction. */
import type { Logger } from 'pino'
import type { AccountState } from '../consensus/types.ts'

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
}
