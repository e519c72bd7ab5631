/** The lab's three routes: shapes as they travel, with the lab's field names. What each stands for: lab.ts. */

/** A transaction as the lab shows it. */
export interface LabTransaction {
  sender: string
  recipient: string
  amount: number
  /** Name of the node that sent it, where this node knows it; else null. */
  node: string | null
}

/** A block as the lab shows it, in `GET /chain` (`{ chain: LabBlock[], length }`). */
export interface LabBlock {
  /** Height + 1: the lab counts its first block as 1. */
  index: number
  /** Seconds since the Unix epoch, with a fraction. */
  timestamp: number
  transactions: LabTransaction[]
  proof: number
  previous_hash: string
  miner_id: string
}

/** `GET /chain` */
export interface LabChain {
  chain: LabBlock[]
  length: number
}

/** `GET /mine` */
export interface LabMined extends Omit<LabBlock, 'timestamp'> {
  message: string
  added_by_node: string
}

/** `POST /transactions/new` body; `sender` is one of the wallet's accounts or its name, `node` is ignored. */
export interface LabSendRequest {
  recipient: string
  /** A whole number of units; its digits as text are fine too. */
  amount: number | string
  sender?: string
  node?: string
}

/** Answer of `POST /transactions/new` */
export interface LabSent {
  message: string
  sender: string
  recipient: string
  amount: number
  added_by_node: string
}
