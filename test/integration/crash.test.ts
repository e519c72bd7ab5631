/**
 * Killed at any moment, a node comes back with every block that it acknowledged, and with accounts, undo data and
 * indexes exactly as a replay of its best chain from genesis gives them. A log whose tail is torn off (a disk that
 * lost its last writes) brings it back to an earlier moment, but never to a state in between.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Chain } from '../../src/chain/chain.ts'
import { systemClock } from '../../src/chain/clock.ts'
import type { Hex } from '../../src/consensus/hex.ts'
import { SqliteStore } from '../../src/storage/sqlite-store.ts'
import { memoryPath } from '../support/chain.ts'
import { crashNetwork } from '../support/crash-network.ts'
import { type Dump, dumpOf } from '../support/dump.ts'
import { createRandom } from '../support/random.ts'

const CHILD = fileURLToPath(new URL('../support/crash-child.ts', import.meta.url))
const CYCLES = 10
/** How far a node may get beyond the block at which it is to be killed. */
const MORE_BLOCKS = 20
/** SQLite copies the log into the file when it holds 1 000 pages, each with a header of 24 bytes. */
const FIRST_CHECKPOINT_BYTES = 1_000 * (4_096 + 24)
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000)

const { params } = crashNetwork()
const random = createRandom(SEED)
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-crash-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a node on a file and kills it at some moment after so many acknowledged blocks. What it acknowledged: */
async function runAndKill(path: string, seed: number, blocks: number): Promise<{ added: Hex[]; tip: Hex | undefined }> {
  const most = blocks + MORE_BLOCKS
  const child = spawn(process.execPath, [CHILD, path, String(seed), String(most)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  const added: Hex[] = []
  let tip: Hex | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, hash] = line.split(' ')
    if (hash?.length !== 64) continue // the last line may be cut off
    if (what === 'tip') tip = hash
    else added.push(hash)
    if (what === 'tip' && added.length === blocks) {
      // Somewhere within the next block or two, not always just after an answer.
      for (const until = performance.now() + random.next() * 4; performance.now() < until; );
      child.kill('SIGKILL')
    }
  }
  await closed
  expect(child.signalCode).toBe('SIGKILL')
  return { added, tip }
}

/** Opens the file as a node does, and compares all of it with a replay of its best chain into an empty store. */
async function expectReplay(path: string): Promise<Chain> {
  const store = SqliteStore.open(path, params)
  const log = pino({ level: 'silent' })
  const chain = new Chain({ params, store, clock: systemClock, log })
  chain.start()

  const memory = memoryPath()
  const replayStore = SqliteStore.open(memory, params)
  const replay = new Chain({ params, store: replayStore, clock: systemClock, log, isVerified: () => true })
  replay.start()
  for (let height = 1; height <= chain.tip.height; height++) {
    const block = chain.block(chain.hashAt(height) as Hex) // not above the tip
    if (block === undefined) throw new Error(`no block at height ${height}`)
    await replay.add(block, 'sync')
  }
  const [found, expected]: Dump[] = [dumpOf(path), dumpOf(memory)]
  expect(found).toEqual(expected)
  expect(replay.tip).toEqual(chain.tip)
  await chain.stop()
  await replay.stop()
  replayStore.close()
  store.close()
  return chain
}

test(`killed ${CYCLES} times at random moments, a node never loses what it acknowledged (SEED=${SEED})`, async () => {
  const path = join(folder, 'chain.sqlite')
  const acknowledged: Hex[] = []
  for (let cycle = 1; cycle <= CYCLES; cycle++) {
    const { added, tip } = await runAndKill(path, SEED + cycle, 1 + random.below(30))
    acknowledged.push(...added)

    // The same moment on a disk that lost the end of its log. (Once part of the log has been copied into the file, such
    // a disk broke its promise: the log was synced first. It takes longer runs than these to come so far.)
    expect(statSync(`${path}-wal`).size, 'a log that was never copied').toBeLessThan(FIRST_CHECKPOINT_BYTES)
    const torn = join(folder, 'torn.sqlite')
    copyFileSync(path, torn)
    copyFileSync(`${path}-wal`, `${torn}-wal`)
    truncateSync(`${torn}-wal`, random.below(statSync(`${torn}-wal`).size + 1))
    await expectReplay(torn)
    for (const suffix of ['', '-wal', '-shm']) rmSync(torn + suffix, { force: true })

    const chain = await expectReplay(path)
    expect(acknowledged.filter((hash) => !chain.has(hash)), `cycle ${cycle}: acknowledged blocks that are gone`).toEqual([])
    if (tip === undefined) throw new Error(`cycle ${cycle}: no tip was acknowledged`)
    expect(chain.ancestors(tip)?.height, `cycle ${cycle}: the acknowledged tip`).toBeLessThanOrEqual(chain.tip.height)
  }
}, 60_000)
