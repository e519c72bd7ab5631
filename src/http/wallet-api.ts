/** What the interface says of accounts, and of this node's own: the part of api.ts that is about the wallet. */

/** `GET /api/v1/accounts/:account` */
export interface Account {
  account: string
  /** Confirmed. */
  balance: number
  /** Transactions sent and confirmed: the next nonce if none is pending. */
  nonce: number
  /** What pending transactions will change: received − (sent + fees). May be negative. */
  pending: number
  /** What it can pay now: confirmed, less what its own pending transactions take. Money on its way to it does not count. */
  spendable: number
}

/** `GET /api/v1/wallet` */
export interface WalletInfo {
  accounts: WalletAccount[]
  /** Whether its keys are encrypted on disk. */
  encrypted: boolean
  /** Whether it cannot sign now: encrypted, and its keys not in memory. */
  locked: boolean
  /** When it locks itself; null where it is locked, or not encrypted. */
  unlockedUntil: number | null
}

/** An account of the wallet, there and in the answer of `POST /api/v1/wallet/accounts`. */
export interface WalletAccount extends Account {
  name: string
  /** Where its key is under the wallet's words: a SLIP-0010 path, such as m/44'/6513001'/0'. */
  path: string
  /** Whether it is the one that mining pays and that sends unless told otherwise. */
  default: boolean
}

/** `POST /api/v1/wallet/accounts` body. */
export interface NewAccountRequest {
  /** 1 to 32 characters, unique in the wallet. */
  name: string
}

/** `POST /api/v1/wallet/encrypt` body; the answer is the wallet, locked. */
export interface EncryptRequest {
  passphrase: string
}

/** `POST /api/v1/wallet/passphrase` body; the answer is the wallet, locked. */
export interface PassphraseRequest {
  /** The one until now. */
  passphrase: string
  newPassphrase: string
}

/** `POST /api/v1/wallet/unlock` body; the answer is the wallet. */
export interface UnlockRequest {
  passphrase: string
  /** Until it locks itself. @default 10 */
  minutes?: number
}

/** `POST /api/v1/wallet/send` body. */
export interface SendRequest {
  recipient: string
  amount: number
  /** @default 0 */
  fee?: number
  /** One of the wallet's accounts or its name. @default the wallet's default account */
  sender?: string
  memo?: string
}
