/**
 * Everything in a chain's file: its tables, and every statement that is ever run on them.
 *
 *   meta         what file this is: the network's name, its genesis hash
 *   blocks       every stored header, side branches too, in order of arrival          by id, by hash
 *   bodies       the body of each of them, as SSZ: apart, so that reading all headers reads nothing else
 *   best_chain   which block stands at which height of the best chain                 by height
 *   undo         for each block of the best chain: accounts as they were before it, as SSZ
 *   settled_accounts  every account, as it was after a block of some time ago         by account
 *   recent_accounts   what each block since then made of the accounts it touched      by height
 *   transactions where each transaction of an era that is over stands                 by era and first bits of its id
 *   history      which transactions of such an era an account sent or was paid by     by era and first bits of the account
 *   pending      transactions that wait for a block, for the next start                in order of writing
 *   peers        addresses that worked, for the next start
 *
 * Hashes, ids and accounts are 32-byte BLOBs, times ms since the Unix epoch, amounts whole units. The best chain's tip
 * is its highest row in best_chain, and written nowhere else. For people with an SQLite tool there are two views:
 * `chain`, and `accounts` with every balance at the tip.
 *
 * Costs of a block: one row in blocks, bodies, best_chain, undo and recent_accounts. What it makes of accounts is looked
 * up in memory (stored-accounts.ts), and so is where its transactions stand (transaction-index.ts): both are written where
 * they belong when there are many. Nothing grows with the chain but the depth of a B-tree.
 */

/** `PRAGMA application_id`, so that `file` and we can tell a Cairn chain from any other SQLite file: "Carn". */
export const APPLICATION_ID = 0x4361_726e

/**
 * Transactions whose index entries are written together, about. Ids and accounts are random, so a block's entries would be
 * spread over the whole index, hundreds of pages to write for a block of some kilobytes; and a row for each would take
 * longer than all else that a block writes. Those of an era, some hundred kilobytes, are kept in memory until it is full,
 * and written as a few hundred rows. In return a search asks era after era, newest first: two microseconds each, and there
 * are 245 in a chain of a million transactions.
 */
const ERA_TRANSACTIONS = 4_096

/** The era of a block, by the number of transactions in the chain before it: the block's own are all of one era. */
export const eraOf = (transactionsBefore: number): number => Math.floor(transactionsBefore / ERA_TRANSACTIONS)

/** Number of transactions before an era, at least: its first block may begin later. */
export const eraStart = (era: number): number => era * ERA_TRANSACTIONS

/**
 * What an id or an account is looked up by: so many of its first bytes. A fifth of the room of the whole, and whoever
 * reads compares the whole: somebody may have ground two ids of the same key, which costs him some seconds.
 */
export const KEY_BYTES = 6

export const keyOf = (hash: Uint8Array): Uint8Array => hash.subarray(0, KEY_BYTES)

/**
 * Rows of an era in a table, by the first 7 bits of keys: with half as many a search reads twice as much, with twice as
 * many it is hardly faster.
 */
export const BUCKETS = 128

/** The bucket of the key that begins at an offset. */
export const bucketOf = (bytes: Uint8Array, at = 0): number => bytes[at]! >> 1 // of a hash's first byte, 7 bits

/** `PRAGMA user_version`. A file of a higher one is refused, one of a lower one brought up: see migrations.ts. */
export const SCHEMA_VERSION = 9

export const SCHEMA = `
  CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE blocks (
    id        INTEGER PRIMARY KEY,          -- order of arrival: of equal work, the lower id was first seen
    hash      BLOB    NOT NULL UNIQUE,      -- SHA-256 of the header below; checked at every reading
    version   INTEGER NOT NULL,
    height    INTEGER NOT NULL,
    parent    BLOB    NOT NULL,
    body_root BLOB    NOT NULL,
    timestamp INTEGER NOT NULL,
    bits      INTEGER NOT NULL,
    nonce     INTEGER NOT NULL,
    digest    BLOB                          -- SHA-256 of the body as written; unknown where version 1 wrote it
  ) STRICT;

  CREATE TABLE bodies (
    block INTEGER PRIMARY KEY REFERENCES blocks (id) ON DELETE CASCADE,
    body  BLOB NOT NULL                     -- checked at every reading, by its digest or its root
  ) STRICT;

  CREATE TABLE best_chain (
    height INTEGER PRIMARY KEY,
    block  INTEGER NOT NULL UNIQUE REFERENCES blocks (id),
    total  INTEGER NOT NULL DEFAULT 0       -- transactions of the chain up to and with this block
  ) STRICT;

  CREATE TABLE undo (
    block    INTEGER PRIMARY KEY REFERENCES blocks (id),
    accounts BLOB NOT NULL,                 -- see undo.ts
    checksum INTEGER                        -- of accounts, see digest.ts; unknown where version 1 or 2 wrote it
  ) STRICT;

  CREATE TABLE settled_accounts (
    account BLOB PRIMARY KEY,
    balance INTEGER NOT NULL,               -- an account of balance 0 and nonce 0 has no row
    nonce   INTEGER NOT NULL,
    checksum INTEGER,                       -- of the row, see digest.ts; unknown where version 1 or 2 wrote it
    height  INTEGER NOT NULL DEFAULT 0      -- the checksum begins with it; not 0 where version 5, 6 or 7 wrote it
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE recent_accounts (            -- the last state of an account counts, before the one in settled_accounts
    height   INTEGER PRIMARY KEY,           -- of the block; every one from the first to the tip's
    accounts BLOB NOT NULL,                 -- that it touched, 32 bytes each
    states   TEXT NOT NULL,                 -- what it made of them, in their order, as JSON: [[balance, nonce], …]
    checksum INTEGER NOT NULL               -- of the row, see digest.ts
  ) STRICT;

  CREATE TABLE transactions (
    bucket  INTEGER PRIMARY KEY,            -- ${BUCKETS} × its era + the first 7 bits of the keys in it
    entries BLOB NOT NULL                   -- of ids, see index-entries.ts; the ids themselves are computed from bodies
  ) STRICT;

  CREATE TABLE history (
    bucket  INTEGER PRIMARY KEY,            -- the same
    entries BLOB NOT NULL                   -- of accounts; of two that share a key, one
  ) STRICT;

  CREATE TABLE pending (
    id          INTEGER PRIMARY KEY,
    hash        BLOB    NOT NULL,           -- the transaction's id; checked at every reading
    received_at INTEGER NOT NULL,
    local       INTEGER NOT NULL,           -- 1: this node's user gave it; 0: it came from a peer
    encoded     BLOB    NOT NULL            -- SSZ
  ) STRICT;

  CREATE TABLE peers (
    address    TEXT PRIMARY KEY,
    peer_id    TEXT NOT NULL,
    last_seen  INTEGER NOT NULL,
    last_block INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;

  CREATE VIEW chain AS
    SELECT best_chain.height,
           lower(hex(blocks.hash)) AS hash,
           datetime(blocks.timestamp / 1000, 'unixepoch') AS time,
           lower(hex(substr(bodies.body, 1, 32))) AS miner,
           best_chain.total - coalesce(before.total, 0) AS transactions
      FROM best_chain
      JOIN blocks ON blocks.id = best_chain.block
      JOIN bodies ON bodies.block = best_chain.block
      LEFT JOIN best_chain AS before ON before.height = best_chain.height - 1;

  CREATE VIEW accounts AS                   -- of columns beside a max(), SQLite gives those of the row that has it
    -- json_extract: a tool with SQLite 3.37, the first that knows STRICT, cannot read a file that says ->> anywhere
    SELECT account, balance, nonce FROM (
      SELECT account, balance, nonce, max(height) FROM (
        SELECT substr(accounts, 32 * key + 1, 32) AS account, json_extract(value, '$[0]') AS balance,
               json_extract(value, '$[1]') AS nonce, height
          FROM recent_accounts, json_each(states)
         UNION ALL
        SELECT account, balance, nonce, -1 FROM settled_accounts)
       GROUP BY account)
     WHERE balance <> 0 OR nonce <> 0;

  PRAGMA application_id = ${APPLICATION_ID};
`

/** The same bucket of one era after the other, newest first, where a key is in it (or seems to be, across two entries). */
const entriesWithKey = (table: string): string => `
  WITH RECURSIVE eras (bucket) AS (SELECT ?1 UNION ALL SELECT bucket - ${BUCKETS} FROM eras WHERE bucket >= ${BUCKETS})
  SELECT bucket, entries FROM eras CROSS JOIN ${table} USING (bucket) WHERE instr(entries, ?2)`

const HEADER = 'hash, version, blocks.height, parent, body_root, timestamp, bits, nonce'

/** Every statement by name; each is prepared once when the file is opened. */
export const STATEMENTS = {
  // Transactions of the store: prepared, for `exec` takes them apart again at every block
  begin: 'BEGIN IMMEDIATE',
  commit: 'COMMIT',

  // meta
  meta: 'SELECT value FROM meta WHERE key = ?',
  setMeta: 'INSERT INTO meta (key, value) VALUES (?, ?)',

  // Reading blocks
  headers: `SELECT ${HEADER} FROM blocks ORDER BY id`,
  header: `SELECT ${HEADER} FROM blocks WHERE hash = ?`,
  block: `SELECT ${HEADER}, digest, body FROM blocks JOIN bodies ON block = id WHERE hash = ?`,
  bestBody: `SELECT hash, digest, body FROM best_chain
               JOIN blocks ON blocks.id = best_chain.block
               JOIN bodies ON bodies.block = best_chain.block
              WHERE best_chain.height = ?`,
  tip: 'SELECT hash, best_chain.height FROM best_chain JOIN blocks ON block = id ORDER BY best_chain.height DESC LIMIT 1',
  total: 'SELECT total FROM best_chain WHERE height = ?',
  last: 'SELECT height, total FROM best_chain ORDER BY height DESC LIMIT 1',
  bestHeaders: `SELECT ${HEADER} FROM best_chain JOIN blocks ON block = id
                 WHERE best_chain.height >= ? ORDER BY best_chain.height LIMIT ?`,

  // Writing blocks
  insertBlock: `INSERT INTO blocks (hash, version, height, parent, body_root, timestamp, bits, nonce, digest)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  blockId: 'SELECT id FROM blocks WHERE hash = ?',
  insertBody: 'INSERT INTO bodies (block, body) VALUES (?, ?)',
  removeBlock: 'DELETE FROM blocks WHERE hash = ?', // the body goes with it; one on the best chain cannot go
  appendBest: 'INSERT INTO best_chain (height, block, total) VALUES (?, ?, ?)',
  removeBest: 'DELETE FROM best_chain WHERE block = (SELECT id FROM blocks WHERE hash = ?)',
  insertUndo: 'INSERT INTO undo (block, accounts, checksum) VALUES (?, ?, ?)',
  undo: 'SELECT accounts, checksum FROM undo WHERE block = (SELECT id FROM blocks WHERE hash = ?)',
  removeUndo: 'DELETE FROM undo WHERE block = (SELECT id FROM blocks WHERE hash = ?)',

  // Accounts
  settledAccounts: 'SELECT account, balance, nonce, checksum, height FROM settled_accounts',
  settledAccount: 'SELECT balance, nonce, checksum, height FROM settled_accounts WHERE account = ?',
  settledAmong: `WITH RECURSIVE places (at) AS (SELECT 0 UNION ALL SELECT at + 1 FROM places WHERE at + 1 < length(?1) / 32)
                 SELECT at, balance, nonce, checksum, height
                   FROM places CROSS JOIN settled_accounts WHERE account = substr(?1, 32 * at + 1, 32)`,
  settleAccount: 'REPLACE INTO settled_accounts (account, balance, nonce, checksum, height) VALUES (?, ?, ?, ?, 0)',
  removeSettledAccount: 'DELETE FROM settled_accounts WHERE account = ?',
  recentAccounts: 'SELECT height, accounts, states, checksum FROM recent_accounts ORDER BY height',
  insertRecentAccounts: 'INSERT INTO recent_accounts (height, accounts, states, checksum) VALUES (?, ?, ?, ?)',
  removeRecentAccounts: 'DELETE FROM recent_accounts WHERE height = ?',
  clearRecentAccounts: 'DELETE FROM recent_accounts',

  // Where transactions stand
  transactions: entriesWithKey('transactions'),
  insertTransactions: 'INSERT INTO transactions (bucket, entries) VALUES (?, ?)',
  removeTransactions: 'DELETE FROM transactions WHERE bucket BETWEEN ? AND ?',
  history: entriesWithKey('history'),
  insertHistory: 'INSERT INTO history (bucket, entries) VALUES (?, ?)',
  removeHistory: 'DELETE FROM history WHERE bucket BETWEEN ? AND ?',

  // Pending transactions
  pending: 'SELECT id, hash, received_at, local, encoded FROM pending ORDER BY id LIMIT ?',
  insertPending: 'INSERT INTO pending (id, hash, received_at, local, encoded) VALUES (?, ?, ?, ?, ?)',
  removePending: 'DELETE FROM pending WHERE id = ?',
  prunePending: 'DELETE FROM pending WHERE id > ?',

  // Peers
  peers: 'SELECT address, peer_id, last_seen, last_block FROM peers ORDER BY last_block DESC, last_seen DESC',
  savePeer: `INSERT INTO peers (address, peer_id, last_seen, last_block) VALUES (?, ?, ?, ?)
             ON CONFLICT (address) DO UPDATE
             SET peer_id = excluded.peer_id, last_seen = excluded.last_seen, last_block = excluded.last_block`,
  removePeer: 'DELETE FROM peers WHERE address = ?',
} as const

export type StatementName = keyof typeof STATEMENTS
