/**
 * How fast a chain is taken over, and what of that is unavoidable: signatures, beside libsodium alone on two threads;
 * rows, beside SQLite alone; everything a block does besides, at ever more accounts, backwards, and without bodies.
 *
 * `--full` imports 1 000 000 transactions, too, for the figure of memory, which takes some minutes.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chainFile, type Fixture, fixtureFile, headersFile } from './chain/fixture.ts'
import { rawVerifications } from './chain/raw-verifications.ts'
import { type Benchmark, figureOf } from './figure.ts'
import { runTask } from './task.ts'

const RUNS = 3
const SIGNERS = 2

const IMPORTED: Fixture = { accounts: 1_000, blocks: 1_000, transactions: 200 }
const FULL: Fixture = { ...IMPORTED, blocks: 5_000 }
const ACCOUNTS = [1_000, 100_000, 1_000_000]
/** Enough that recent accounts are settled twice in what is timed. */
const FEW_BLOCKS = { blocks: 740, transactions: 200 }
const HEADERS = 100_000
const BRANCH: Fixture = { accounts: 1_000, blocks: 100, transactions: 200 }

export const benchmark: Benchmark = async (report, { full }) => {
  // Fixtures first: nothing else runs while something is measured.
  const fixtures = [IMPORTED, BRANCH, { ...BRANCH, blocks: BRANCH.blocks + 1, seed: 1 }, ...(full ? [FULL] : [])]
  for (const fixture of fixtures) fixtureFile(fixture)
  headersFile(HEADERS)
  for (const accounts of ACCOUNTS) fixtureFile({ accounts, ...FEW_BLOCKS })

  const imports: { ms: number }[] = []
  const raw: number[] = []
  const written: number[] = []
  for (let run = 0; run < RUNS; run++) {
    raw.push(await rawVerifications(IMPORTED, SIGNERS))
    imports.push(task('importChain', IMPORTED))
    written.push(task<{ ms: number }>('writeOnly', IMPORTED).ms)
  }
  const transactions = IMPORTED.blocks * IMPORTED.transactions
  const perSecond = (ms: number): number => (1000 * transactions) / ms
  const runs = imports.map(({ ms }) => perSecond(ms))
  const name = 'import of 1 000 blocks of 200 transactions, every check'
  report(figureOf({ name: `${name}, beside libsodium`, unit: 'tx/s', runs, limitRuns: raw, atLeast: 0.6 }))
  report(figureOf({ name: `${name}, beside SQLite`, unit: 'tx/s', runs, limitRuns: written.map(perSecond) }))
  const reportMemory = async (fixture: Fixture, count: string, times: number): Promise<void> => {
    const file = await chainFile(fixture)
    const runs = Array.from({ length: times }, () => memoryOfImport(file))
    report(figureOf({ name: `memory while cairn import takes ${count} transactions`, unit: 'MB', runs, atMost: 300 }))
  }
  await reportMemory(IMPORTED, '200 000', RUNS)
  if (full) await reportMemory(FULL, '1 000 000', 1)

  const costs = ACCOUNTS.map((): number[] => [])
  for (let run = 0; run < RUNS; run++) {
    for (const [at, accounts] of ACCOUNTS.entries()) {
      costs[at]?.push(task<{ msPerBlock: number }>('costAmongAccounts', { accounts, ...FEW_BLOCKS }).msPerBlock)
    }
  }
  for (const [at, among] of [[1, '100 000'], [2, '1 000 000']] as const) {
    const name = `a block among ${among} accounts, beside 1 000`
    report(figureOf({ name, unit: 'ms', runs: costs[at]!, limitRuns: costs[0]!, atMost: 1.3 }))
  }

  const reorganised = times(RUNS, () => task<{ connectMs: number; reorganiseMs: number }>('reorganise', BRANCH))
  report(figureOf({
    name: 'reorganisation of 100 blocks, beside connecting them',
    unit: 'ms',
    runs: reorganised.map(({ reorganiseMs }) => reorganiseMs),
    limitRuns: reorganised.map(({ connectMs }) => connectMs),
    atMost: 2,
  }))

  const headers = times(RUNS, () => task<{ headersPerSecond: number }>('checkHeaders', { count: 50_000 }).headersPerSecond)
  report(figureOf({ name: 'headers checked', unit: '/s', runs: headers, atLeast: 50_000 }))

  const loads = times(RUNS, () => task<{ ms: number; mb: number }>('loadHeaders', { count: HEADERS }))
  report(figureOf({ name: 'memory of 100 000 headers', unit: 'MB', runs: loads.map(({ mb }) => mb), atMost: 20 }))
  report(figureOf({ name: 'start of a chain of 100 000 blocks', unit: 's', runs: loads.map(({ ms }) => ms / 1000) }))

  const { runs: known } = task<{ runs: number[] }>('knownBlocks', { accounts: 600, each: 11, blocks: 6 })
  report(figureOf({ name: 'a 1 MiB block of pending transactions, from bytes to tip', unit: 'ms', runs: known, atMost: 100 }))
}

const times = <T>(count: number, measure: () => T): T[] => Array.from({ length: count }, measure)

/** Runs the command as a user does. @returns the most memory that its process ever had, MB */
function memoryOfImport(file: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-bench-'))
  const program = fileURLToPath(new URL('../../src/cli/cairn.js', import.meta.url))
  const atExit = 'data:text/javascript,process.on("exit", () => console.log(process.resourceUsage().maxRSS))'
  try {
    const args = ['--import', atExit, program, 'import', file, '--data', join(folder, 'data'), '--json']
    const output = execFileSync(process.execPath, args, { encoding: 'utf8' })
    return Number(output.trimEnd().split('\n').at(-1)) / 1024
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const task = <T>(name: string, options: object): T => runTask(new URL('./chain/tasks.ts', import.meta.url), name, options)
