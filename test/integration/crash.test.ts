/**
 * A few cycles of each kind of fault that `npm run torture` does by the hundred: kill −9, torn logs, damaged files, full
 * and closed disks. Each ends in the right state, or in one clear line; see test/torture.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type KindName, KINDS, torture, whyNot } from '../torture/torture.ts'

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000)

const CYCLES: Record<KindName, number> = { kill: 3, node: 1, torn: 5, flip: 15, truncate: 10, 'disk-full': 2, 'read-only': 1 }

describe.for(Object.entries(CYCLES) as [KindName, number][])('%s', ([kind, cycles]) => {
  const why = whyNot(kind)
  test.skipIf(why !== undefined)(`${cycles} × ${KINDS[kind].what} (SEED=${SEED}) ${why ?? ''}`.trim(), async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cairn-crash-'))
    const verdicts: string[] = []
    for await (const { verdict } of torture(kind, { cycles, seed: SEED, folder: join(folder, kind) })) verdicts.push(verdict)
    expect(verdicts).toHaveLength(cycles)
    rmSync(folder, { recursive: true })
  })
})
