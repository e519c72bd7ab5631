/** Chain files while other things happen: a node on the folder, a signal, somebody who writes. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ChainProgress } from '../../src/node/chain-progress.ts'
import { DataFolder } from '../../src/node/data-folder.ts'
import { type Exported, exportChain, type ExportOptions } from '../../src/node/export-chain.ts'
import { importChain, type Imported, type ImportOptions } from '../../src/node/import-chain.ts'
import { verifyChain } from '../../src/node/verify-chain.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { openChain } from '../support/chain.ts'
import { chainOf, CLUB_NAMES, clubBlocks, fill, refusal } from '../support/chain-folder.ts'
import { parseChainFile } from '../support/chain-file.ts'

const blocks = clubBlocks()
const TIP = blocks.get('a8').hex

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-file-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string): string => join(folder, name)

const exportOf = (dataDir: string, options: Partial<ExportOptions> = {}): Promise<Exported> =>
  exportChain({ dataDir, file: at('club.cairn'), params: blocks.params, ...options })

const importInto = (dataDir: string, options: Partial<ImportOptions> = {}): Promise<Imported> =>
  importChain({ file: at('club.cairn'), dataDir, ...options })

test('a folder that a node runs on is not imported into', async () => {
  await exportOf(await fill(at('a'), blocks, CLUB_NAMES))
  const node = DataFolder.open(at('a'))
  try {
    expect(await refusal(importInto(at('a')))).toMatchObject({ code: 'data-folder-in-use' })
  } finally {
    node.close()
  }
})

describe('a signal', () => {
  test('stops an import after the blocks in hand, which are kept', async () => {
    const long = createBlockBuilder({ params: blocks.params })
    long.blocks('c', 'genesis', 40)
    await exportOf(await fill(at('a'), long, long.path('c40').map(({ name }) => name)), { params: long.params })
    const [stop, reason] = [new AbortController(), new Error('Ctrl-C')]
    let last = 0
    const onProgress = (progress: ChainProgress): void => {
      last = progress.blocks
      if (last === 5) stop.abort(reason)
    }
    await expect(importInto(at('b'), { signal: stop.signal, onProgress })).rejects.toBe(reason)
    expect(last).toBeGreaterThan(5)
    expect(last).toBeLessThan(40)
    expect(await verifyChain({ dataDir: at('b'), params: long.params })).toMatchObject({ height: last })
    expect(await importInto(at('b'))).toMatchObject({ added: 40 - last, height: 40 })
  })

  test('stops an export and leaves nothing, and stops verifying', async () => {
    const dataDir = await fill(at('a'), blocks, CLUB_NAMES)
    const reason = new Error('Ctrl-C')
    const signal = AbortSignal.abort(reason)
    await expect(exportOf(dataDir, { signal })).rejects.toBe(reason)
    await expect(verifyChain({ dataDir, params: blocks.params, signal })).rejects.toBe(reason)
    expect(readdirSync(folder)).toEqual(['a'])
  })
})

describe('while somebody writes', () => {
  test('an export is the chain of one moment, whatever comes meanwhile', async () => {
    const dataDir = await fill(at('a'), blocks, CLUB_NAMES)
    const own = createBlockBuilder({ params: blocks.params })
    own.blocks('c', 'genesis', 12)
    const writer = openChain(own, { path: chainOf(dataDir) })
    const adding: Promise<unknown>[] = []
    // A branch that takes over while the file is written: all eight blocks leave the best chain.
    const onProgress = ({ blocks }: ChainProgress): void => {
      if (blocks === 1) for (const { block } of own.path('c12')) adding.push(writer.chain.add(block, 'gossip'))
    }
    expect(await exportOf(dataDir, { onProgress })).toMatchObject({ height: 8, tip: TIP })
    await Promise.all(adding)
    expect(writer.tip()).toBe('c12')
    expect(parseChainFile(readFileSync(at('club.cairn'))).blocks).toBe(8)
    expect(await exportOf(dataDir, { force: true })).toMatchObject({ height: 12 })
    await writer.stop()
  })

  test('in another process, exports are whole and verify holds', async () => {
    const dataDir = at('a')
    mkdirSync(dataDir)
    const script = fileURLToPath(new URL('../support/writing-child.ts', import.meta.url))
    const child = spawn(process.execPath, [script, chainOf(dataDir)], { stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = once(child, 'close')
    try {
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      for (let round = 0; round < 4; round++) {
        for (let line = 0; line < 10; line++) await lines.next()
        const { height } = await exportChain({ dataDir, file: at('club.cairn'), force: true })
        expect(height).toBeGreaterThan(0)
        expect(await importInto(at(`copy${round}`))).toMatchObject({ blocks: height, height })
        expect((await verifyChain({ dataDir })).height).toBeGreaterThanOrEqual(height)
      }
    } finally {
      child.kill('SIGKILL')
      await ended
    }
    // What a killed writer leaves (a log, no index of it) is read like any other.
    expect((await verifyChain({ dataDir })).height).toBeGreaterThan(0)
  })
})
