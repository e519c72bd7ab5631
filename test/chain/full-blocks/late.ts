/** Chapter 4: blocks that come before their parent, or before their time, with a clock that moves when it is told. */
import type { Payment } from '../../support/blocks.ts'
import { CLOCK_AT_MS, type Story } from './story.ts'

const pay = (from: string, to: string, amount: number, fee = 0): Payment => ({ from, to, amount, fee })

export function late(story: Story): void {
  orphans(story)
  early(story)
}

function orphans(story: Story): void {
  story.later('f1', 'quick-5')
  story.later('f2', 'f1')
  story.block('f3', 'f2', 'block-unknown-parent', { transactions: [pay('carol', 'fay', 1)] })
  story.offer('f3', 'block-unknown-parent')
  story.offer('f2', 'block-unknown-parent')
  story.offer('f1', 'connected', 'f3')
  story.offer('f3', 'known')

  // Two that wait for one parent: both come, and the heavier line wins.
  story.later('g1', 'f3')
  story.block('g2-left', 'g1', 'block-unknown-parent', { miner: 'gus' })
  story.block('g2-right', 'g1', 'block-unknown-parent', { miner: 'gil' })
  story.block('g3-right', 'g2-right', 'block-unknown-parent', { miner: 'gil' })
  story.offer('g1', 'connected', 'g3-right')
  story.offer('g2-left', 'known')
  story.checkpoint()

  // Whose parent proves invalid is refused with it, and from then on.
  story.later('h1-overspends', 'g3-right', { transactions: [pay('fay', 'bob', 2)] })
  story.block('h2', 'h1-overspends', 'block-unknown-parent')
  story.block('h3', 'h2', 'block-unknown-parent')
  story.offer('h1-overspends', 'transaction-overspend')
  story.offer('h2', 'block-invalid-parent')
  story.offer('h3', 'block-invalid-parent')

  // An orphan that is bad itself is found out when its parent comes; its parent is none the worse.
  story.later('i1', 'g3-right')
  story.block('i2-height', 'i1', 'block-unknown-parent', { mutate: ({ header }) => void (header.height += 1) })
  story.block('i2-sanity', 'i1', 'block-bad-version', { mutate: ({ header }) => void (header.version = 2) })
  story.block('i3', 'i2-height', 'block-unknown-parent')
  story.offer('i1', 'connected')
  story.offer('i2-height', 'block-bad-height')
  story.offer('i3', 'block-invalid-parent')

  // A branch that comes tip first reorganises all at once when its root is there.
  story.later('j1', 'g3-right', { miner: 'jo' })
  story.block('j2', 'j1', 'block-unknown-parent', { miner: 'jo' })
  story.offer('j1', 'side-branch', 'j2')
  story.checkpoint()
}

function early(story: Story): void {
  const { params } = story.blocks
  const limit = params.genesisTimestamp + CLOCK_AT_MS + params.maxFutureMs
  story.block('k1', 'j2', 'connected', { timestamp: limit })
  story.block('k2', 'k1', 'block-too-early', { timestamp: limit + 1, transactions: [pay('fay', 'bob', 1)] })
  story.offer('k2', 'block-too-early')
  story.block('k3', 'k2', 'block-unknown-parent', { timestamp: limit + 2 })
  story.advance(0)
  // Early or not, what is wrong in its header is wrong now.
  story.block('k2-old-bits', 'k1', 'block-bad-bits', {
    timestamp: limit + 9,
    mutate: ({ header }) => void (header.bits -= 1),
  })
  story.block('k2-overspends', 'k1', 'block-too-early', { timestamp: limit + 5, transactions: [pay('fay', 'bob', 2)] })
  story.block('k3-overspends', 'k2-overspends', 'block-unknown-parent', { timestamp: limit + 6 })
  // Its time comes; its child was early only by then, and waits on.
  story.advance(1, 'k2')
  story.offer('k3', 'block-too-early')
  story.advance(1, 'k3')
  story.advance(2)
  story.block('k4-same-time', 'k3', 'block-time-too-old', { timestamp: limit + 2 })
  story.advance(1)
  // An early branch that is right in its header and wrong in the ledger is stored while it is the lighter one.
  story.offer('k2-overspends', 'known')
  story.offer('k3-overspends', 'block-too-early')
  story.advance(1)
  story.offer('k3-overspends', 'known')
  story.block('k4-overspends', 'k3-overspends', 'block-too-early', { timestamp: limit + 8 })
  story.advance(60_000)
  story.offer('k4-overspends', 'block-invalid-parent')
  story.offer('k2-overspends', 'transaction-overspend')
  story.offer('k3-overspends', 'block-invalid-parent')
  story.block('k4', 'k3', 'connected', { timestamp: limit + 60_000 })
  story.checkpoint()
}
