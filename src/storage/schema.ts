/**
 * Everything in a chain's file: its tables, and every statement that is ever run on them.
 *
 *   meta         what file this is: the network's name, its genesis hash
 *   blocks       every stored header, side branches too, in order of arrival          by id, by hash
 *   bodies       the body of each of them, as SSZ: apart, so that reading all headers reads nothing else
 *   best_chain   which block stands at which height of the best chain                 by height
 *   undo         for each block of the best chain: accounts as they were before it, as SSZ
 *   accounts     state at the best tip; an account of balance 0 and nonce 0 has no row
 *   transactions where each transaction of the best chain stands                      by place, by era and id
 *   history      which transactions of the best chain an account sent or was paid by  by era, account and place
 *   peers        addresses that worked, for the next start
 *
 * Hashes, ids and accounts are 32-byte BLOBs, times ms since the Unix epoch, amounts whole units. The best chain's tip
 * is its highest row in best_chain, and written nowhere else. The view `chain` is for people with an SQLite tool.
 *
 * Costs of a block: one row in blocks, bodies, best_chain and undo, one lookup for each account and transaction that
 * it touches, nothing that grows with the chain but the depth of a B-tree.
 */

/** `PRAGMA application_id`, so that `file` and we can tell a Cairn chain from any other SQLite file: "Carn". */
export const APPLICATION_ID = 0x4361_726e

/**
 * Transactions whose index entries lie together, about. Ids and accounts are random, so a block's entries would be spread
 * over the whole index, hundreds of pages to write for a block of some kilobytes; those of an era fill few pages, block
 * after block. In return a search asks era after era, newest first: a microsecond or two each, and there are 245 in a
 * chain of a million transactions.
 */
const ERA_TRANSACTIONS = 4_096

/** The era of a block, by the number of transactions in the chain before it: the block's own are all of one era. */
export const eraOf = (transactionsBefore: number): number => Math.floor(transactionsBefore / ERA_TRANSACTIONS)

/** `PRAGMA user_version`. A file of a higher one is refused, one of a lower one brought up: see migrations.ts. */
export const SCHEMA_VERSION = 4

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

  CREATE TABLE accounts (
    account BLOB PRIMARY KEY,
    balance INTEGER NOT NULL,
    nonce   INTEGER NOT NULL,
    checksum INTEGER                        -- of the row, see digest.ts; unknown where version 1 or 2 wrote it
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE transactions (
    height   INTEGER NOT NULL,
    position INTEGER NOT NULL,
    id       BLOB NOT NULL,
    era      INTEGER NOT NULL DEFAULT 0,    -- of the block: see ERA_TRANSACTIONS
    PRIMARY KEY (height, position)
  ) STRICT, WITHOUT ROWID;

  CREATE UNIQUE INDEX transactions_by_era ON transactions (era, id);

  CREATE TABLE history (
    era      INTEGER NOT NULL,              -- as above
    account  BLOB NOT NULL,
    height   INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (era, account, height, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE peers (
    address   TEXT PRIMARY KEY,
    peer_id   TEXT NOT NULL,
    last_seen INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE VIEW chain AS
    SELECT best_chain.height,
           lower(hex(blocks.hash)) AS hash,
           datetime(blocks.timestamp / 1000, 'unixepoch') AS time,
           lower(hex(substr(bodies.body, 1, 32))) AS miner,
           (SELECT count(*) FROM transactions WHERE transactions.height = best_chain.height) AS transactions
      FROM best_chain
      JOIN blocks ON blocks.id = best_chain.block
      JOIN bodies ON bodies.block = best_chain.block;

  PRAGMA application_id = ${APPLICATION_ID};
`

const HEADER = 'hash, version, blocks.height, parent, body_root, timestamp, bits, nonce'

/** Every statement by name; each is prepared once when the file is opened. */
export const STATEMENTS = {
  // meta
  meta: 'SELECT value FROM meta WHERE key = ?',
  setMeta: 'INSERT INTO meta (key, value) VALUES (?, ?)',

  // Reading blocks
  headers: `SELECT ${HEADER} FROM blocks ORDER BY id`,
  header: `SELECT ${HEADER} FROM blocks WHERE hash = ?`,
  block: `SELECT ${HEADER}, digest, body FROM blocks JOIN bodies ON block = id WHERE hash = ?`,
  tip: 'SELECT hash FROM best_chain JOIN blocks ON block = id ORDER BY best_chain.height DESC LIMIT 1',
  total: 'SELECT total FROM best_chain WHERE height = ?',
  lastTotal: 'SELECT total FROM best_chain ORDER BY height DESC LIMIT 1',
  bestHeaders: `SELECT ${HEADER} FROM best_chain JOIN blocks ON block = id
                 WHERE best_chain.height >= ? ORDER BY best_chain.height LIMIT ?`,

  // Writing blocks
  insertBlock: `INSERT INTO blocks (hash, version, height, parent, body_root, timestamp, bits, nonce, digest)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  insertBody: 'INSERT INTO bodies (block, body) SELECT id, ? FROM blocks WHERE hash = ?',
  removeBlock: 'DELETE FROM blocks WHERE hash = ?', // the body goes with it; one on the best chain cannot go
  appendBest: 'INSERT INTO best_chain (height, block, total) SELECT height, id, ? FROM blocks WHERE hash = ?',
  removeBest: 'DELETE FROM best_chain WHERE block = (SELECT id FROM blocks WHERE hash = ?)',
  insertUndo: 'INSERT INTO undo (block, accounts, checksum) SELECT id, ?, ? FROM blocks WHERE hash = ?',
  undo: 'SELECT accounts, checksum FROM undo WHERE block = (SELECT id FROM blocks WHERE hash = ?)',
  removeUndo: 'DELETE FROM undo WHERE block = (SELECT id FROM blocks WHERE hash = ?)',

  // Accounts
  accounts: 'SELECT account, balance, nonce, checksum FROM accounts',
  account: 'SELECT balance, nonce, checksum FROM accounts WHERE account = ?',
  setAccount: `INSERT INTO accounts (account, balance, nonce, checksum) VALUES (?, ?, ?, ?)
               ON CONFLICT (account) DO UPDATE
               SET balance = excluded.balance, nonce = excluded.nonce, checksum = excluded.checksum`,
  removeAccount: 'DELETE FROM accounts WHERE account = ?',

  // Transactions of the best chain
  transaction: `SELECT transactions.height, position, hash, body FROM transactions
                  JOIN best_chain ON best_chain.height = transactions.height
                  JOIN blocks ON blocks.id = best_chain.block
                  JOIN bodies ON bodies.block = best_chain.block
                 WHERE era = ? AND transactions.id = ?`,
  insertTransaction: 'INSERT INTO transactions (height, position, id, era) VALUES (?, ?, ?, ?)',
  removeTransactions: 'DELETE FROM transactions WHERE height = ?',
  history: `SELECT id, height, position FROM history JOIN transactions USING (height, position)
             WHERE history.era = ? AND account = ? AND (height, position) < (?, ?)
             ORDER BY height DESC, position DESC LIMIT ?`,
  insertHistory: 'INSERT INTO history (era, account, height, position) VALUES (?, ?, ?, ?)',
  removeHistory: 'DELETE FROM history WHERE era = ? AND account = ? AND height = ? AND position = ?',

  // Peers
  peers: 'SELECT address, peer_id, last_seen FROM peers ORDER BY last_seen DESC',
  savePeer: `INSERT INTO peers (address, peer_id, last_seen) VALUES (?, ?, ?)
             ON CONFLICT (address) DO UPDATE SET peer_id = excluded.peer_id, last_seen = excluded.last_seen`,
  removePeer: 'DELETE FROM peers WHERE address = ?',
} as const

export type StatementName = keyof typeof STATEMENTS
