/**
 * A process that reads a node's file again and again, as a tool would, until its standard input ends: each time one line
 * of what it found in one moment.
 *
 *   node reader.ts PATH
 */
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as turn } from 'node:timers/promises'

const [path] = process.argv.slice(2)
if (path === undefined) throw new Error('usage: reader.ts PATH')
const sqlite = new DatabaseSync(path, { readOnly: true, timeout: 0 }) // whoever had to wait would fail
const state = sqlite.prepare(`
  SELECT (SELECT max(height) FROM chain) AS height,
         (SELECT sum(balance) FROM accounts) AS sum,
         (SELECT sum(transactions) FROM chain) AS transactions`)
const check = sqlite.prepare('PRAGMA quick_check(1)')

process.stdin.resume()
while (!process.stdin.readableEnded) {
  console.log(JSON.stringify({ ...state.get(), ok: check.get()?.quick_check }))
  await turn()
}
sqlite.close()
