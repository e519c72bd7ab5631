/**
 * What must hold for every tree of blocks and every order in which they arrive, orphans, duplicates and invalid ones
 * among them. What the chain should end with is found here by looking at the whole tree at once.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseParams } from '../../src/consensus/params.ts'
import { fromCompact, workOf } from '../../src/consensus/target.ts'
import { type BlockBuilder, createBlockBuilder, type Payment } from '../support/blocks.ts'
import { openChain, type TestChain } from '../support/chain.ts'
import { type Dump, dumpOf } from '../support/dump.ts'
import { holdsAsync } from '../support/holds.ts'

/** Difficulty moves by up to half with each block, so that the longest branch is often not the heaviest. */
const PARAMS = parseParams({ name: 'trees', initialBits: 0x201f_ffff, limitBits: 0x207f_ffff, halfLifeBlocks: 2 })
const PEOPLE = ['alice', 'bob', 'carol'] as const

interface DrawnBlock {
  /** How far before it in the list its parent is. */
  back: number
  gapMs: number
  miner: number
  payments: { from: number; to: number; amount: number }[]
  /** Breaks a rule of the ledger, which only shows when its branch takes over. */
  invalid: boolean
}

const who = fc.integer({ min: 0, max: 2 })
const drawnBlock: fc.Arbitrary<DrawnBlock> = fc.record({
  back: fc.integer({ min: 0, max: 4 }),
  gapMs: fc.constantFrom(1, 3_000, 10_000, 40_000, 600_000),
  miner: who,
  payments: fc.array(fc.record({ from: who, to: who, amount: fc.integer({ min: 0, max: 9 }) }), { maxLength: 2 }),
  invalid: fc.constant(false),
})
const tree = fc.array(drawnBlock, { minLength: 1, maxLength: 16 })
const treeWithInvalid = fc.array(
  fc.tuple(drawnBlock, fc.integer({ min: 0, max: 7 })).map(([drawn, luck]) => ({ ...drawn, invalid: luck === 0 })),
  { minLength: 1, maxLength: 16 },
)
/** Says for each arrival, by a number, which block it is; so some come twice, and the rest comes at the end. */
const arrivals = fc.array(fc.nat(), { maxLength: 40 })

interface Tree {
  blocks: BlockBuilder
  names: string[]
  /** Work of the chain that ends in a block; undefined where a block on it is invalid. */
  works: Map<string, bigint | undefined>
}

function grow(drawn: DrawnBlock[]): Tree {
  const blocks = createBlockBuilder({ seed: 3, params: PARAMS, funds: { alice: 1_000, bob: 1_000, carol: 1_000 } })
  const names = ['genesis']
  const works = new Map<string, bigint | undefined>([['genesis', workOf(fromCompact(PARAMS.initialBits).target)]])
  for (const [at, { back, gapMs, miner, payments, invalid }] of drawn.entries()) {
    const parent = names[Math.max(0, names.length - 1 - back)]!
    const transactions: Payment[] = payments.map(({ from, to, amount }) => ({ from: PEOPLE[from]!, to: PEOPLE[to]!, amount }))
    if (invalid) transactions.push({ from: 'nobody', to: 'alice', amount: 1 })
    // A different time for each, so that no two blocks are one.
    const timestamp = blocks.get(parent).block.header.timestamp + gapMs + at
    const name = `n${at}`
    const { header } = blocks.block(name, parent, { miner: PEOPLE[miner]!, timestamp, transactions }).block
    const before = works.get(parent)
    works.set(name, invalid || before === undefined ? undefined : before + workOf(fromCompact(header.bits).target))
    names.push(name)
  }
  return { blocks, names: names.slice(1), works }
}

/** Names of the blocks that end a valid chain of the most work. */
function heaviest({ works }: Tree): { work: bigint; tips: string[] } {
  const valid = [...works].flatMap(([name, work]): [string, bigint][] => (work === undefined ? [] : [[name, work]]))
  const most = valid.reduce((most, [, work]) => (work > most ? work : most), 0n)
  return { work: most, tips: valid.filter(([, work]) => work === most).map(([name]) => name) }
}

async function straightTo(name: string, blocks: BlockBuilder): Promise<Dump> {
  const node = openChain(blocks)
  for (const { block } of blocks.path(name)) await node.chain.add(block, 'sync')
  const dump = dumpOf(node.path)
  await node.stop()
  return dump
}

/** The tip is of the most work, and all that is on disk about it is as if nothing else had ever been. */
async function expectHeaviest(node: TestChain, tree: Tree): Promise<void> {
  const { work, tips } = heaviest(tree)
  expect(node.chain.tip.work).toBe(work)
  expect(tips).toContain(node.tip())
  expect(dumpOf(node.path)).toEqual(await straightTo(node.tip(), tree.blocks))
}

async function arriveInAnyOrder([drawn, order]: [DrawnBlock[], number[]]): Promise<void> {
  const tree = grow(drawn)
  const node = openChain(tree.blocks)
  for (const at of order) await node.add(tree.names[at % tree.names.length]!)
  for (const name of tree.names.toReversed()) await node.add(name)
  await expectHeaviest(node, tree)
  await node.stop()
}

test('any order of arrival of the same blocks ends in the same work, and in the same tip and accounts where one has it', () =>
  holdsAsync(fc.tuple(tree, arrivals), arriveInAnyOrder))

test('and so it does with invalid blocks on the tree', () => holdsAsync(fc.tuple(treeWithInvalid, arrivals), arriveInAnyOrder))

test('however often the chain changes its mind, what it holds is what a straight way gives', async () => {
  let switches = 0
  await holdsAsync(fc.array(drawnBlock, { minLength: 10, maxLength: 20 }), async (drawn) => {
    const tree = grow(drawn)
    const node = openChain(tree.blocks)
    const workOfName = (name: string): bigint => tree.works.get(name) ?? 0n
    // The lightest first: each block that is the heaviest so far takes over, from whichever branch.
    for (const name of tree.names.toSorted((a, b) => (workOfName(a) < workOfName(b) ? -1 : 1))) {
      if ((await node.add(name)) === 'reorganised') switches += 1
    }
    await expectHeaviest(node, tree)
    await node.stop()
  })
  expect(switches).toBeGreaterThan(50)
})
