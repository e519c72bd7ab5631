/**
 * A process to be killed: mines on a chain in a file, mostly on the tip, sometimes a branch that takes over, and writes
 * `added HASH` for each block that the chain has acknowledged, `tip HASH` after it. After about MOST blocks it waits for
 * its end, so that a slow machine does not make the run longer.
 *
 *   node crash-child.ts PATH SEED MOST
 */
import { writeSync } from 'node:fs'
import { pino } from 'pino'
import { Chain } from '../../src/chain/chain.ts'
import { systemClock } from '../../src/chain/clock.ts'
import { bodyRoot } from '../../src/consensus/block.ts'
import { blockHash } from '../../src/consensus/header.ts'
import { fromHex, type Hex, toHex } from '../../src/consensus/hex.ts'
import type { Block, Transaction } from '../../src/consensus/types.ts'
import { SqliteStore } from '../../src/storage/sqlite-store.ts'
import { mine } from './blocks.ts'
import { crashNetwork, PEOPLE } from './crash-network.ts'
import { createRandom } from './random.ts'

const [path, seed, most] = process.argv.slice(2)
if (path === undefined || seed === undefined || most === undefined) throw new Error('usage: crash-child.ts PATH SEED MOST')
// Whoever started this holds the other end: when that is gone, so are we.
process.stdin.resume().on('end', () => process.exit())

const random = createRandom(Number(seed))
const blocks = crashNetwork()
const { params } = blocks
const store = SqliteStore.open(path, params)
const chain = new Chain({ params, store, clock: systemClock, log: pino({ level: 'silent' }) })
chain.start()

let mined = 0

const someone = (): string => PEOPLE[random.below(PEOPLE.length)] as string // one of them

/** Payments that hold on top of the tip. */
function payments(): Transaction[] {
  const nonces = new Map<string, number>()
  return Array.from({ length: random.below(6) }, () => {
    const from = someone()
    const nonce = nonces.get(from) ?? chain.account(blocks.account(from)).nonce
    nonces.set(from, nonce + 1)
    return blocks.pay({ from, to: someone(), amount: random.below(3), fee: random.below(2), nonce })
  })
}

async function extend(parent: Hex, transactions: Transaction[]): Promise<Hex> {
  const ancestors = chain.ancestors(parent)
  if (ancestors === undefined) throw new Error(`no block ${parent}`)
  const body = { miner: blocks.account(someone()), transactions }
  const header = {
    version: 1,
    height: ancestors.height + 1,
    parent: fromHex(parent),
    bodyRoot: bodyRoot(body),
    timestamp: ancestors.timestamp + 1 + random.below(1_000),
    bits: params.initialBits,
    nonce: 0,
  }
  const block: Block = { header, body }
  mine(block.header)
  await chain.add(block, 'local')
  mined += 1
  const hash = toHex(blockHash(block.header))
  writeSync(1, `added ${hash}\ntip ${chain.tip.hash}\n`)
  return hash
}

while (mined < Number(most)) {
  const depth = random.below(6) === 0 ? 1 + random.below(4) : 0
  if (depth === 0 || depth > chain.tip.height) {
    await extend(chain.tip.hash, payments())
    continue
  }
  let parent = chain.hashAt(chain.tip.height - depth) as Hex // above genesis
  for (let i = 0; i <= depth; i++) parent = await extend(parent, [])
}
