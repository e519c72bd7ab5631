/**
 * How a file of an older version becomes one of the next: SQL by the version that it starts from. A file is brought up
 * when it is opened, step by step, all of them in one transaction: a crash on the way leaves the file as it was.
 *
 *   1 → 2   `blocks.digest`, by which a body is known without taking it apart (unknown for blocks that are stored
 *           already: those are checked by their roots as before); `transactions` and `history` by era
 *   2 → 3   `accounts.checksum` and `undo.checksum`, by which a turned bit is noticed (unknown for rows that are stored
 *           already, until they change)
 *   3 → 4   eras by number of transactions, which `best_chain.total` counts, instead of by height
 *   4 → 5   `accounts` becomes `settled_accounts`, beside `recent_accounts` (empty: all are settled), with a view of the
 *           old name; `transactions` by keys of six bytes instead of ids, `history` by such keys with a row a block
 *   5 → 6   `peers.last_block`, when a peer was the first to bring a block (0: never, or not since the file was brought up)
 *   6 → 7   `pending`, empty
 *   7 → 8   `recent_accounts` with a row a block instead of a row an account, empty: what it held is settled
 *   8 → 9   `transactions` and `history` with a row for many entries, and none of the era that is not over
 *
 * Whoever changes schema.ts raises its version and adds a step here. A step is never changed afterwards, and says its
 * tables in full, whatever they become later: a test brings up a file of each version and compares it with a new one.
 */

/** The first 6 bytes of a column of BLOBs as a number: SQL has digits, and nothing that reads them. */
const keyOfColumn = (column: string): string =>
  Array.from({ length: 12 }, (_, at) => `(instr('123456789ABCDEF', substr(hex(${column}), ${at + 1}, 1)) << ${44 - 4 * at})`).join(' + ')

/** By the version that a file has: what makes it one of the next. */
export const MIGRATIONS: Readonly<Record<number, string>> = {
  1: `
    DROP VIEW chain;

    ALTER TABLE blocks ADD COLUMN digest BLOB;

    CREATE TABLE new_transactions (
      height   INTEGER NOT NULL,
      position INTEGER NOT NULL,
      id       BLOB NOT NULL,
      PRIMARY KEY (height, position)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO new_transactions SELECT height, position, id FROM transactions;
    DROP TABLE transactions;
    ALTER TABLE new_transactions RENAME TO transactions;
    CREATE UNIQUE INDEX transactions_by_era ON transactions (height / 64, id);

    CREATE TABLE new_history (
      era      INTEGER NOT NULL,
      account  BLOB NOT NULL,
      height   INTEGER NOT NULL,
      position INTEGER NOT NULL,
      PRIMARY KEY (era, account, height, position)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO new_history SELECT height / 64 AS era, account, height, position FROM history ORDER BY era, account, height;
    DROP TABLE history;
    ALTER TABLE new_history RENAME TO history;

    CREATE VIEW chain AS
      SELECT best_chain.height,
             lower(hex(blocks.hash)) AS hash,
             datetime(blocks.timestamp / 1000, 'unixepoch') AS time,
             lower(hex(substr(bodies.body, 1, 32))) AS miner,
             (SELECT count(*) FROM transactions WHERE transactions.height = best_chain.height) AS transactions
        FROM best_chain
        JOIN blocks ON blocks.id = best_chain.block
        JOIN bodies ON bodies.block = best_chain.block;
  `,
  2: `
    ALTER TABLE undo ADD COLUMN checksum INTEGER;
    ALTER TABLE accounts ADD COLUMN checksum INTEGER;
  `,
  3: `
    ALTER TABLE best_chain ADD COLUMN total INTEGER NOT NULL DEFAULT 0;
    UPDATE best_chain SET total = counted.total
      FROM (SELECT best_chain.height AS height, sum(count(id)) OVER (ORDER BY best_chain.height) AS total
              FROM best_chain LEFT JOIN transactions USING (height) GROUP BY best_chain.height) AS counted
     WHERE counted.height = best_chain.height;

    DROP INDEX transactions_by_era;
    ALTER TABLE transactions ADD COLUMN era INTEGER NOT NULL DEFAULT 0;
    UPDATE transactions SET era = total / 4096 FROM best_chain WHERE best_chain.height = transactions.height - 1;
    CREATE UNIQUE INDEX transactions_by_era ON transactions (era, id);

    CREATE TABLE new_history (
      era      INTEGER NOT NULL,
      account  BLOB NOT NULL,
      height   INTEGER NOT NULL,
      position INTEGER NOT NULL,
      PRIMARY KEY (era, account, height, position)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO new_history
      SELECT transactions.era, account, height, position FROM history JOIN transactions USING (height, position)
       ORDER BY transactions.era, account, height;
    DROP TABLE history;
    ALTER TABLE new_history RENAME TO history;
  `,
  4: `
    DROP VIEW chain;

    ALTER TABLE accounts RENAME TO settled_accounts;
    ALTER TABLE settled_accounts ADD COLUMN height INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE recent_accounts (
      height   INTEGER NOT NULL,
      position INTEGER NOT NULL,
      account  BLOB NOT NULL,
      balance  INTEGER NOT NULL,
      nonce    INTEGER NOT NULL,
      checksum INTEGER NOT NULL,
      PRIMARY KEY (height, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE new_transactions (
      era      INTEGER NOT NULL,
      key      INTEGER NOT NULL,
      height   INTEGER NOT NULL,
      position INTEGER NOT NULL,
      PRIMARY KEY (era, key, height, position)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO new_transactions
      SELECT era, ${keyOfColumn('id')} AS key, height, position FROM transactions ORDER BY era, key;
    DROP TABLE transactions;
    ALTER TABLE new_transactions RENAME TO transactions;

    CREATE TABLE new_history (
      era      INTEGER NOT NULL,
      key      INTEGER NOT NULL,
      height   INTEGER NOT NULL,
      positions BLOB NOT NULL,
      PRIMARY KEY (era, key, height)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO new_history
      SELECT era, ${keyOfColumn('account')} AS key, height,
             unhex(group_concat(printf('%02x%02x', position & 255, position >> 8), '' ORDER BY position))
        FROM history GROUP BY era, key, height;
    DROP TABLE history;
    ALTER TABLE new_history RENAME TO history;

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

    CREATE VIEW accounts AS
      SELECT account, balance, nonce FROM (
        SELECT account, balance, nonce, max(height) FROM (
          SELECT account, balance, nonce, height FROM recent_accounts
           UNION ALL
          SELECT account, balance, nonce, -1 FROM settled_accounts)
         GROUP BY account)
       WHERE balance <> 0 OR nonce <> 0;
  `,
  5: 'ALTER TABLE peers ADD COLUMN last_block INTEGER NOT NULL DEFAULT 0;',
  6: `
    CREATE TABLE pending (
      id          INTEGER PRIMARY KEY,
      hash        BLOB    NOT NULL,
      received_at INTEGER NOT NULL,
      local       INTEGER NOT NULL,
      encoded     BLOB    NOT NULL
    ) STRICT;
  `,
  7: `
    DROP VIEW accounts;

    REPLACE INTO settled_accounts (account, balance, nonce, checksum, height)
      SELECT account, balance, nonce, checksum, max(height) FROM recent_accounts
       GROUP BY account HAVING balance <> 0 OR nonce <> 0;
    DROP TABLE recent_accounts;
    CREATE TABLE recent_accounts (
      height   INTEGER PRIMARY KEY,
      accounts BLOB NOT NULL,
      states   TEXT NOT NULL,
      checksum INTEGER NOT NULL
    ) STRICT;

    CREATE VIEW accounts AS
      SELECT account, balance, nonce FROM (
        SELECT account, balance, nonce, max(height) FROM (
          SELECT substr(accounts, 32 * key + 1, 32) AS account, json_extract(value, '$[0]') AS balance,
                 json_extract(value, '$[1]') AS nonce, height
            FROM recent_accounts, json_each(states)
           UNION ALL
          SELECT account, balance, nonce, -1 FROM settled_accounts)
         GROUP BY account)
       WHERE balance <> 0 OR nonce <> 0;
  `,
  8: `
    CREATE TABLE new_transactions (
      bucket  INTEGER PRIMARY KEY,
      entries BLOB NOT NULL
    ) STRICT;
    INSERT INTO new_transactions
      SELECT 128 * era + (key >> 41) AS bucket,
             unhex(group_concat(printf('%012x%08x%04x', key, height, position), '' ORDER BY height, position))
        FROM transactions WHERE era < (SELECT max(total) / 4096 FROM best_chain) GROUP BY 1;
    DROP TABLE transactions;
    ALTER TABLE new_transactions RENAME TO transactions;

    CREATE TABLE new_history (
      bucket  INTEGER PRIMARY KEY,
      entries BLOB NOT NULL
    ) STRICT;
    INSERT INTO new_history
      WITH RECURSIVE places (era, key, height, positions, at) AS (
        SELECT era, key, height, hex(positions), 1 FROM history WHERE era < (SELECT max(total) / 4096 FROM best_chain)
         UNION ALL
        SELECT era, key, height, positions, at + 4 FROM places WHERE at + 4 < length(positions))
      SELECT 128 * era + (key >> 41) AS bucket,
             unhex(group_concat(printf('%012x%08x', key, height) || substr(positions, at + 2, 2) || substr(positions, at, 2), ''
                   ORDER BY height, substr(positions, at + 2, 2) || substr(positions, at, 2), key))
        FROM places GROUP BY 1;
    DROP TABLE history;
    ALTER TABLE new_history RENAME TO history;
  `,
}

/**
 * The SQL that brings a file from one version to another, in order.
 * @throws Error where a step is missing: a bug
 */
export function migrations(from: number, to: number, steps = MIGRATIONS): string[] {
  return Array.from({ length: to - from }, (_, at) => {
    const step = steps[from + at]
    if (step === undefined) throw new Error(`no migration from schema ${from + at} to ${from + at + 1}`)
    return step
  })
}
