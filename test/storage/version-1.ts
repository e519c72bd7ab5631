/** Files as the first version made them, so that bringing them up can be tried. */
import { DatabaseSync } from 'node:sqlite'
import { transactionId } from '../../src/consensus/transaction.ts'
import { decodeBody } from '../../src/consensus/types.ts'
import { APPLICATION_ID } from '../../src/storage/schema.ts'
import { partiesOf } from '../../src/storage/era-index.ts'

/** What the first version made a file with. */
const SCHEMA_1 = `
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
    nonce     INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE bodies (
    block INTEGER PRIMARY KEY REFERENCES blocks (id) ON DELETE CASCADE,
    body  BLOB NOT NULL                     -- its root is checked at every reading
  ) STRICT;

  CREATE TABLE best_chain (
    height INTEGER PRIMARY KEY,
    block  INTEGER NOT NULL UNIQUE REFERENCES blocks (id)
  ) STRICT;

  CREATE TABLE undo (
    block    INTEGER PRIMARY KEY REFERENCES blocks (id),
    accounts BLOB NOT NULL                  -- see undo.ts
  ) STRICT;

  CREATE TABLE accounts (
    account BLOB PRIMARY KEY,
    balance INTEGER NOT NULL,
    nonce   INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE transactions (
    height   INTEGER NOT NULL,
    position INTEGER NOT NULL,
    id       BLOB NOT NULL UNIQUE,
    PRIMARY KEY (height, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE history (
    account  BLOB NOT NULL,
    height   INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (account, height, position)
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
  PRAGMA user_version = 1;
`

/** The columns that the first version knew. */
const COLUMNS = {
  meta: 'key, value',
  blocks: 'id, hash, version, height, parent, body_root, timestamp, bits, nonce',
  bodies: 'block, body',
  best_chain: 'height, block',
  undo: 'block, accounts',
  accounts: 'account, balance, nonce',
  peers: 'address, peer_id, last_seen',
}

/** Makes a file of version 1 with what a file of today's version holds. */
export function writeVersion1(path: string, today: string): void {
  const sqlite = new DatabaseSync(path)
  sqlite.exec(SCHEMA_1)
  sqlite.exec(`PRAGMA journal_mode = WAL; ATTACH '${today}' AS today; BEGIN`)
  for (const [table, columns] of Object.entries(COLUMNS)) {
    sqlite.exec(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM today.${table}`)
  }
  const bodies = sqlite.prepare('SELECT height, body FROM best_chain JOIN bodies USING (block)').all()
  const insertTransaction = sqlite.prepare('INSERT INTO transactions (height, position, id) VALUES (?, ?, ?)')
  const insertHistory = sqlite.prepare('INSERT INTO history (account, height, position) VALUES (?, ?, ?)')
  for (const { height, body } of bodies as { height: number; body: Uint8Array }[]) { // what its SQL selects
    for (const [position, transaction] of decodeBody(body).transactions.entries()) {
      insertTransaction.run(height, position, transactionId(transaction))
      for (const party of partiesOf(transaction)) insertHistory.run(party, height, position)
    }
  }
  sqlite.exec('COMMIT')
  sqlite.close()
}
