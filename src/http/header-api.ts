/** What the interface says to light clients, which check the work themselves: the part of api.ts about headers. */
import type { HeaderFields } from '../consensus/proof-document.ts'

/** A block's header. Its hash is SHA-256 of these fields' SSZ encoding, so whoever is told it can check it. */
export interface BlockHeader extends HeaderFields {
  hash: string
}

/**
 * `GET /api/v1/headers?from&limit`: headers of the best chain, oldest first. With `Accept: application/octet-stream` the
 * answer is their SSZ encodings instead, 92 bytes each and nothing between them.
 */
export interface HeaderPage {
  headers: BlockHeader[]
  /** The `from` of the next page; null at the chain's end. */
  next: number | null
}
