/**
 * A full disk, of a few MiB: under a chain, under a node at work, in a node's first start, and where a chain is exported to.
 *
 * Whatever does not fit fails with one clear line, and nothing of it is written; what was there is still true; and once
 * there is space, the same chain or the same node goes on where it stopped.
 */
import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { networkParams } from '../../src/consensus/params.ts'
import { createClient } from '../../src/http/client.ts'
import { ChainFileError } from '../../src/node/chain-file-error.ts'
import { DataFolder } from '../../src/node/data-folder.ts'
import { exportChain } from '../../src/node/export-chain.ts'
import { StorageError } from '../../src/storage/storage-error.ts'
import type { Random } from '../support/random.ts'
import type { Fault, Outcome } from './fault.ts'
import { drain, NETWORK, next, spawnNode, startOnce } from './node-process.ts'
import { checkFiles } from './node.ts'
import { PEOPLE, tortureNetwork } from './network.ts'
import { auditReplay, copyChain, openChain } from './replay.ts'
import { createDisk, type Disk } from './tmpfs.ts'

const MIB = 1_048_576

const VARIANTS = [underChain, underNode, underFirstStart, underExport]

export const diskFull: Fault = (folder) => async (random, seed) => {
  using disk = createDisk(folder, MIB + random.below(3 * MIB))
  try {
    return await VARIANTS[seed % VARIANTS.length]!(disk, folder, random) // one of them
  } catch (error) {
    cpSync(disk.path, join(folder, 'evidence'), { recursive: true }) // the disk is gone when we return
    throw error
  }
}

/** A chain meets the end of its disk. */
async function underChain(disk: Disk, folder: string, random: Random): Promise<Outcome> {
  const path = join(disk.path, 'chain.sqlite')
  const copy = join(folder, 'copy.sqlite')
  const blocks = tortureNetwork()
  const memo = 'm'.repeat(256)
  const extend = (height: number): void => {
    const from = PEOPLE[random.below(PEOPLE.length)] as string // one of them
    const transactions = Array.from({ length: random.below(60) }, () => ({ from, to: 'alice', amount: 1, memo }))
    blocks.block(`a${height}`, height === 1 ? 'genesis' : `a${height - 1}`, { transactions })
  }
  const open = openChain(path, blocks.params)
  const { chain } = open
  const add = async (height: number): Promise<StorageError | undefined> => {
    const result = await chain.add(blocks.get(`a${height}`).block, 'local').catch((error: unknown) => {
      if (error instanceof StorageError) return error
      throw error
    })
    if (result instanceof StorageError) return result
    assert.equal(result.outcome, 'connected')
    return undefined
  }
  let height = 0
  let refusal: StorageError | undefined
  while (refusal === undefined) {
    height += 1
    extend(height)
    refusal = await add(height)
  }
  for (let again = 0; again < 3; again++) {
    assert.equal(refusal?.code, 'storage-unavailable')
    assert.match(refusal.message, /^storage-unavailable: [^\n]*the disk is full; free some space and run again[^\n]*$/)
    assert.equal(chain.tip.height, height - 1, 'the tip is where it was')
    refusal = await add(height)
  }
  copyChain(path, copy)
  assert.equal((await auditReplay(copy, blocks.params)).height, height - 1)

  disk.resize(16 * MIB)
  assert.equal(await add(height), undefined, 'there is space again')
  extend(height + 1)
  assert.equal(await add(height + 1), undefined)
  await open.stop()
  assert.equal((await auditReplay(path, blocks.params)).height, height + 1)
  return { verdict: 'a chain stopped with one line, and went on when there was space', detail: `full at height ${height}` }
}

/** A node that mines meets the end of its disk. */
async function underNode(disk: Disk, _folder: string, random: Random): Promise<Outcome> {
  const data = join(disk.path, 'data')
  const onItsOwn = random.below(2) === 0
  const { child, events, errors, closed } = spawnNode(data, ...(onItsOwn ? ['--mine', '--threads', '1'] : []))
  const { http, account } = await next(events, 'ready')
  const client = createClient({ url: http, token: DataFolder.read(data)?.token })
  if (onItsOwn) {
    void drain(events)
    await lineWith(errors, 'the disk is full')
  } else {
    void drain(events)
    void drain(errors)
    const mineOn = async (): Promise<never> => {
      for (;;) await client.mineBlocks(1_000)
    }
    await assert.rejects(mineOn(), { code: 'storage-unavailable' })
    const { height } = await client.status()
    assert.equal((await client.account(account)).balance, networkParams(NETWORK).subsidy * height)
  }
  assert.equal(child.exitCode, null, 'the node runs on')
  const { height } = await client.status()

  disk.resize(64 * MIB)
  await client.mineBlocks(3)
  const mined = (await client.status()).height
  assert.ok(mined >= height + 3)
  child.kill('SIGINT')
  await closed
  assert.equal(child.exitCode, 0)
  checkFiles(data, new Map())
  const found = await auditReplay(join(data, 'chain.sqlite'), networkParams(NETWORK))
  assert.ok(found.height >= mined)
  const detail = `full at height ${height}, ${found.height} at the end`
  return { verdict: 'a node said so, and went on when there was space', detail }
}

/** A first start on a disk where not everything fits. */
async function underFirstStart(disk: Disk, _folder: string, random: Random): Promise<Outcome> {
  const data = join(disk.path, 'data')
  const ballast = join(disk.path, 'ballast')
  const room = random.below(256 * 1_024)
  disk.resize(MIB)
  writeFileSync(ballast, new Uint8Array(MIB - room))
  const known = new Map<string, Buffer>()
  const first = await startOnce(data)
  if (existsSync(data)) checkFiles(data, known)
  rmSync(ballast)
  disk.resize(16 * MIB)
  const second = await startOnce(data)
  checkFiles(data, known)
  assert.ok('account' in second, 'there is space now')
  if ('account' in first) assert.equal(second.account, first.account)
  else assert.match(first.complaint, /disk is full/)
  const verdict = 'account' in first ? 'a first start had enough room' : 'a first start said so, and the next one went well'
  return { verdict, detail: `${room >> 10} KiB free${'complaint' in first ? `: ${first.complaint}` : ''}` }
}

/** A chain is exported to a disk that is too small for it, over an older export or where there is none. */
async function underExport(disk: Disk, folder: string, random: Random): Promise<Outcome> {
  const dataDir = join(folder, 'exported')
  mkdirSync(dataDir, { recursive: true })
  const blocks = tortureNetwork()
  const open = openChain(join(dataDir, 'chain.sqlite'), blocks.params)
  const payments = Array.from({ length: 20 }, () => ({ from: 'bob', to: 'alice', amount: 1 }))
  blocks.blocks('a', 'genesis', 40, { transactions: payments })
  for (const { block } of blocks.path('a40')) await open.chain.add(block, 'local')
  await open.stop()
  const whole = join(folder, 'whole.cairn')
  const exportTo = (file: string) => exportChain({ dataDir, params: blocks.params, file, force: true })
  const { bytes } = await exportTo(whole)

  const file = join(disk.path, 'chain.cairn')
  const older = random.below(2) === 0 ? random.bytes(100) : undefined
  disk.resize(4_096 * (2 + random.below(Math.floor(bytes / 4_096) - 2))) // the older export has a page
  if (older !== undefined) writeFileSync(file, older)
  const refusal: unknown = await exportTo(file).then(() => assert.fail('it cannot fit'), (error: unknown) => error)
  assert.ok(refusal instanceof ChainFileError, String(refusal))
  assert.match(refusal.message, /^[^\n]+: the disk is full; make room on it, or choose another$/)
  assert.deepEqual(readdirSync(disk.path), older === undefined ? [] : ['chain.cairn'], 'nothing half written is left')
  if (older !== undefined) assert.deepEqual(new Uint8Array(readFileSync(file)), older, 'the older export is as it was')

  disk.resize(16 * MIB)
  await exportTo(file)
  assert.deepEqual(readFileSync(file), readFileSync(whole))
  rmSync(dataDir, { recursive: true })
  return { verdict: 'an export said so, left nothing, and went well when there was space', detail: refusal.message }
}

/** Waits for a line, then reads on. */
async function lineWith(lines: AsyncIterable<string>, text: string): Promise<void> {
  const iterator = lines[Symbol.asyncIterator]()
  for (;;) {
    const { value, done } = await iterator.next()
    if (done === true) assert.fail(`the node ended before it said: ${text}`)
    if (!(value as string).includes(text)) continue
    void drain({ [Symbol.asyncIterator]: () => iterator })
    return
  }
}
