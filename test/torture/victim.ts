/**
 * A process to be killed: opens a chain's file and mines on it, mostly on the tip, sometimes a branch that takes over.
 * On standard output, as it happens:
 *
 *   opening          the file is opened next
 *   tip HASH         it is open; later: the tip after a block
 *   switching        the block that comes next makes another branch the best chain
 *   added HASH       the chain acknowledged a block
 *
 * After about MOST blocks it waits for its end, so that a slow machine does not make the run longer.
 *
 *   node victim.ts PATH SEED MOST
 */
import { writeSync } from 'node:fs'
import { bodyRoot } from '../../src/consensus/block.ts'
import { blockHash } from '../../src/consensus/header.ts'
import { fromHex, type Hex, toHex } from '../../src/consensus/hex.ts'
import type { Block, Transaction } from '../../src/consensus/types.ts'
import { mine } from '../support/blocks.ts'
import { createRandom } from '../support/random.ts'
import { PEOPLE, tortureNetwork } from './network.ts'
import { openChain } from './replay.ts'

const [path, seed, most] = process.argv.slice(2)
if (path === undefined || seed === undefined || most === undefined) throw new Error('usage: victim.ts PATH SEED MOST')
// Whoever started this holds the other end: when that is gone, so are we.
process.stdin.resume().on('end', () => process.exit())

const random = createRandom(Number(seed))
const blocks = tortureNetwork()
const { params } = blocks
/** At once: what stays in a buffer of this process is lost with it. */
const say = (text: string): number => writeSync(1, `${text}\n`)

say('opening')
const { chain } = openChain(path, params)
say(`tip ${chain.tip.hash}`)

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

async function extend(parent: Hex, transactions: Transaction[], switches = false): Promise<Hex> {
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
  if (switches) say('switching')
  await chain.add(block, 'local')
  mined += 1
  const hash = toHex(blockHash(block.header))
  say(`added ${hash}\ntip ${chain.tip.hash}`)
  return hash
}

/** How many blocks a branch is to take away: mostly a few, now and then many. */
const depthOfFork = (): number => (random.below(6) > 0 ? 0 : 1 + random.below(random.below(8) === 0 ? 25 : 4))

while (mined < Number(most)) {
  const depth = depthOfFork()
  if (depth === 0 || depth > chain.tip.height) {
    await extend(chain.tip.hash, payments())
    continue
  }
  let parent = chain.hashAt(chain.tip.height - depth) as Hex // above genesis
  for (let i = 0; i <= depth; i++) parent = await extend(parent, [], i === depth)
}
