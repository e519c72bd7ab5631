/**
 * How a file of an older version becomes one of the next: SQL by the version that it starts from. A file is brought up
 * when it is opened, step by step, all of them in one transaction: a crash on the way leaves the file as it was.
 *
 *   1 → 2   `blocks.digest`, by which a body is known without taking it apart (unknown for blocks that are stored
 *           already: those are checked by their roots as before); `transactions` and `history` by era
 *   2 → 3   `accounts.checksum` and `undo.checksum`, by which a turned bit is noticed (unknown for rows that are stored
 *           already, until they change)
 *
 * Whoever changes schema.ts raises its version and adds a step here. A step is never changed afterwards, and says its
 * tables in full, whatever they become later: a test brings up a file of each version and compares it with a new one.
 */

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
