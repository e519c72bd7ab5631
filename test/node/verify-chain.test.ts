/** What `verify` finds: one thing wrong at a time, put there behind the store's back. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { bodyRoot } from '../../src/consensus/block.ts'
import { blockHash } from '../../src/consensus/header.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { type Block, encodeBody } from '../../src/consensus/types.ts'
import type { ChainProgress } from '../../src/node/chain-progress.ts'
import { verifyChain } from '../../src/node/verify-chain.ts'
import type { BlockOptions } from '../support/blocks.ts'
import { openChain } from '../support/chain.ts'
import { chainOf, CLUB_NAMES, clubBlocks, fill, refusal } from '../support/chain-folder.ts'
import { dumpOf } from '../support/dump.ts'

//   genesis ── a1 ── a2 ── … ── a8
//                └── b2 ── b3             a side branch
const blocks = clubBlocks()
blocks.block('b3', 'b2', { transactions: [{ from: 'alice', to: 'bob', amount: 1 }] })
const NAMES = [...CLUB_NAMES, 'b3']
const { params } = blocks

let dataDir: string
beforeEach(async () => {
  dataDir = await fill(mkdtempSync(join(tmpdir(), 'cairn-verify-')), blocks, NAMES)
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const hex = (bytes: Uint8Array): string => `x'${toHex(bytes)}'`
const account = (name: string): string => hex(blocks.account(name))
const idOf = (name: string): string => `(SELECT id FROM blocks WHERE hash = ${hex(blocks.get(name).hash)})`

/** Changes the file behind the store's back. */
function tamper(sql: string): void {
  const tool = new DatabaseSync(chainOf(dataDir), { enableForeignKeyConstraints: false })
  tool.exec(sql)
  tool.close()
}

/** What verify finds wrong, without the path before and the advice after it. */
async function finding(): Promise<string> {
  const before = dumpOf(chainOf(dataDir))
  const { code, message } = await refusal(verifyChain({ dataDir, params }))
  expect(dumpOf(chainOf(dataDir))).toEqual(before)
  const start = `storage-damaged: ${chainOf(dataDir)} is damaged`
  const end = '; move it away and start again (peers have the chain), or import an exported one'
  expect(code).toBe('storage-damaged')
  expect([message.slice(0, start.length), message.slice(-end.length)]).toEqual([start, end])
  return message.slice(start.length, -end.length).trim()
}

/** Puts another block in the place of a stored one, with all that it says of itself: what is wrong is the block. */
function replace(name: string, { header, body }: Block): void {
  tamper(`
    UPDATE bodies SET body = ${hex(encodeBody(body))} WHERE block = ${idOf(name)};
    UPDATE blocks SET hash = ${hex(blockHash(header))}, body_root = ${hex(header.bodyRoot)}, nonce = ${header.nonce},
           height = ${header.height}, timestamp = ${header.timestamp}, bits = ${header.bits}, digest = NULL
     WHERE hash = ${hex(blocks.get(name).hash)}`)
}

test('a good chain holds, and says what was checked', async () => {
  const steps: ChainProgress[] = []
  expect(await verifyChain({ dataDir, params, onProgress: (progress) => steps.push(progress) })).toEqual({
    height: 8, tip: blocks.get('a8').hex, blocks: 8, sideBlocks: 2, transactions: 22, network: 'club',
    accounts: [...blocks.ledger('a8').values()].length,
  })
  expect(steps.map(({ blocks }) => blocks)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(steps.at(-1)).toEqual({ done: 1, blocks: 10, of: 10, transactions: 22 })
})

test.for([
  ['a flipped balance',
    `UPDATE settled_accounts SET balance = balance + 1 WHERE account = ${account('bob')}`,
    `at height 8: table accounts has balance 37 and nonce 7 for ${toAddress(blocks.account('bob'))}, ` +
      'the blocks give balance 36 and nonce 7'],
  ['a nonce', `UPDATE settled_accounts SET nonce = 0 WHERE account = ${account('alice')}`, 'at height 8: table accounts has balance'],
  ['a lost account',
    `DELETE FROM settled_accounts WHERE account = ${account('new3')}`,
    `at height 8: table accounts has nothing for ${toAddress(blocks.account('new3'))}, the blocks give balance 1 and nonce 0`],
  ['an account too many',
    `INSERT INTO settled_accounts VALUES (${account('nobody')}, 5, 0, NULL, 0)`,
    `at height 8: table accounts has balance 5 and nonce 0 for ${toAddress(blocks.account('nobody'))}, the blocks give nothing`],

  ['history before its era is over',
    `INSERT INTO history VALUES (0, x'${'00'.repeat(12)}')`,
    'at height 8: table history has entries of an era that is not over'],
  ['transactions of an era to come',
    `INSERT INTO transactions VALUES (1000, x'${'00'.repeat(12)}')`,
    'at height 8: table transactions has entries of an era that is not over'],
  ['transactions of an era that never was',
    `INSERT INTO transactions VALUES (-1, x'')`,
    'at height 8: table transactions has entries of an era that is not over'],
  ['a wrong count', 'UPDATE best_chain SET total = total + 1 WHERE height = 5',
    'at height 5: table best_chain counts other transactions'],

  ['lost undo data', `DELETE FROM undo WHERE block = ${idOf('a4')}`, 'at height 4: table undo has no row'],
  ['other undo data',
    `UPDATE undo SET accounts = (SELECT accounts FROM undo WHERE block = ${idOf('a5')}) WHERE block = ${idOf('a4')}`,
    'at height 4: table undo differs from what the block changed'],
  ['undo data of a side branch',
    `INSERT INTO undo (block, accounts) VALUES (${idOf('b2')}, x'')`,
    'at height 8: table undo has rows for blocks that are not on the best chain'],
  ['other undo data of genesis',
    `UPDATE undo SET accounts = x'' WHERE block = ${idOf('genesis')}`,
    'at height 0: table undo differs'],

  ['a replaced body',
    `UPDATE bodies SET body = (SELECT body FROM bodies WHERE block = ${idOf('a7')}) WHERE block = ${idOf('a6')}`,
    'at height 6: the block is refused: block-bad-body-root: '],
  ['a body cut short',
    `UPDATE bodies SET body = substr(body, 1, 50) WHERE block = ${idOf('a6')}`,
    'at height 6: the body cannot be read (block-bad-encoding: '],
  ['the digest of a body', `UPDATE blocks SET digest = zeroblob(32) WHERE height = 6`,
    'at height 6: table blocks has another digest than the body'],
  ['a lost body', `DELETE FROM bodies WHERE block = ${idOf('a6')}`, 'at height 6: table bodies has no row for it'],
  ['a header',
    `UPDATE blocks SET timestamp = timestamp + 1 WHERE hash = ${hex(blocks.get('a3').hash)}`,
    `at height 3: the header of block ${blocks.get('a3').hex} has another hash`],
  ['a lost block', `DELETE FROM blocks WHERE id = ${idOf('a3')}`, 'at height 3: table blocks has no row for it'],
  ['a gap', 'DELETE FROM best_chain WHERE height = 3', 'at height 3: table best_chain has no row'],
  ['a block of another branch',
    `UPDATE best_chain SET block = ${idOf('b2')} WHERE height = 2`,
    'at height 2: table undo has no row'],
  ['a header of a side branch',
    `UPDATE blocks SET timestamp = timestamp + 1 WHERE hash = ${hex(blocks.get('b3').hash)}`,
    `at height 3 on a side branch (block ${blocks.get('b3').hex}): the header of block ${blocks.get('b3').hex} has another hash`],
  ['a lost block of a side branch',
    `DELETE FROM bodies WHERE block = ${idOf('b2')}; DELETE FROM blocks WHERE hash = ${hex(blocks.get('b2').hash)}`,
    `at height 3 on a side branch (block ${blocks.get('b3').hex}): its parent ${blocks.get('b2').hex} is not stored before it`],
  ['a child before its parent',
    `UPDATE bodies SET block = -block WHERE block = ${idOf('b3')}; UPDATE blocks SET id = -id WHERE id = ${idOf('b3')}`,
    `at height 3 on a side branch (block ${blocks.get('b3').hex}): its parent ${blocks.get('b2').hex} is not stored before it`],
  ['a lost body of a side branch',
    `DELETE FROM bodies WHERE block = ${idOf('b3')}`,
    `at height 3 on a side branch (block ${blocks.get('b3').hex}): table bodies has no row for it`],
  ['a body without a block',
    `DELETE FROM blocks WHERE hash = ${hex(blocks.get('b3').hash)}`,
    ': table bodies has row 11, and table blocks has no such block'],
  ['a replaced body of a side branch',
    `UPDATE bodies SET body = (SELECT body FROM bodies WHERE block = ${idOf('a7')}) WHERE block = ${idOf('b3')}`,
    `at height 3 on a side branch (block ${blocks.get('b3').hex}): the block is refused: block-bad-body-root: `],
  ['a body of a side branch cut short',
    `UPDATE bodies SET body = substr(body, 1, 50) WHERE block = ${idOf('b3')}`,
    `at height 3 on a side branch (block ${blocks.get('b3').hex}): the body cannot be read (block-bad-encoding: `],
  ['the digest of a body of a side branch', `UPDATE blocks SET digest = zeroblob(32) WHERE id = ${idOf('b3')}`,
    `at height 3 on a side branch (block ${blocks.get('b3').hex}): table blocks has another digest than the body`],
  ['another genesis', 'UPDATE best_chain SET height = -1 WHERE height = 0', 'at height 0: table best_chain has no row'],
] as const)('%s', async ([, sql, found]) => {
  tamper(sql)
  expect(await finding()).toMatch(new RegExp(`^${found.replaceAll(/[()]/g, '\\$&')}`))
})

test.for([['a8', 'a7', 'at height 8'], ['b3', 'b2', 'at height 3 on a side branch']] as const)(
  '%s is whole in itself, and breaks a rule',
  async ([name, parent, where]) => {
    // A signature of zeros: header, hash, root and work are all right.
    const { block } = blocks.get(name)
    const [first, ...rest] = block.body.transactions
    if (first === undefined) throw new Error(`${name} has transactions`)
    const body = { ...block.body, transactions: [{ ...first, signature: new Uint8Array(64) }, ...rest] }
    const forged = blocks.block(`forged ${name}`, parent, {
      timestamp: block.header.timestamp, mutate: (made) => { made.body = body; made.header.bodyRoot = bodyRoot(body) },
    })
    replace(name, forged.block)
    const side = name === 'b3' ? ` (block ${forged.hex})` : ''
    expect(await finding()).toContain(`${where}${side}: the block is refused: transaction-bad-signature: `)
  },
)

test.for([
  ['block-bad-pow', { mined: false }, 3],
  ['block-bad-height', { mutate: ({ header }) => { header.height = 4 } }, 4],
  ['block-time-too-old', { timestamp: blocks.get('b2').block.header.timestamp }, 3],
  ['block-bad-bits', { mutate: ({ header }) => { header.bits = 0x207f_fffe } }, 3],
] satisfies [string, BlockOptions, number][])('a block of a side branch with %s', async ([code, options, height]) => {
  const forged = blocks.block(code, 'b2', options)
  replace('b3', forged.block)
  expect(await finding()).toContain(`at height ${height} on a side branch (block ${forged.hex}): the block is refused: ${code}: `)
})

test('a side branch that spends what it does not have is no damage: nobody connected it', async () => {
  const spendthrift = blocks.block('b4', 'b3', { transactions: [{ from: 'nobody', to: 'bob', amount: 1 }] })
  const node = openChain(blocks, { path: chainOf(dataDir) })
  expect(await node.chain.add(spendthrift.block, 'gossip')).toMatchObject({ outcome: 'side-branch' })
  await node.stop()
  expect(await verifyChain({ dataDir, params })).toMatchObject({ height: 8, sideBlocks: 3 })
})

test('a broken structure', async () => {
  const bytes = readFileSync(chainOf(dataDir))
  writeFileSync(chainOf(dataDir), bytes.fill(0xa5, 5 * 4_096, 9 * 4_096))
  expect(await refusal(verifyChain({ dataDir, params }))).toMatchObject({ code: 'storage-damaged' })
})
