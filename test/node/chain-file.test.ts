/** Chains carried in files, and looked through again: what goes in comes out, and nothing else does. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { networkParams, parseParams } from '../../src/consensus/params.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { encodeBlock } from '../../src/consensus/types.ts'
import { ChainFileReader } from '../../src/node/chain-file-reader.ts'
import type { ChainProgress } from '../../src/node/chain-progress.ts'
import { type Exported, exportChain, type ExportOptions } from '../../src/node/export-chain.ts'
import { importChain, type ImportOptions } from '../../src/node/import-chain.ts'
import { verifyChain } from '../../src/node/verify-chain.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { chainOf, CLUB_NAMES, clubBlocks, fill, refusal } from '../support/chain-folder.ts'
import { forgeChainFile, parseChainFile } from '../support/chain-file.ts'
import { dumpOf } from '../support/dump.ts'
import { createRandom } from '../support/random.ts'

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

const importInto = (dataDir: string, options: Partial<ImportOptions> = {}) =>
  importChain({ file: at('club.cairn'), dataDir, ...options })

const verify = (dataDir: string) => verifyChain({ dataDir, params: blocks.params })

/** What `refusal` gives for a code, with some text in the message. */
const refused = (code: string, text = '') => ({ code, message: expect.stringContaining(text) })

/** The exported file of the club’s chain. */
async function exported(): Promise<Uint8Array> {
  await exportOf(await fill(at('a'), blocks, CLUB_NAMES))
  return new Uint8Array(readFileSync(at('club.cairn')))
}

describe('a chain file', () => {
  test('is what its description says, byte by byte', async () => {
    const file = await exported()
    expect(parseChainFile(file)).toMatchObject({
      magic: '636169726e0d0a1a',
      version: 1,
      blocks: 8,
      genesis: toHex(blocks.genesis.hash),
      frames: blocks.path('a8').map(({ block }) => encodeBlock(block)),
    })
    expect(parseParams(parseChainFile(file).params)).toEqual(blocks.params)
  })

  test('brings the same chain to another folder, and is the same file when it is exported there', async () => {
    const source = await fill(at('a'), blocks, blocks.path('a8').map(({ name }) => name))
    const steps: ChainProgress[] = []
    const facts = await exportOf(source, { onProgress: (progress) => steps.push(progress) })
    expect(facts).toEqual({ blocks: 8, height: 8, tip: TIP, bytes: readFileSync(at('club.cairn')).length, network: 'club' })
    expect(steps.at(-1)).toEqual({ done: 1, blocks: 8, of: 8, transactions: 22 })

    const target = at('fresh/b')
    steps.length = 0
    expect(await importInto(target, { onProgress: (progress) => steps.push(progress) })).toEqual({
      blocks: 8, added: 8, height: 8, tip: TIP, network: 'club', dataDir: target, networkFile: join(target, 'network.json'),
    })
    expect(steps.map(({ blocks }) => blocks)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(steps.at(-1)).toMatchObject({ of: 8, transactions: 22 })
    expect(dumpOf(chainOf(target))).toEqual(dumpOf(chainOf(source)))
    // The folder knows its network now, though the name alone does not give it.
    await exportOf(target, { file: at('again.cairn'), params: undefined })
    expect(readFileSync(at('again.cairn'))).toEqual(readFileSync(at('club.cairn')))
    expect(await verifyChain({ dataDir: target })).toMatchObject({ height: 8, tip: TIP })
  })

  test('of a network that a name gives needs no parameters beside it; a chain of genesis alone is one too', async () => {
    const plain = createBlockBuilder({ params: networkParams('local') })
    await exportChain({ dataDir: await fill(at('a'), plain, []), file: at('club.cairn') })
    expect(await importInto(at('b'))).toMatchObject({ blocks: 0, added: 0, height: 0, networkFile: undefined })
    expect(existsSync(at('b/network.json'))).toBe(false)
    expect(await verifyChain({ dataDir: at('b') })).toMatchObject({ height: 0, blocks: 0, transactions: 0, accounts: 0 })
  })

  test('goes into a folder that has some of it, or more work of its own', async () => {
    await exported()
    await fill(at('some'), blocks, ['a1', 'a2', 'a3'])
    expect(await importInto(at('some'))).toMatchObject({ blocks: 8, added: 5, height: 8, tip: TIP })
    expect(await importInto(at('some'))).toMatchObject({ blocks: 8, added: 0, height: 8, tip: TIP })

    const own = createBlockBuilder({ params: blocks.params })
    own.blocks('c', 'genesis', 10)
    await fill(at('more'), own, own.path('c10').map(({ name }) => name))
    expect(await importInto(at('more'))).toMatchObject({ blocks: 8, added: 8, height: 10, tip: own.get('c10').hex })
  })
})

describe('a file that is cut or altered', () => {
  /** The blocks that a reader gives before it refuses the file, and its message. */
  async function read(file: Uint8Array): Promise<{ given: Uint8Array[]; message: string }> {
    writeFileSync(at('altered.cairn'), file)
    const given: Uint8Array[] = []
    const { message } = await refusal((async () => {
      const reader = await ChainFileReader.open(at('altered.cairn'))
      try {
        for await (const { encoded } of reader.read()) given.push(encoded)
      } finally {
        await reader.close()
      }
    })())
    return { given, message }
  }

  /** Two blocks with a payment, so that every byte has its turn. */
  async function small(): Promise<Uint8Array> {
    const two = createBlockBuilder({ params: blocks.params })
    two.block('c1', 'genesis', { miner: 'dave' })
    two.block('c2', 'c1', { transactions: [{ from: 'dave', to: 'erin', amount: 2 }] })
    await exportOf(await fill(at('two'), two, ['c1', 'c2']), { params: two.params })
    return new Uint8Array(readFileSync(at('club.cairn')))
  }

  test('is refused for any one byte that is changed, in the very block that the byte is in', async () => {
    const file = await small()
    const { frames, borders } = parseChainFile(file)
    const random = createRandom(7)
    for (let position = 0; position < file.length; position++) {
      const altered = Uint8Array.from(file)
      altered[position] = (file[position] as number) ^ (1 + random.below(255)) // inside the file
      const { given, message } = await read(altered)
      const block = borders.findLastIndex((border) => border <= position)
      expect(given, `byte ${position}`).toEqual(frames.slice(0, Math.max(0, block)))
      if (block >= 0 && block < 2) expect(message).toContain(`is damaged at block ${block + 1} of 2: `)
      if (block === 2) expect(message).toContain('is damaged at its end: ')
    }
  })

  test('is refused wherever it is cut', async () => {
    const file = await small()
    const { frames, borders } = parseChainFile(file)
    for (let length = 0; length < file.length; length++) {
      const { given } = await read(file.subarray(0, length))
      const whole = borders.slice(1).filter((border) => border <= length).length
      expect(given, `cut at ${length}`).toEqual(frames.slice(0, whole))
    }
  })

  test('is refused where it has other blocks than its head counts, or lengths that no block has', async () => {
    const file = await exported()
    const { frames, borders } = parseChainFile(file)
    expect((await read(Buffer.concat([file, Buffer.alloc(1)]))).message).toContain('its end: something follows it')
    const short = forgeChainFile(file, frames.slice(0, 3))
    const more = Buffer.concat([short.subarray(0, -36), file.subarray(borders[3])])
    expect((await read(more)).message).toContain('its end: more follows than the 3 blocks of its head')
    const fewer = Buffer.concat([file.subarray(0, borders[3]), Buffer.alloc(36)])
    expect((await read(fewer)).message).toContain('block 4 of 8: the file ends before it')
    const huge = Uint8Array.from(file)
    huge.set([0xff, 0xff, 0xff, 0xff], borders[2])
    expect((await read(huge)).message).toContain('block 3 of 8: it claims 4294967295 bytes')
  })

  test('keeps what was good before it, says so, and goes on from there with a whole file', async () => {
    const file = await exported()
    const { borders } = parseChainFile(file)
    for (const [block, border] of borders.entries()) {
      const dataDir = at(`cut${block}`)
      for (const length of [border, border + 2, border + 30]) {
        writeFileSync(at('club.cairn'), file.subarray(0, length))
        const { code, message } = await refusal(importInto(dataDir))
        expect(code).toBe('chain-file-damaged')
        expect(message).toBe(
          `${at('club.cairn')} is damaged at ${block === 8 ? 'its end' : `block ${block + 1} of 8`}: ` +
            `the file is cut there; imported ${block} of 8 blocks, which are kept; get a whole copy and import again`,
        )
      }
      writeFileSync(at('club.cairn'), file)
      expect(await verify(dataDir)).toMatchObject({ height: block })
      expect(await importInto(dataDir)).toMatchObject({ added: 8 - block, height: 8, tip: TIP })
    }
  })

  test('is judged by the rules where its checksums were forged: nothing wrong is imported', async () => {
    const file = await exported()
    const { frames } = parseChainFile(file)
    const random = createRandom(11)
    for (let round = 0; round < 40; round++) {
      const altered = Uint8Array.from(frames[3] as Uint8Array)
      const position = random.below(altered.length)
      altered[position] = (altered[position] as number) ^ (1 << random.below(8))
      writeFileSync(at('club.cairn'), forgeChainFile(file, frames.with(3, altered)))
      const { code, message } = await refusal(importInto(at(`forged${round}`)))
      expect(code).toBe('chain-file-refused')
      // Every other nonce is good on this network: a changed header may be a good block, and the next one has no parent.
      const refused = /: block ([45]) is refused: ([a-z-]+): .*; imported ([34]) of 8 blocks, which are kept$/.exec(message)
      const [block, kept] = [Number(refused?.[1]), Number(refused?.[3])]
      expect(kept, message).toBe(block - 1)
      if (block === 5) expect(refused?.[2]).toBe('block-unknown-parent')
      expect(await verify(at(`forged${round}`))).toMatchObject({ height: kept })
    }
    for (const [name, wrong] of [
      ['left out', frames.toSpliced(3, 1)],
      ['twice', frames.toSpliced(3, 0, frames[2] as Uint8Array)],
      ['swapped', frames.with(3, frames[4] as Uint8Array).with(4, frames[3] as Uint8Array)],
    ] as const) {
      writeFileSync(at('club.cairn'), forgeChainFile(file, wrong))
      const what = 'block 4 is refused: block-bad-height: it says that it is block'
      expect(await refusal(importInto(at(name)))).toEqual(refused('chain-file-refused', what))
    }
  })

  test('or is none at all, is refused by its head', async () => {
    const file = await exported()
    const opened = async (bytes: Uint8Array | string): Promise<{ code: unknown; message: string }> => {
      writeFileSync(at('club.cairn'), bytes)
      const found = await refusal(importInto(at('never')))
      expect(existsSync(at('never'))).toBe(false)
      return found
    }
    expect(await opened('Dear diary, '.repeat(100))).toEqual(refused('chain-file-unknown'))
    expect(await opened('')).toEqual(refused('chain-file-unknown'))
    expect(await opened(file.with(8, 2))).toEqual(refused('chain-file-newer-version'))
    expect(await opened(file.with(20, 0))).toEqual(refused('chain-file-damaged', 'its head'))
    rmSync(at('club.cairn'))
    expect(await refusal(importInto(at('never')))).toEqual(refused('chain-file-unavailable'))
    expect(await refusal(importInto(at('never'), { file: folder }))).toEqual(refused('chain-file-unavailable'))
  })
})

describe('another network', () => {
  const other = networkParams('class-101')

  test('asked for, or in the folder, is refused by both names', async () => {
    await exported()
    const names = `holds network club (genesis ${blocks.genesis.id}), not class-101 (genesis `
    expect(await refusal(importInto(at('b'), { params: other }))).toEqual(refused('chain-file-wrong-network', names))
    expect(existsSync(at('b'))).toBe(false)

    await fill(at('local'), createBlockBuilder({ params: networkParams('local') }), [])
    const before = dumpOf(chainOf(at('local')))
    const { code, message } = await refusal(importInto(at('local')))
    expect(code).toBe('storage-wrong-network')
    expect(message).toMatch(/holds network local \(genesis .{8}\), not club \(genesis .{8}\)/)
    expect(dumpOf(chainOf(at('local')))).toEqual(before)
  })

  test('than the folder holds is neither exported nor verified; nor one whose parameters nobody gives', async () => {
    const dataDir = await fill(at('a'), blocks, CLUB_NAMES)
    for (const work of [() => exportOf(dataDir, { params: other }), () => verifyChain({ dataDir, params: other })]) {
      expect(await refusal(work())).toEqual(refused('storage-wrong-network', 'not class-101'))
    }
    for (const work of [() => exportOf(dataDir, { params: undefined }), () => verifyChain({ dataDir })]) {
      expect(await refusal(work())).toEqual(refused('storage-wrong-network', 'give their file with --network'))
    }
  })
})

describe('where a file may be written', () => {
  test('never over another, unless it is asked for; and never over what is no file', async () => {
    const dataDir = await fill(at('a'), blocks, CLUB_NAMES)
    writeFileSync(at('club.cairn'), 'precious')
    expect(await refusal(exportOf(dataDir))).toEqual(refused('chain-file-exists', '--force'))
    expect(readFileSync(at('club.cairn'), 'utf8')).toBe('precious')
    await exportOf(dataDir, { force: true })
    expect(parseChainFile(readFileSync(at('club.cairn'))).blocks).toBe(8)
    expect(await refusal(exportOf(dataDir, { file: dataDir, force: true }))).toEqual(refused('chain-file-exists'))
    expect(readdirSync(folder).sort()).toEqual(['a', 'club.cairn'])
  })

  test('not where there is no folder, and not in one that is read-only', async () => {
    const dataDir = await fill(at('a'), blocks, CLUB_NAMES)
    expect(await refusal(exportOf(dataDir, { file: at('nowhere/club.cairn') }))).toEqual(refused('chain-file-unavailable'))
    mkdirSync(at('fixed'))
    chmodSync(at('fixed'), 0o555)
    for (const path of [folder, dataDir]) chmodSync(path, 0o777)
    await asNobody(async () => {
      const { code, message } = await refusal(exportOf(dataDir, { file: at('fixed/club.cairn') }))
      expect(code).toBe('chain-file-unavailable')
      expect(message).toContain('fixed/club.cairn cannot be written: permission is denied; choose another place')
    })
    expect(readdirSync(at('fixed'))).toEqual([])
  })

  test('and read only from a folder that holds a chain', async () => {
    expect(await refusal(exportOf(at('nowhere')))).toEqual(refused('storage-unavailable', 'there is no'))
    expect(existsSync(at('nowhere'))).toBe(false)
    mkdirSync(at('empty'))
    writeFileSync(chainOf(at('empty')), '')
    expect(await refusal(exportOf(at('empty')))).toEqual(refused('storage-unavailable'))
    writeFileSync(chainOf(at('empty')), 'Dear diary, '.repeat(1_000))
    expect(await refusal(exportOf(at('empty')))).toEqual(refused('storage-damaged'))
  })
})

/**
 * Does something without root's rights, which no folder is read-only for; others have none to give up.
 * Only what the system calls in between is done as nobody: nothing else runs in this process meanwhile.
 */
async function asNobody(work: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(65_534)
  try {
    await work()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}
