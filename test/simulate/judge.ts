/**
 * What must hold of a swarm after quiet, whatever happened before:
 *
 *   one tip        every node has the same
 *   accounts       every node has the same, and they are what a plain replay of the chain gives
 *   sums           all balances together are what was allocated and issued
 *   transactions   whatever a node took to send is in the chain, unless it does not hold there
 *   blocks         whatever was a node's tip, it still has
 *   peers          no honest node was ever refused by another for breaking the rules
 */
import { type Hex, toHex } from '../../src/consensus/hex.ts'
import { subsidyAt } from '../../src/consensus/params.ts'
import type { Transaction } from '../../src/consensus/types.ts'
import type { Node } from '../../src/node/node.ts'
import type { VirtualSwarm } from '../../src/swarm/virtual/swarm.ts'

export interface Promises {
  /** What a node took to send, in order. */
  sent: { node: number; id: Hex; transaction: Transaction }[]
  /** Blocks that were a node's tip. */
  tips: Set<Hex>[]
  /** What an honest node held against another, with the consequence that it is refused. */
  bans: string[]
}

/** @returns what does not hold, a line each */
export function violations({ nodes }: VirtualSwarm, { sent, tips, bans }: Promises): string[] {
  const wrong: string[] = bans.map((ban) => `an honest node was refused: ${ban}`)
  const hashes = new Set(nodes.map(({ chain }) => chain.tip.hash))
  if (hashes.size > 1) wrong.push(`${hashes.size} tips: ${nodes.map(({ chain: { tip } }, at) => `node ${at} at ${tip.height} ${tip.hash.slice(0, 12)}`).join(', ')}`)
  const [first] = nodes
  if (first === undefined || hashes.size > 1) return wrong
  const accounts = replay(first)
  for (const [at, { chain }] of nodes.entries()) {
    for (const { key, balance, nonce } of accounts.values()) {
      const known = chain.account(key)
      if (known.balance !== balance || known.nonce !== nonce) {
        wrong.push(`node ${at} says ${known.balance} and nonce ${known.nonce} of account ${toHex(key).slice(0, 12)}, a replay says ${balance} and ${nonce}`)
      }
    }
    for (const hash of tips[at] ?? []) if (!chain.has(hash)) wrong.push(`node ${at} had block ${hash.slice(0, 12)} as its tip, and has it no more`)
  }
  const { chain } = first
  let issued = chain.params.allocations.reduce((sum, { amount }) => sum + amount, 0)
  for (let height = 1; height <= chain.tip.height; height++) issued += subsidyAt(height, chain.params)
  const sum = [...accounts.values()].reduce((total, { balance }) => total + balance, 0)
  if (sum !== issued) wrong.push(`the balances are ${sum} together, allocated and issued are ${issued}`)
  for (const { node, id, transaction: { sender, nonce, amount, fee } } of sent) {
    if (chain.transaction(id) !== undefined) continue
    const now = chain.account(sender)
    // Another one took its place; it waits for one before it that does not hold; or there is no money for it.
    if (nonce !== now.nonce || now.balance < amount + fee) continue
    wrong.push(`node ${node} took transaction ${id.slice(0, 12)} (nonce ${nonce}), it holds, and it is not in the chain`)
  }
  return wrong
}

/** Balances and nonces by the blocks alone, with none of the ledger's code. */
function replay({ chain }: Node): Map<Hex, { key: Uint8Array; balance: number; nonce: number }> {
  const accounts = new Map<Hex, { key: Uint8Array; balance: number; nonce: number }>()
  const of = (key: Uint8Array) => {
    const known = accounts.get(toHex(key)) ?? { key, balance: 0, nonce: 0 }
    accounts.set(toHex(key), known)
    return known
  }
  for (const { account, amount } of chain.params.allocations) of(account).balance += amount
  for (let height = 1; height <= chain.tip.height; height++) {
    const { body } = chain.block(chain.hashAt(height)!)! // of the best chain
    for (const { sender, recipient, amount, fee } of body.transactions) {
      of(sender).balance -= amount + fee
      of(sender).nonce += 1
      of(recipient).balance += amount
      of(body.miner).balance += fee
    }
    of(body.miner).balance += subsidyAt(height, chain.params)
  }
  return accounts
}
