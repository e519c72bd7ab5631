/**
 * A data folder that cannot be written to, or one of its files: a node that starts there says so in one line and
 * changes nothing (or runs, where it needs only to read); and starts, with the same account and chain, once it can.
 */
import assert from 'node:assert/strict'
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { networkParams } from '../../src/consensus/params.ts'
import { createClient } from '../../src/http/client.ts'
import { DataFolder } from '../../src/node/data-folder.ts'
import type { Fault, Outcome } from './fault.ts'
import { drain, NETWORK, next, spawnNode, startOnce } from './node-process.ts'
import { checkFiles } from './node.ts'
import { auditReplay, copyChain } from './replay.ts'
import { closeFile, createDisk } from './tmpfs.ts'

const BLOCKS = 5

/** What is closed to writing. */
const PLACES = ['an empty disk', 'the folder', 'chain.sqlite', 'wallet.json', 'peer.key', 'token', 'lock'] as const

export const readOnly: Fault = (folder) => {
  return async (_random, seed): Promise<Outcome> => {
    const place = PLACES[seed % PLACES.length] as (typeof PLACES)[number] // one of them
    using disk = createDisk(folder, 16 * 1_048_576)
    const data = join(disk.path, 'data')
    try {
      if (place === 'an empty disk') {
        disk.readOnly(true)
        const start = await startOnce(data)
        assert.ok('complaint' in start)
        disk.readOnly(false)
        assert.ok(!existsSync(data))
        assert.ok('account' in (await startOnce(data)))
        return { verdict: `${place}: one line, and it started when it could`, detail: start.complaint }
      }
      const account = await mineSome(data)
      const before = contents(data)
      let start
      if (place === 'the folder') {
        disk.readOnly(true)
        start = await startOnce(data)
        disk.readOnly(false)
        assert.deepEqual(contents(data), before, 'nothing changed')
      } else {
        using _closed = closeFile(join(data, place))
        start = await startOnce(data)
      }
      if (place === 'the folder' || place === 'chain.sqlite') assert.ok('complaint' in start, 'it cannot add blocks')
      if ('complaint' in start) assert.match(start.complaint, /read-only|permi|owns/i)
      const again = await startOnce(data)
      assert.equal('account' in again && again.account, account)
      checkFiles(data, new Map())
      const copy = join(folder, 'copy.sqlite')
      copyChain(join(data, 'chain.sqlite'), copy)
      assert.equal((await auditReplay(copy, networkParams(NETWORK))).height, BLOCKS)
      if ('complaint' in start) return { verdict: `${place}: one line, and it started when it could`, detail: start.complaint }
      return { verdict: `${place}: it ran without writing there`, detail: `height ${BLOCKS}` }
    } catch (error) {
      disk.readOnly(false)
      if (existsSync(data)) cpSync(data, join(folder, 'evidence'), { recursive: true }) // the disk is gone when we return
      throw error
    }
  }
}

/** Runs a node on a new folder until it has mined some blocks, and kills it; gives its account. */
async function mineSome(data: string): Promise<string> {
  const { child, events, errors, closed } = spawnNode(data)
  const { http, account } = await next(events, 'ready')
  void drain(events)
  void drain(errors)
  await createClient({ url: http, token: DataFolder.read(data)?.token }).mineBlocks(BLOCKS)
  child.kill('SIGKILL')
  await closed
  return account
}

const contents = (folder: string): [name: string, content: Buffer][] =>
  readdirSync(folder).sort().map((name) => [name, readFileSync(join(folder, name))])
