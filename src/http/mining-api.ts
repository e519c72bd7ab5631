/** The JSON of mining: the part of api.ts, whose units it shares, that those who write miners read. */

export interface MiningStatus {
  running: boolean
  /** Whether mining is wanted and waits, because this node is catching up with its peers. */
  waiting: boolean
  /** Measured hashes a second, all threads; 0 while not mining. */
  hashRate: number
  threads: number
  /** Share of each thread's time that may be used, percent, 1 to 100. */
  cpu: number
}

/** `POST /api/v1/mining` body: what it leaves out stays as it is. Answered by `MiningStatus`. */
export interface MiningRequest {
  running?: boolean
  threads?: number
  /** Percent, 1 to 100. */
  cpu?: number
}

/** A block of the best chain that somebody just mined; also the answer of `POST /api/v1/mining/submit`. */
export interface MinedBlock {
  height: number
  hash: string
}

/** Answer of `POST /api/v1/mining/blocks`, oldest first. */
export interface MinedBlocks {
  blocks: MinedBlock[]
}

/**
 * `GET /api/v1/mining/template?miner=ACCOUNT`: the next block, all but its nonce. Whoever finds a nonce with which
 * SHA-256 of the header is at most the target hands it in by `POST /api/v1/mining/submit`.
 */
export interface MiningTemplate {
  /** What to call it when a nonce is found; known for two minutes. */
  id: string
  /**
   * The 92 bytes that are hashed, as 184 hex digits, with nonce 0. In them, all little-endian: `timestamp` in bytes 72
   * to 79, which may advance; `nonce` in bytes 84 to 91, at most 2^53 − 1.
   */
  header: string
  /** 64 hex digits: as a big-endian number, the hash must not exceed it. */
  target: string
  height: number
  parent: string
  bodyRoot: string
  timestamp: number
  /** 8 hex digits. */
  bits: string
  /** Whom it pays. */
  miner: string
  /** Units that it pays: the subsidy and the fees. */
  pays: number
  transactionCount: number
  /** With `body=true`: the body as SSZ in hex, for whoever hands in whole blocks. Else null. */
  body: string | null
}

/**
 * `POST /api/v1/mining/submit` body: a template by its id with what was found, or a whole block as SSZ in hex.
 * `timestamp` where it is not the template's.
 */
export type SubmitBlockRequest = { id: string; nonce: number; timestamp?: number } | { block: string }
