/**
 * What the rules say of a block, as a node asks them: every layer in order, cheapest first, on a stopped clock.
 */
import { checkBlock, checkSignatures } from '../../src/consensus/block.ts'
import { type RuleCode, RuleError } from '../../src/consensus/errors.ts'
import { blockHash, checkHeaderContext } from '../../src/consensus/header.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { connect, NEW_ACCOUNT } from '../../src/consensus/ledger.ts'
import { decodeBlock, encodeBlock } from '../../src/consensus/types.ts'
import type { BlockBuilder, NamedBlock } from './blocks.ts'

/** The code of the rule that a call finds broken, or `valid`. Any other error is a bug and fails the test. */
export function verdict(check: () => unknown): RuleCode | 'valid' {
  try {
    check()
    return 'valid'
  } catch (error) {
    if (error instanceof RuleError) return error.code
    throw error
  }
}

/**
 * Asks all three layers about a named block, on the ledger of its parent.
 * @param now the clock; unless given, just the block's own time
 */
export function judge(blocks: BlockBuilder, named: NamedBlock, now = named.block.header.timestamp): RuleCode | 'valid' {
  const { params, genesis } = blocks
  const { block, parent } = named
  if (parent === undefined) throw new Error('genesis is not judged: it is what its parameters say')
  return verdict(() => {
    decodeBlock(encodeBlock(block))
    checkBlock(block, blockHash(block.header), params)
    checkSignatures(block.body, genesis.hash)
    checkHeaderContext(block.header, blocks.ancestors(parent), params, now)
    const ledger = blocks.ledger(parent)
    connect(block.body, block.header.height, params, (accounts) => accounts.map((account) => ledger.get(toHex(account)) ?? NEW_ACCOUNT))
  })
}
