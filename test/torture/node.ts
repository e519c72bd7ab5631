/**
 * kill −9 of a whole node as users run it, mining: in its first start, when wallet, keys and token are made, in later
 * ones, and at work; one time in ten Ctrl-C. A folder lasts six cycles or so.
 *
 * Afterwards each of the folder's files is whole or not there; wallet, token and peer key are what they were once seen
 * to be; every block that was told is in the chain, the chain equals a replay from genesis, and the wallet's account
 * owns what it mined. The next start is made on what was left.
 */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs'
import { join } from 'node:path'
import { privateKeyFromProtobuf } from '@libp2p/crypto/keys'
import type { Hex } from '../../src/consensus/hex.ts'
import { networkParams } from '../../src/consensus/params.ts'
import { createClient } from '../../src/http/client.ts'
import { readKeystore } from '../../src/wallet/keystore-file.ts'
import { Wallet } from '../../src/wallet/wallet.ts'
import type { Random } from '../support/random.ts'
import type { Fault } from './fault.ts'
import { lastLines, NETWORK, spawnNode } from './node-process.ts'
import { auditReplay, copyChain } from './replay.ts'

/** Cycles on one folder, on average. */
const FOLDER_LIFE = 6
const CTRL_C_ONCE_IN = 10
/** A first start writes about so many times into its folder. */
const CHANGES_OF_A_START = 60
const MOST_BLOCKS = 40

/** What a node said. */
interface Testimony {
  account: string | undefined
  blocks: Hex[]
}

/** Runs a node on a folder until a random moment: of its start, or of its work after so many blocks. */
async function runAndEnd(folder: string, random: Random, signal: NodeJS.Signals, inStart: boolean): Promise<Testimony> {
  const changes = inStart ? 1 + random.below(CHANGES_OF_A_START) : Infinity
  const blocks = inStart ? MOST_BLOCKS : random.below(MOST_BLOCKS)
  const moment = random.next() * 4
  const said: Testimony = { account: undefined, blocks: [] }

  const { child, events, errors, closed } = spawnNode(folder, '--mine', '--threads', '1')
  const complaints = lastLines(errors)
  const end = (): void => {
    for (const until = performance.now() + moment; performance.now() < until; ); // a timer knows whole milliseconds only
    child.kill(signal)
  }
  let changed = 0
  const watcher = watch(folder, () => {
    changed += 1
    if (changed === changes) end()
  })
  for await (const { event, account, http, hash } of events) {
    if (event === 'ready') {
      said.account = account
      // A payment to itself, so that blocks have transactions; the node may well be gone before it answers.
      const client = createClient({ url: http, token: readFileSync(join(folder, 'token'), 'utf8').trim() })
      client.send({ recipient: account, amount: 1, fee: 1 }).catch(() => {})
    }
    if (event === 'block:connected') said.blocks.push(hash)
    if (said.account !== undefined && said.blocks.length >= blocks && !child.killed) end()
  }
  await closed
  watcher.close()
  const lines = (await complaints).join('\n')
  if (signal === 'SIGKILL') assert.equal(child.signalCode, 'SIGKILL', `the node ended by itself: ${lines}`)
  else assert.equal(child.exitCode, 0, `Ctrl-C: ${lines}`)
  return said
}

/** What must be whole once it is there, and never change after. */
const CHECKS: Record<string, (path: string) => void> = {
  'wallet.json': (path) => assert.ok(readKeystore(path)),
  token: (path) => assert.match(readFileSync(path, 'utf8'), /^[0-9a-f]{32}\n$/),
  'peer.key': (path) => assert.ok(privateKeyFromProtobuf(readFileSync(path))),
}

/** Checks a folder's files against those that were seen there before, and remembers them. */
export function checkFiles(folder: string, known: Map<string, Buffer>): void {
  for (const [name, check] of Object.entries(CHECKS)) {
    const path = join(folder, name)
    const before = known.get(name)
    if (before === undefined && !existsSync(path)) continue
    check(path)
    const content = readFileSync(path)
    assert.deepEqual(content, before ?? content, `${name} changed`)
    known.set(name, content)
  }
}

export const node: Fault = (root) => {
  const params = networkParams(NETWORK)
  const folder = join(root, 'data')
  const copy = join(root, 'copy.sqlite')
  let known = new Map<string, Buffer>()
  let told = new Set<Hex>()
  let cycles = 0

  return async (random) => {
    if (cycles++ === 0 || random.below(FOLDER_LIFE) === 0) {
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder)
      known = new Map()
      told = new Set()
    }
    const first = !known.has('wallet.json')
    const signal = random.below(CTRL_C_ONCE_IN) === 0 ? 'SIGINT' : 'SIGKILL'
    const inStart = signal === 'SIGKILL' && (first || random.below(2) === 0)
    const { account, blocks } = await runAndEnd(folder, random, signal, inStart)
    for (const hash of blocks) told.add(hash)

    checkFiles(folder, known)
    const wallet = join(folder, 'wallet.json')
    if (account !== undefined) assert.equal(known.has('wallet.json') && Wallet.open(wallet).default.address, account)
    if (signal === 'SIGINT') assert.ok(!readdirSync(folder).includes('node.json'), 'node.json is gone')

    copyChain(join(folder, 'chain.sqlite'), copy)
    const { stored, height, balanceOf } = await auditReplay(copy, params)
    assert.deepEqual([...told].filter((hash) => !stored.has(hash)), [], 'blocks that were told and are gone')
    told = new Set(stored.keys())
    if (known.has('wallet.json')) {
      const owned = balanceOf(Wallet.open(wallet).default.account)
      assert.equal(owned, params.subsidy * height, 'it mined every block, and paid itself alone')
    }
    const litter = readdirSync(folder).filter((name) => name.endsWith('.tmp'))
    const verdict =
      signal === 'SIGINT' ? 'stopped by Ctrl-C'
      : account !== undefined ? 'recovered; killed while it mined'
      : first ? 'recovered; killed in its first start'
      : 'recovered; killed in a later start'
    return { verdict, detail: `height ${height}, ${readdirSync(folder).length} files, ${litter.length} of them temporary` }
  }
}
