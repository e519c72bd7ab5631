/**
 * What a text in the search box may mean, in the order in which it is looked up. Pure; the node says what there is.
 *
 *   digits                    a height                    '42', '1 284'
 *   64 hex digits             a block, else a transaction
 *   cairn1…                   an account
 *   a name                    the account of the node that is called so
 *   4 to 63 hex digits        a block that the page holds: what its hash begins with, after the zeros that work bought
 *
 * @example
 *   meaningOf('fox', new Map([['fox', 'cairn1…']]), [])   // { kind: 'account', account: 'cairn1…' }
 */
import type { BlockSummary } from '../http/api.ts'
import { type AddressProblem, addressProblem } from './address.ts'
import { splitHash } from './format.ts'

export type Meaning =
  | { kind: 'height'; height: string }
  | { kind: 'hash'; hash: string }
  | { kind: 'account'; account: string }
  | { kind: 'not-an-account'; problem: AddressProblem }
  | { kind: 'block'; hash: string }
  | { kind: 'unknown' }

/**
 * @param accounts by the names of their nodes
 * @param blocks those that the page holds
 */
export function meaningOf(text: string, accounts: ReadonlyMap<string, string>, blocks: readonly BlockSummary[]): Meaning {
  const words = text.trim()
  const named = accounts.get(words) ?? accounts.get(words.toLowerCase())
  if (named !== undefined) return { kind: 'account', account: named }
  const hex = words.toLowerCase().replace(/^0x/, '')
  const found = /^[0-9a-f]{4,63}$/.test(hex) ? blocks.find(({ hash }) => hash.startsWith(hex) || beginsWith(hash, hex)) : undefined
  const height = words.replace(/[\s\u202f]/g, '')
  // Digits alone are a height, unless the chain does not reach so far and a hash begins with them.
  const reached = blocks.some((block) => block.height >= Number(height))
  if (/^\d{1,10}$/.test(height) && (reached || found === undefined)) return { kind: 'height', height: String(Number(height)) }
  if (found !== undefined) return { kind: 'block', hash: found.hash }
  if (/^[0-9a-f]{64}$/.test(hex)) return { kind: 'hash', hash: hex }
  if (hex.startsWith('cairn1')) {
    const problem = addressProblem(hex)
    return problem === undefined ? { kind: 'account', account: hex } : { kind: 'not-an-account', problem }
  }
  return { kind: 'unknown' }
}

const beginsWith = (hash: string, hex: string): boolean => hash.slice(splitHash(hash).zeros.length).startsWith(hex)
