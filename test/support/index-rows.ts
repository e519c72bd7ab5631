/** Changes a stored row of the index of transactions behind the store's back. */
import { DatabaseSync } from 'node:sqlite'
import { ENTRY_BYTES } from '../../src/storage/index-entries.ts'
import { BUCKETS, bucketOf, KEY_BYTES } from '../../src/storage/schema.ts'

/**
 * @param hash an id or an account: its row of the first era is meant
 * @param change of its entries, 12 bytes each, to what they become; undefined takes the row out
 */
export function changeEntries(
  path: string, table: 'transactions' | 'history', hash: Uint8Array, change: (entries: Buffer) => Uint8Array | undefined, era = 0,
): void {
  const tool = new DatabaseSync(path)
  const bucket = BUCKETS * era + bucketOf(hash)
  const row = tool.prepare(`SELECT entries FROM ${table} WHERE bucket = ?`).get(bucket)
  if (!(row?.entries instanceof Uint8Array)) throw new Error(`table ${table} has no row ${bucket}`)
  const changed = change(Buffer.from(row.entries))
  if (changed === undefined) tool.prepare(`DELETE FROM ${table} WHERE bucket = ?`).run(bucket)
  else tool.prepare(`UPDATE ${table} SET entries = ? WHERE bucket = ?`).run(changed, bucket)
  tool.close()
}

/** Where the first entry of a hash begins. */
export function entryOf(entries: Buffer, hash: Uint8Array): number {
  for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
    if (entries.subarray(at, at + KEY_BYTES).equals(hash.subarray(0, KEY_BYTES))) return at
  }
  throw new Error('there is no such entry')
}
