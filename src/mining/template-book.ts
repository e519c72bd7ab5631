/**
 * The templates that were given to miners outside this process, so that what they find can be told in a few bytes.
 *
 * The book is bounded: a template is forgotten after two minutes, by when its tip has nearly always been left behind, and
 * the oldest makes room for the newest. Whoever wants to depend on neither hands in whole blocks.
 */
import { sha256 } from '../consensus/hash.ts'
import { toHex } from '../consensus/hex.ts'
import { type Block, encodeHeader } from '../consensus/types.ts'
import type { Template } from './template.ts'

export interface TemplateBookComponents {
  /** Makes a template, unlike any other, that pays an account of 32 bytes. */
  template(account: Uint8Array): Template
  /** Milliseconds since the Unix epoch. */
  now(): number
}

/** Some hundred programs that ask every second; their bodies are mostly shared. */
const MAX_TEMPLATES = 256
const MAX_AGE_MS = 120_000

/** Hex digits of an id: templates differ, and nobody gains by guessing one. */
const ID_DIGITS = 16

export class TemplateBook {
  readonly #components: TemplateBookComponents
  /** By id, the oldest first. */
  readonly #templates = new Map<string, { block: Block; since: number }>()

  constructor(components: TemplateBookComponents) {
    this.#components = components
  }

  /** A new template and its id. */
  issue(account: Uint8Array): { id: string; template: Template } {
    const { template, now } = this.#components
    const made = template(account)
    const id = toHex(sha256(encodeHeader(made.block.header))).slice(0, ID_DIGITS)
    const since = now()
    this.#templates.set(id, { block: made.block, since })
    for (const [oldest, { since: then }] of this.#templates) {
      if (this.#templates.size <= MAX_TEMPLATES && since - then < MAX_AGE_MS) break
      this.#templates.delete(oldest)
    }
    return { id, template: made }
  }

  /** A template with the nonce that was found, and the timestamp where the miner advanced it; undefined where it is forgotten. */
  solved(id: string, nonce: number, timestamp?: number): Block | undefined {
    const kept = this.#templates.get(id)
    if (kept === undefined || this.#components.now() - kept.since >= MAX_AGE_MS) return undefined
    const { header, body } = kept.block
    return { header: { ...header, nonce, timestamp: timestamp ?? header.timestamp }, body }
  }
}
