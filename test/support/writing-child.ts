/**
 * A process that goes on writing to a chain's file, like a node: block after block, every fourth time by a branch that
 * takes over. Writes a line for each block that is on disk; ends when whoever started it is gone.
 *
 *   node writing-child.ts PATH
 */
import { pino } from 'pino'
import { Chain } from '../../src/chain/chain.ts'
import { systemClock } from '../../src/chain/clock.ts'
import { networkParams } from '../../src/consensus/params.ts'
import { SqliteStore } from '../../src/storage/sqlite-store.ts'
import { createBlockBuilder } from './blocks.ts'

const [path] = process.argv.slice(2)
if (path === undefined) throw new Error('usage: writing-child.ts PATH')
process.stdin.resume().on('end', () => process.exit())

const blocks = createBlockBuilder({ params: networkParams('local') })
const store = SqliteStore.open(path, blocks.params)
const chain = new Chain({ params: blocks.params, store, clock: systemClock, log: pino({ level: 'silent' }) })
chain.start()

let made = 0
async function extend(parent: string): Promise<string> {
  made += 1
  const pays = blocks.balances(parent).miner === undefined ? [] : [{ from: 'miner', to: `someone${made}`, amount: 1, fee: 1 }]
  const { name, block, hex } = blocks.block(`w${made}`, parent, { transactions: pays })
  await chain.add(block, 'local')
  await new Promise<void>((resolve, reject) => process.stdout.write(`${hex}\n`, (error) => (error ? reject(error) : resolve())))
  return name
}

let tip = await extend('genesis')
for (;;) {
  const before = blocks.get(tip).parent ?? 'genesis'
  tip = made % 4 === 0 ? await extend(await extend(before)) : await extend(tip)
}
