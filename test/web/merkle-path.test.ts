import { expect, test } from 'vitest'
import { rootOfBranch } from '../../src/consensus/body-root.ts'
import { fromHex, toHex } from '../../src/consensus/hex.ts'
import { makeProof, type Proof } from '../../src/consensus/proof.ts'
import { encodeBody } from '../../src/consensus/types.ts'
import { layoutPath } from '../../src/web/merkle-layout.ts'
import { merklePath } from '../../src/web/merkle-path.ts'
import { createBlockBuilder } from '../support/blocks.ts'

/** Proofs of each transaction of a block of so many. */
function proofs(count: number): Proof[] {
  const blocks = createBlockBuilder({ seed: count, funds: { alice: 1000 } })
  blocks.block('a1', 'genesis', { transactions: Array.from({ length: count }, () => ({ from: 'alice', to: 'bob', amount: 1 })) })
  const { header, body } = blocks.get('a1').block
  return Array.from({ length: count }, (_, position) =>
    makeProof({
      network: 'local', genesis: blocks.genesis.hash, header, encodedBody: encodeBody(body), position, confirmations: 1, following: [],
    }))
}

test.each([1, 2, 3, 5, 8])('leads from every transaction of a block of %i to the root that the rules find', (count) => {
  for (const proof of proofs(count)) {
    const { root, steps, holds } = merklePath(proof)
    expect(root).toBe(toHex(rootOfBranch(fromHex(proof.transaction.id), proof.position, proof.branch.map(fromHex))))
    expect(root).toBe(proof.header.bodyRoot)
    expect(holds).toEqual({ id: true, root: true, hash: true })
    expect(steps.slice(-2).map(({ kind }) => kind)).toEqual(['count', 'miner'])
  }
})

test('says what does not hold', () => {
  const proof = proofs(3)[2] as Proof // there are three
  const other = 'ab'.repeat(32)
  const changed = (change: Partial<Proof>) => merklePath({ ...proof, ...change }).holds
  expect(changed({ branch: [other, ...proof.branch.slice(1)] })).toEqual({ id: true, root: false, hash: true })
  expect(changed({ position: 1 })).toEqual({ id: true, root: false, hash: true })
  expect(changed({ hash: other })).toEqual({ id: true, root: true, hash: false })
  expect(changed({ header: { ...proof.header, bodyRoot: other } })).toEqual({ id: true, root: false, hash: true })
  expect(changed({ transaction: { ...proof.transaction, id: other } })).toEqual({ id: false, root: false, hash: true })
})

test('levels of nothing but zeros at the top of the tree are one step of the drawing', () => {
  const proof = proofs(3)[2] as Proof // there are three: the third is alone on its level
  const { rungs } = layoutPath(proof.transaction.id, merklePath(proof).steps)
  expect(rungs.map(({ pair }) => pair && [pair.kind, pair.side, pair.levels])).toEqual([
    ['zeros', 'right', 1], ['tree', 'left', 1], ['zeros', 'right', 14], ['count', 'right', 1], ['miner', 'left', 1], undefined,
  ])
  expect(rungs.at(-1)?.node).toBe(proof.header.bodyRoot)
  const heights = rungs.map(({ y }) => y)
  expect(heights).toEqual(heights.toSorted((a, b) => b - a))
})
