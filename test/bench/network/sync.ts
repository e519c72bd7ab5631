/**
 * How fast a node catches up with 10 000 blocks of 10 transactions, every check: from one peer over TCP, beside `cairn
 * import` of the same blocks from a file; and with seven more peers that stall and lie.
 *
 * The peer is the real command in a process of its own, and so are the liars, so on two processors they take some of
 * what the syncing node has. Import and sync both end with the whole chain on disk in a fresh data folder.
 */
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startNode } from '../../support/real-node.ts'
import { chainFile, type Fixture } from '../chain/fixture.ts'
import { type Benchmark, figureOf } from '../figure.ts'
import { startLiars } from './liars.ts'

const RUNS = 3
const FIXTURE: Fixture = { accounts: 1_000, blocks: 10_000, transactions: 10 }

export const syncFigures: Benchmark = async (report) => {
  const file = await chainFile(FIXTURE)
  const imports: number[] = []
  const syncs: number[] = []
  const amongLiars: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const folder = mkdtempSync(join(tmpdir(), 'cairn-bench-'))
    try {
      const served = join(folder, 'served')
      imports.push((await task('importFile', { file, dataDir: served })) / 1_000)
      await using peer = await serve(served)
      syncs.push((await sync(folder, 'alone', served, [peer.address])) / 1_000)
      await using liars = await startLiars(FIXTURE)
      amongLiars.push((await sync(folder, 'among-liars', served, [...liars.addresses, peer.address])) / 1_000)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  const name = 'sync of 10 000 blocks of 10 transactions'
  report(figureOf({ name: `${name}, beside import`, unit: 's', runs: syncs, limitRuns: imports, atMost: 1.3 }))
  const among = `${name} with 7 of 8 peers that stall or lie, beside 1 of 1`
  report(figureOf({ name: among, unit: 's', runs: amongLiars, limitRuns: syncs, atMost: 2 }))
}

/** The real command on a data folder that has the chain. */
async function serve(data: string): Promise<AsyncDisposable & { address: string }> {
  const args = ['--network', join(data, 'network.json'), '--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0', '--log', 'warn']
  const node = await startNode({ data, args })
  const [address] = node.ready.addresses
  if (address === undefined) throw new Error('the peer listens on nothing')
  return { address, [Symbol.asyncDispose]: async () => void (await node.stop()) }
}

/** @returns ms from the first dial to the last block */
async function sync(folder: string, name: string, served: string, addresses: string[]): Promise<number> {
  const dataDir = join(folder, name)
  mkdirSync(dataDir)
  const networkFile = join(dataDir, 'network.json')
  copyFileSync(join(served, 'network.json'), networkFile)
  return task('syncFrom', { addresses, dataDir, networkFile, height: FIXTURE.blocks })
}

/** Runs a task in a process of its own. @returns what it printed: ms */
async function task(name: string, options: object): Promise<number> {
  const tasks = fileURLToPath(new URL('./sync-tasks.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, tasks, name, JSON.stringify(options)])
  return Number(stdout)
}
