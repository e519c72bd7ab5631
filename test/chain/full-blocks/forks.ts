/** Chapter 3: forks. Ties, switches back and forth, work against height, and branches that prove invalid on the way. */
import type { Payment } from '../../support/blocks.ts'
import type { Story } from './story.ts'

const pay = (from: string, to: string, amount: number, fee = 0): Payment => ({ from, to, amount, fee })

export function forks(story: Story): void {
  backAndForth(story)
  invalidBranches(story)
  deep(story)
  workNotHeight(story)
}

function backAndForth(story: Story): void {
  // As many payments of the same people on both sides, so that what one side did must be undone exactly.
  story.block('b9', 'a8', 'side-branch', { miner: 'bea', transactions: [pay('carol', 'erin', 3, 2)] })
  story.block('b10', 'b9', 'reorganised', { miner: 'bea', transactions: [pay('erin', 'carol', 1)] })
  story.block('a10', 'a9', 'side-branch')
  story.block('a11', 'a10', 'reorganised', { transactions: [pay('erin', 'dave', 5)] })
  story.offer('b10', 'known')
  story.block('b11', 'b10', 'side-branch', { miner: 'bea' })
  story.block('b12', 'b11', 'reorganised', { miner: 'bea', transactions: [pay('bea', 'carol', 150)] })
  story.checkpoint()
  story.block('a12', 'a11', 'side-branch')
  story.block('a13', 'a12', 'reorganised')
  story.checkpoint()
  // The first reward of 25 is block 12's: 26 of it cannot be there.
  story.block('a14', 'a13', 'connected', { miner: 'half' })
  story.block('half-overspend', 'a14', 'transaction-overspend', { transactions: [pay('half', 'bob', 26)] })
  story.block('a15', 'a14', 'connected', { transactions: [pay('half', 'bob', 25)] })
  // Ties of three: whoever came first stays.
  story.block('tie-1', 'a14', 'side-branch', { miner: 'tia' })
  story.block('tie-2', 'a14', 'side-branch', { miner: 'tod' })
  story.block('tie-2-next', 'tie-2', 'reorganised', { miner: 'tod' })
  story.block('a16', 'a15', 'side-branch')
  story.block('tie-1-next', 'tie-1', 'side-branch', { miner: 'tia' })
  story.block('a17', 'a16', 'reorganised')
}

function invalidBranches(story: Story): void {
  // In the middle: it is stored unseen, found when its branch would take over, and goes with what follows it.
  story.block('c16', 'a15', 'side-branch', { miner: 'cat' })
  story.block('c17-overspends', 'c16', 'side-branch', { miner: 'cat', transactions: [pay('cat', 'bob', 26)] })
  story.block('c18', 'c17-overspends', 'block-invalid-parent', { miner: 'cat' })
  story.offer('c18', 'block-invalid-parent')
  story.offer('c17-overspends', 'transaction-overspend')
  story.block('c18-other', 'c17-overspends', 'block-invalid-parent', { miner: 'cid' })
  story.block('c19', 'c18', 'block-invalid-parent', { miner: 'cat' })
  // What came before it is as good as ever, and may still win.
  story.block('c17', 'c16', 'side-branch', { miner: 'cat' })
  story.block('c18-good', 'c17', 'reorganised', { miner: 'cat', transactions: [pay('cat', 'bob', 50)] })
  story.checkpoint()

  // At the end of a branch that would win by it: its own code, and nothing has moved.
  story.block('a18', 'a17', 'side-branch')
  story.block('a19-gap', 'a18', 'transaction-bad-nonce', { transactions: [{ ...pay('dave', 'bob', 1), nonce: 1 }] })
  story.block('a19-gap-child', 'a19-gap', 'block-invalid-parent')
  story.block('a19', 'a18', 'reorganised', { transactions: [pay('dave', 'bob', 1)] })

  // A side branch with two ends, both built on an invalid block: the heavier one finds it, the other goes with it.
  story.block('d18', 'a17', 'side-branch', { miner: 'dan' })
  story.block('d19-gap', 'd18', 'side-branch', { miner: 'dan', transactions: [{ ...pay('dave', 'bob', 1), nonce: 3 }] })
  story.block('d20', 'd19-gap', 'block-invalid-parent', { miner: 'dan' })
  story.offer('d19-gap', 'transaction-bad-nonce')
  story.block('d20-other', 'd19-gap', 'block-invalid-parent', { miner: 'dot' })
  story.block('d21', 'd20-other', 'block-invalid-parent', { miner: 'dot' })
  story.block('d19-signature', 'd18', 'transaction-bad-signature', {
    transactions: [{ ...story.blocks.pay(pay('dave', 'bob', 1), 'd18'), fee: 1 }],
  })
  story.block('d20-signature', 'd19-signature', 'block-invalid-parent')
}

function deep(story: Story): void {
  // From before everything above but the headers: fifteen blocks off, sixteen on, and back again.
  const options = { miner: 'eve', transactions: [pay('alice', 'eve', 2, 1), pay('eve', 'bob', 1)] }
  story.block('e5', 'a4', 'side-branch', options)
  for (let height = 6; height <= 19; height++) story.block(`e${height}`, `e${height - 1}`, 'side-branch', options)
  story.block('e20', 'e19', 'reorganised', options)
  story.checkpoint()
  // A payment that a19's branch has is unpaid on this one: a nonce is used only where its transaction is.
  story.block('e21', 'e20', 'connected', { transactions: [pay('rich', 'heir', 5), pay('bob', 'carol', 7)] })
  story.block('a20', 'a19', 'side-branch')
  story.block('a21', 'a20', 'side-branch')
  story.block('a22', 'a21', 'reorganised')
  story.checkpoint()
}

function workNotHeight(story: Story): void {
  // Blocks a millisecond apart get harder: four of them outweigh five slow ones, and five of them six.
  const { timestamp } = story.blocks.get('a22').block.header
  const slow = (blocks: number) => ({ timestamp: timestamp + 600_000 * blocks })
  story.block('slow-1', 'a22', 'connected', slow(1))
  story.block('slow-2', 'slow-1', 'connected', slow(2))
  story.block('slow-3', 'slow-2', 'connected', slow(3))
  story.block('slow-4', 'slow-3', 'connected', slow(4))
  story.block('slow-5', 'slow-4', 'connected', slow(5))
  const quick = (blocks: number) => ({ miner: 'quin', timestamp: timestamp + blocks })
  story.block('quick-1', 'a22', 'side-branch', quick(1))
  story.block('quick-2', 'quick-1', 'side-branch', quick(2))
  story.block('quick-3', 'quick-2', 'side-branch', quick(3))
  story.block('quick-4', 'quick-3', 'reorganised', quick(4))
  story.block('quick-5-easy', 'quick-4', 'block-bad-bits', {
    ...quick(5),
    mutate: ({ header }) => void (header.bits = story.blocks.get('quick-4').block.header.bits),
  })
  story.block('slow-6', 'slow-5', 'reorganised', slow(6))
  story.block('quick-5', 'quick-4', 'reorganised', quick(5))
  story.checkpoint()
}
