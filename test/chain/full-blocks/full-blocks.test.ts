/**
 * Full block tests: one story of good and bad blocks on one tree, each with a name, through a real chain and a real
 * store. story.ts says how it is told; the chapters are headers.ts, payments.ts, forks.ts and late.ts.
 *
 * The drawing. A block with `!` is refused in the end; `name:` begins a list of what is offered on, or made of, a block.
 *
 *     genesis ─ a1 ─ a2 ─ a3 ─┬─ a4 ─┬─ a5 ─┬─ a6 ─ a7 ─ a8 ─ …
 *                             │      │      └─ a6-twin
 *                             │      └─ e5 ─ …
 *                             └─ bits-of-parent!
 *
 *     a2:  version-0! version-2! version-4294967295!
 *          bits-negative! bits-zero! bits-zero-mantissa! bits-overflow! bits-point! bits-loose!
 *          limit-next! limit-local! limit-easiest!
 *          height-0! height-2! height-4! height-4294967295!
 *          time-same! time-before! time-genesis! time-zero!
 *          bits-harder! bits-double-work!
 *          pow-missed! ─ pow-missed-child
 *          height-4! ─ height-child! ─ height-grandchild!
 *     a4:  root-zero! ─ root-zero-child
 *          root-of-other! all-wrong! height-and-time! time-and-bits! size-one-more!
 *          a4-nonce-beyond! a4-nonce-below!
 *          a4-cut! a4-longer! a4-empty! a4-offset! a4-time-beyond!
 *          header-hash-equal header-hash-above! header-hash-zero
 *          header-height-beyond! header-time-half! header-root-short! header-time-most header-time-early
 *     a6:  a6-other-miner! a6-dropped! a6-empty! a6-reversed! a6-last-twice! a6-all-twice! a6-amount! a6-huge!
 *          a6-fraction! a6-beyond! a6-short-miner! a6-late-lie
 *          overflow-amount! overflow-fee! overflow-both! overflow-second!
 *          signature-zero! signature-first-bit! signature-last-bit! signature-malleated! signature-other-sender!
 *          signature-other-amount! signature-other-memo! signature-other-nonce! signature-other-network!
 *          signature-small-order! signature-of-third!
 *          loose-good loose-cut! loose-beyond! loose-memo-257! loose-memo-256 loose-sum-most
 *          nonce-twice-same! nonce-twice-unlike! nonce-twice-apart! nonce-used! nonce-gap! nonce-most!
 *          nonce-backwards! nonce-replayed! nonce-of-nobody!
 *          overspend-amount! overspend-fee! overspend-together! overspend-nobody! overspend-self!
 *          overspend-before-paid! overspend-reward!
 *          balance-hoard! balance-miner! balance-miner-fee! balance-reward! balance-fees!
 *     a7:  balance-full!
 *     a9:  spent-again! heir-overspend! nonce-twice-again!
 *     a14: half-overspend!
 *
 *     a8 ─┬─ a9 ─ a10 ─ a11 ─ a12 ─ a13 ─ a14 ─┬─ a15 ─┬─ a16 ─ a17 ─┬─ a18 ─┬─ a19 ─ a20 ─ a21 ─ a22 ─ …
 *         │                                    │       │             │       └─ a19-gap! ─ a19-gap-child!
 *         │                                    │       │             └─ d18 ─┬─ d19-gap! ─┬─ d20!
 *         │                                    │       │                     │            └─ d20-other! ─ d21!
 *         │                                    │       │                     └─ d19-signature! ─ d20-signature!
 *         │                                    │       └─ c16 ─┬─ c17 ─ c18-good
 *         │                                    │               └─ c17-overspends! ─┬─ c18! ─ c19!
 *         │                                    │                                   └─ c18-other!
 *         │                                    ├─ tie-1 ─ tie-1-next
 *         │                                    └─ tie-2 ─ tie-2-next
 *         └─ b9 ─ b10 ─ b11 ─ b12
 *
 *     a4 ─── e5 ─ e6 ─ e7 ─ e8 ─ e9 ─ e10 ─ e11 ─ e12 ─ e13 ─ e14 ─ e15 ─ e16 ─ e17 ─ e18 ─ e19 ─ e20 ─ e21
 *
 *     a22 ─┬─ slow-1 ─── slow-2 ─── slow-3 ─── slow-4 ─── slow-5 ─── slow-6
 *          └─ quick-1 ─ quick-2 ─ quick-3 ─ quick-4 ─┬─ quick-5 ─ f1 ─ f2 ─ f3 ─ g1 ─ …
 *                                                    └─ quick-5-easy!
 *
 *     g1 ─┬─ g2-right ─ g3-right ─┬─ j1 ─ j2 ─ k1 ─ …
 *         └─ g2-left              ├─ h1-overspends! ─ h2! ─ h3!
 *                                 └─ i1 ─┬─ i2-height! ─ i3!
 *                                        └─ i2-sanity!
 *
 *     k1 ─┬─ k2 ─ k3 ─┬─ k4
 *         │           └─ k4-same-time!
 *         ├─ k2-old-bits!
 *         └─ k2-overspends! ─ k3-overspends! ─ k4-overspends!
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RULES, type RuleCode } from '../../../src/consensus/errors.ts'
import { openChain, type TestChain } from '../../support/chain.ts'
import { forks } from './forks.ts'
import { headers } from './headers.ts'
import { late } from './late.ts'
import { payments } from './payments.ts'
import { CLOCK_AT_MS, createStory, type Expected } from './story.ts'

const story = createStory()
for (const chapter of [headers, payments, forks, late]) chapter(story)

describe('the story', () => {
  let node: TestChain
  beforeAll(() => {
    node = openChain(story.blocks)
    expect(node.clock.now()).toBe(story.blocks.params.genesisTimestamp + CLOCK_AT_MS)
  })
  afterAll(() => node.stop())

  // In order: each step stands on those before it. After each, accounts and their sum are audited as well.
  test.each(story.steps)('$name: $expected', async ({ expected, tip, run }) => {
    expect(await run(node)).toBe(expected)
    expect(node.tip()).toBe(tip)
  })
})

describe('this story', () => {
  const isCode = (expected: Expected): expected is RuleCode => expected in RULES

  /** The words of the drawing: with their `!`, without the lines. */
  const drawn = readFileSync(new URL(import.meta.url), 'utf8')
    .split('*/')[0]!
    .split('\n')
    .filter((line) => line.startsWith(' *     '))
    .flatMap((line) => line.slice(2).split(/[\s─┬├└│…:]+/u))
    .filter((word) => word !== '')

  test('has at least 120 names, and at least six reorganisations', () => {
    expect(story.names.size).toBeGreaterThanOrEqual(120)
    expect(story.steps.filter(({ expected }) => expected === 'reorganised').length).toBeGreaterThanOrEqual(6)
  })

  test.each(Object.keys(RULES))('breaks %s more than once', (code) => {
    expect(new Set(story.steps.filter(({ expected }) => expected === code).map(({ name }) => name)).size).toBeGreaterThan(1)
  })

  test('is drawn whole, and nothing else is drawn', () => {
    const names = new Set(drawn.map((word) => word.replace('!', '')))
    names.delete('genesis')
    expect([...names].sort()).toEqual([...story.names].sort())
  })

  test('has a mark at whatever is refused in the end', () => {
    const last = new Map(story.steps.map(({ name, expected }) => [name, expected]))
    const isRefused = (name: string): boolean => {
      const expected = last.get(name)
      return expected !== undefined && isCode(expected) && RULES[expected].fault !== 'nobody'
    }
    const marked = new Set(drawn.filter((word) => word.endsWith('!')).map((word) => word.slice(0, -1)))
    expect([...marked].sort()).toEqual([...story.names].filter(isRefused).sort())
  })
})
