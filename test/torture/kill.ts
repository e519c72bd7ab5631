/**
 * kill −9 at a random moment: while the file is opened (and what the last kill left is recovered), while blocks come in,
 * while a branch takes over; sometimes twice before anybody looks.
 *
 * Afterwards every block that was ever acknowledged is there, the tip has at least the work of the last one told, and
 * the file equals a replay from genesis. The judge looks at a copy, so that the next process meets what the killed one
 * left. After twenty cycles a new chain begins.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Hex, toHex } from '../../src/consensus/hex.ts'
import type { Random } from '../support/random.ts'
import type { Fault } from './fault.ts'
import { tortureNetwork } from './network.ts'
import { auditReplay, copyChain, removeChain } from './replay.ts'
import { readWal } from './wal.ts'

const VICTIM = fileURLToPath(new URL('victim.ts', import.meta.url))
const CYCLES_PER_CHAIN = 20
/** How far a victim may get beyond the block at which it is to be killed. */
const MORE_BLOCKS = 20

/** When to kill: a random moment from the first such line on that comes after so many acknowledged blocks. */
export interface Aim {
  at: 'opening' | 'added' | 'switching'
  blocks: number
  /** The moment is so late at most, ms. */
  withinMs: number
}

/** What a victim said before it was killed. */
export interface Testimony {
  added: Hex[]
  /** Every tip it had, the one that it found first. */
  tips: Hex[]
}

/** Lets a victim work on a file and kills it. */
export async function killVictim(path: string, random: Random, { at, blocks, withinMs }: Aim): Promise<Testimony> {
  const most = blocks + MORE_BLOCKS
  const child = spawn(process.execPath, [VICTIM, path, String(random.below(2 ** 31)), String(most)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  const said: Testimony = { added: [], tips: [] }
  const moment = random.next() * withinMs
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, hash = ''] = line.split(' ')
    if (hash.length === 64) (what === 'tip' ? said.tips : said.added).push(hash) // the last line may be cut off
    const due = (what === at && said.added.length >= blocks) || said.added.length === most
    if (!due || child.killed) continue
    for (const until = performance.now() + moment; performance.now() < until; ); // a timer knows whole milliseconds only
    child.kill('SIGKILL')
  }
  await closed
  assert.equal(child.signalCode, 'SIGKILL', 'the victim ended by itself')
  return said
}

function randomAim(random: Random): Aim {
  const kind = random.below(4)
  if (kind === 0) return { at: 'opening', blocks: 0, withinMs: 15 }
  return { at: kind === 1 ? 'switching' : 'added', blocks: 1 + random.below(30), withinMs: 4 }
}

export const kill: Fault = (folder) => {
  const { params, genesis } = tortureNetwork()
  const path = join(folder, 'chain.sqlite')
  const copy = join(folder, 'copy.sqlite')
  let acknowledged = new Set<Hex>()
  /** The last tip told. */
  let tip: Hex | undefined
  let cycles = 0

  return async (random) => {
    if (cycles++ % CYCLES_PER_CHAIN === 0) {
      removeChain(path)
      acknowledged = new Set([toHex(genesis.hash)])
      tip = undefined
    }
    const aims = Array.from({ length: random.below(3) === 0 ? 2 : 1 }, () => randomAim(random))
    for (const aim of aims) {
      const { added, tips } = await killVictim(path, random, aim)
      for (const hash of added) acknowledged.add(hash)
      tip = tips.at(-1) ?? tip
    }
    const wal = readWal(path)
    copyChain(path, copy)
    const { stored, height, work } = await auditReplay(copy, params)

    const lost = [...acknowledged].filter((hash) => !stored.has(hash))
    assert.deepEqual(lost, [], 'acknowledged blocks that are gone')
    if (tip !== undefined) {
      const acknowledgedWork = stored.get(tip) ?? assert.fail(`the tip ${tip} is gone`)
      assert.ok(acknowledgedWork <= work, `${tip} has more work, and was acknowledged`)
    }
    const unheard = [...stored.keys()].filter((hash) => !acknowledged.has(hash)).length
    // What was seen on the disk once must stay there like what was acknowledged.
    acknowledged = new Set(stored.keys())
    const verdict =
      wal === undefined ? 'recovered; no log was left'
      : wal.openFrames > 0 ? 'recovered; a commit was cut short'
      : unheard > 0 ? 'recovered; a commit was whole but not acknowledged yet'
      : 'recovered; between two commits'
    const moments = aims.map(({ at }) => at).join(' + ')
    return { verdict, detail: `${moments}, height ${height}, ${wal?.commits ?? 0} commits in the log` }
  }
}
