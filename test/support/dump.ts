/**
 * What a store says of the best chain, all of it, read past the store with plain SQL: two stores that followed
 * different ways to the same tip must give the same dump.
 */
import { DatabaseSync } from 'node:sqlite'

/** Blocks by hash, since their ids tell the order of arrival, which differs. */
const TABLES = {
  accounts: 'SELECT hex(account), balance, nonce FROM accounts ORDER BY 1',
  bestChain: 'SELECT best_chain.height, hex(hash), total FROM best_chain JOIN blocks ON id = block ORDER BY 1',
  undo: 'SELECT hex(hash), hex(accounts) FROM undo JOIN blocks ON id = block ORDER BY 1',
  transactions: 'SELECT bucket, hex(entries) FROM transactions ORDER BY 1',
  history: 'SELECT bucket, hex(entries) FROM history ORDER BY 1',
}

export type Dump = Record<keyof typeof TABLES, unknown[]>

/** @param path of an open or closed store */
export function dumpOf(path: string): Dump {
  const database = new DatabaseSync(path, { returnArrays: true })
  try {
    const tables = Object.entries(TABLES).map(([name, sql]) => [name, database.prepare(sql).all()])
    return Object.fromEntries(tables) as Dump // the same keys
  } finally {
    database.close()
  }
}
