/**
 * A power cut that tears the end off the log: cut at a random byte, its end zeroed or overwritten with garbage, one
 * sector missing in the middle, one bit flipped. Nothing that was settled by an earlier sync is touched (see wal.ts).
 *
 * Afterwards the file is at some moment that the chain was at before, whole: its tip is one that was told, it holds no
 * block that was not, and it equals a replay from genesis. How much is lost is the disk's doing.
 *
 * Out of reach here: a power cut that loses pages of the main file, which takes a disk of its own making. SQLite writes
 * that file only from a log that it has synced before.
 */
import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Hex, toHex } from '../../src/consensus/hex.ts'
import type { Random } from '../support/random.ts'
import type { Fault } from './fault.ts'
import { killVictim } from './kill.ts'
import { tortureNetwork } from './network.ts'
import { auditReplay, copyChain, type Found, removeChain } from './replay.ts'
import { readWal } from './wal.ts'

const TEARS_PER_CRASH = 5
const CRASHES_PER_CHAIN = 5
const SECTOR_BYTES = 512

/** What a disk may do to the bytes from an offset on. */
const TEARS: Record<string, (log: Buffer, from: number, random: Random) => Buffer> = {
  cut: (log, from) => log.subarray(0, from),
  zeroes: (log, from) => Buffer.from(log).fill(0, from),
  garbage: (log, from, random) => Buffer.concat([log.subarray(0, from), random.bytes(log.length - from)]),
  'a sector missing': (log, from) => {
    const sector = from - (from % SECTOR_BYTES)
    return Buffer.from(log).fill(0, Math.max(sector, from), sector + SECTOR_BYTES)
  },
  'a bit flipped': (log, from, random) => {
    const torn = Buffer.from(log)
    torn[from]! ^= 1 << random.below(8) // within the log
    return torn
  },
}

export const torn: Fault = (folder) => {
  const { params, genesis } = tortureNetwork()
  const path = join(folder, 'chain.sqlite')
  const copy = join(folder, 'copy.sqlite')
  /** Every tip that the chain had. */
  let tips = new Set<Hex>()
  /** The file with nothing torn off. */
  let whole: Found
  let crashes = 0
  let cycles = 0

  async function crash(random: Random): Promise<void> {
    if (crashes++ % CRASHES_PER_CHAIN === 0) {
      removeChain(path)
      tips = new Set([toHex(genesis.hash)])
    } else {
      await auditReplay(path, params) // opens it and closes it well: no log is left for the next crash
    }
    // Up to 120 blocks, so that some logs are copied into the main file and begun again.
    const said = await killVictim(path, random, { at: 'added', blocks: 1 + random.below(120), withinMs: 4 })
    for (const tip of said.tips) tips.add(tip)
    copyChain(path, copy)
    whole = await auditReplay(copy, params)
    tips.add(whole.tip)
  }

  return async (random) => {
    if (cycles++ % TEARS_PER_CRASH === 0) await crash(random)
    const wal = readWal(path) ?? assert.fail('the victim left no log')
    const from = wal.settledBytes + random.below(wal.bytes - wal.settledBytes)
    const names = Object.keys(TEARS)
    const name = names[random.below(names.length)] as string // one of them
    const log = readFileSync(`${path}-wal`)
    removeChain(copy)
    copyFileSync(path, copy)
    writeFileSync(`${copy}-wal`, TEARS[name]!(log, from, random))

    const { tip, height, stored } = await auditReplay(copy, params)
    assert.ok(tips.has(tip), `the tip ${tip} is one that the chain never had`)
    for (const hash of stored.keys()) assert.ok(whole.stored.has(hash), `block ${hash} was never added`)
    rmSync(copy)
    const lost = whole.stored.size - stored.size
    const verdict = lost === 0 ? 'nothing was lost' : 'back at an earlier moment, whole'
    return { verdict, detail: `${name} from byte ${from} of ${wal.bytes}, ${lost} blocks lost, height ${height}` }
  }
}
