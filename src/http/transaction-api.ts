/** The JSON of transactions and of the pool of those that wait for a block: a part of api.ts, whose units it shares. */
import type { TransactionFields } from '../consensus/proof-document.ts'

export type ApiTransaction = TransactionFields

/** `GET /api/v1/transactions/:id`; `block` is null while it is pending. */
export interface TransactionDetail extends ApiTransaction {
  block: { hash: string; height: number; position: number; timestamp: number } | null
  /** Blocks on top of it, its own included; 0 while pending. */
  confirmations: number
  /** Estimate, ms; null once it is mined, and while it waits for another one of its sender. */
  minedInMs: number | null
}

/** One of an account's history. */
export interface HistoryTransaction extends TransactionDetail {
  /** What the account had right after it: where it mined that block too, not paid for that yet. */
  balance: number
}

export interface PendingTransaction extends ApiTransaction {
  receivedAt: number
  bytes: number
  /** Whether the next block may hold it: no nonce before it is missing. */
  ready: boolean
  /** Estimate, ms; null while it waits for another one of its sender. */
  minedInMs: number | null
}

/** `GET /api/v1/mempool?after&limit`: highest fee first; `next` is the `after` of the next page. */
export interface MempoolPage extends MempoolPace {
  /** Of all that is pending. */
  count: number
  bytes: number
  transactions: PendingTransaction[]
  next: string | null
}

/** What the pool asks for, and how fast it empties. */
export interface MempoolPace {
  /** The least fee that this node takes now. */
  minimumFee: number
  /** The least fee with which a payment that is sent now is in the next block. */
  nextBlockFee: number
  /** Mean time between the last blocks. */
  blockTimeMs: number
}

/** `GET /api/v1/mempool/estimate?fee`: when a payment would be mined that is sent now, behind no other of its sender. */
export interface MinedEstimate extends MempoolPace {
  fee: number
  /** 1: the next one. */
  blocks: number
  minedInMs: number
}

/** `POST /api/v1/transactions` body: a signed transaction by its fields (a memo is text), or its SSZ encoding as hex. */
export type SubmitRequest = (Omit<ApiTransaction, 'id' | 'memo'> & { memo?: string }) | { ssz: string }
