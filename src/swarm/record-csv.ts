/**
 * A run as a table for notebooks and spreadsheets: CSV (RFC 4180), a row a block in the order in which they were found.
 *
 *   time              when it was found, ISO 8601, UTC
 *   node, name        who found it
 *   height, hash, parent, difficulty (expected hashes)
 *   miner             the account that it pays
 *   transactions      how many it holds
 *   best              1 on the chain that most nodes are on at the end, else 0
 *   reached_50_ms, reached_95_ms, reached_100_ms
 *                     until that share of the nodes had it; empty where it never came to so many
 */
import { toAddress } from '../consensus/account.ts'
import { fromHex } from '../consensus/hex.ts'
import type { Record, RecordedBlock } from './record.ts'

const SHARES = [0.5, 0.95, 1]

export function csvOf(record: Record): string {
  const best = record.best()
  const row = (block: RecordedBlock): (string | number)[] => [
    new Date(block.foundAt).toISOString(), block.node, block.name, block.height, block.hash, block.parent, block.difficulty,
    toAddress(fromHex(block.miner)), block.transactions, best.has(block.hash) ? 1 : 0,
    ...SHARES.map((share) => record.reachedMs(block, share) ?? ''),
  ]
  const head = [
    'time', 'node', 'name', 'height', 'hash', 'parent', 'difficulty', 'miner', 'transactions', 'best',
    ...SHARES.map((share) => `reached_${share * 100}_ms`),
  ]
  return [head, ...record.blocks.map(row)].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')
}

/** A cell; in quotes where it has to be. */
function quoted(cell: string | number): string {
  const text = String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
