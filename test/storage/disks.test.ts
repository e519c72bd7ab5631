/** A chain's file on disks that are full or closed to writing: real ones, where the system lets us make them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { networkParams } from '../../src/consensus/params.ts'
import { SqliteStore } from '../../src/storage/sqlite-store.ts'
import { closeFile, createDisk, type Disk, disksAvailable } from '../torture/tmpfs.ts'

const available = disksAvailable()
const KIB = 1_024

describe.skipIf(!available)(`real disks${available ? '' : ' (NOT RUN: needs Linux, root and mount)'}`, () => {
  let folder: string
  let disk: Disk
  let path: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cairn-disks-'))
    disk = createDisk(folder, KIB * KIB)
    path = join(disk.path, 'chain.sqlite')
  })
  afterAll(() => {
    disk[Symbol.dispose]()
    rmSync(folder, { recursive: true })
  })
  const open = (): void => SqliteStore.open(path, networkParams('local')).close()

  test('a file that cannot be written to is refused when it is opened, not at the first block', () => {
    open()
    {
      using _closed = closeFile(path)
      expect(open).toThrow(/^storage-unavailable: [^\n]* is read-only; check who owns the file and its folder/)
    }
    expect(open).not.toThrow()
  })

  test('however little room is left, a new file is made or the disk is said to be full', () => {
    const ballast = join(disk.path, 'ballast')
    const refused: number[] = []
    for (let freeKib = 0; freeKib < 160; freeKib += 4) {
      for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
      writeFileSync(ballast, new Uint8Array((KIB - freeKib) * KIB))
      try {
        open()
      } catch (error) {
        expect(String(error)).toMatch(/^StorageError: storage-unavailable: [^\n]*the disk is full; free some space and run again/)
        refused.push(freeKib)
      }
    }
    expect(refused.length).toBeGreaterThan(0)
    rmSync(ballast)
    expect(open, 'what a failed opening left is no hindrance').not.toThrow()
  })
})
