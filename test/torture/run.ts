/**
 * `npm run torture [-- --kind KIND --cycles N --seed S]`: breaks chains and nodes in every way that a machine can, and
 * looks each time whether what is left is right. One line a cycle, a table at the end. Exit status 1 if anything was wrong,
 * with the seed of the cycle, and the folder kept as it was left.
 *
 * N is the number of cycles of a kind; of all kinds together (`--kind all`, the default), that of `kill`, and the others
 * have their shares.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { optionsOrExit } from '../support/options-or-exit.ts'
import { type KindName, KINDS, torture, whyNot } from './torture.ts'

const { values } = optionsOrExit({
  options: {
    cycles: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    kind: { type: 'string', default: 'all' },
  },
})
const cycles = Number(values.cycles)
const seed = Number(values.seed)
const names = Object.keys(KINDS) as KindName[] // the same keys
const wanted = names.filter((name) => values.kind === 'all' || values.kind === name)
if (!Number.isSafeInteger(cycles) || cycles < 1 || !Number.isSafeInteger(seed) || wanted.length === 0) {
  console.error(`usage: npm run torture -- [--cycles N] [--seed S] [--kind ${names.join('|')}|all]`)
  process.exit(2)
}

interface Row {
  kind: KindName
  verdict: string
  count: number
}
const table: Row[] = []
const count = (kind: KindName, verdict: string): void => {
  const row = table.find((row) => row.kind === kind && row.verdict === verdict)
  if (row === undefined) table.push({ kind, verdict, count: 1 })
  else row.count += 1
}

const root = mkdtempSync(join(tmpdir(), 'cairn-torture-'))
const began = performance.now()
let failed = false
for (const kind of wanted) {
  const why = whyNot(kind)
  if (why !== undefined) {
    count(kind, why)
    continue
  }
  const total = values.kind === 'all' ? Math.ceil(cycles * KINDS[kind].share) : cycles
  let done = 0
  try {
    for await (const { verdict, detail, seed: own } of torture(kind, { cycles: total, seed, folder: join(root, kind) })) {
      done += 1
      count(kind, verdict)
      console.log(`${kind} ${done}/${total} (seed ${own}): ${verdict} (${detail})`)
    }
  } catch (error) {
    failed = true
    count(kind, 'WRONG')
    console.error(`${kind} ${done + 1}/${total}: WRONG`, error)
  }
}

console.log()
for (const { kind, verdict, count } of table) console.log(`${String(count).padStart(6)}  ${kind.padEnd(10)} ${verdict}`)
const seconds = Math.round((performance.now() - began) / 1_000)
const summary = failed ? 'WRONG, see above' : 'every cycle ended in the right state, or in one clear line'
console.log(`\nSeed ${seed}, ${seconds} s: ${summary}.`)
if (!failed) rmSync(root, { recursive: true })
// At once: what a failed cycle left running ends with this process.
process.exit(failed ? 1 : 0)
