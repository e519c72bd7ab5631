import { expect, test } from 'vitest'
import { type ChainNode, heavierThan, pathBetween } from '../../src/chain/fork-choice.ts'

interface Node extends ChainNode<Node> {
  name: string
}

let order = 0
const node = (name: string, parent: Node | undefined, work = 1n): Node => ({
  name,
  parent,
  height: parent === undefined ? 0 : parent.height + 1,
  work: (parent?.work ?? 0n) + work,
  order: (order += 1),
})
const names = (nodes: Node[]): string[] => nodes.map(({ name }) => name)

//   g ─ a ─┬─ d1 ─ d2
//          └─ c1 ─ c2 ─ c3
const g = node('g', undefined)
const a = node('a', g)
const d1 = node('d1', a)
const d2 = node('d2', d1)
const c1 = node('c1', a)
const c2 = node('c2', c1)
const c3 = node('c3', c2)

test('the path between two branches goes down to their last common block and up again', () => {
  const { ancestor, disconnect, connect } = pathBetween(d2, c3)
  expect(ancestor.name).toBe('a')
  expect(names(disconnect)).toEqual(['d2', 'd1'])
  expect(names(connect)).toEqual(['c1', 'c2', 'c3'])
})

test('a path up, a path down and a path to where one stands are only half as long', () => {
  expect(pathBetween(a, c2)).toMatchObject({ ancestor: a, disconnect: [], connect: [c1, c2] })
  expect(pathBetween(c2, a)).toMatchObject({ ancestor: a, disconnect: [c2, c1], connect: [] })
  expect(pathBetween(c2, c2)).toMatchObject({ ancestor: c2, disconnect: [], connect: [] })
})

test('blocks of two trees have no path: that is a bug of the caller', () => {
  expect(() => pathBetween(d2, node('other', undefined))).toThrow('assertion')
})

test('the tip with the most work wins, however many blocks it took', () => {
  const heavy = node('heavy', a, 100n)
  expect(heavierThan(d2, [c3, heavy, d2])?.name).toBe('heavy')
})

test('a tip of as much work does not win: the one that we have was first', () => {
  expect(heavierThan(d2, [c2, d2])).toBeUndefined()
  expect(heavierThan(c2, [d2])).toBeUndefined()
})

test('of two that are better and equal, the first seen wins, in whichever order they are listed', () => {
  const first = node('first', d2)
  const second = node('second', d2)
  expect(heavierThan(d1, [second, first])?.name).toBe('first')
  expect(heavierThan(d1, [first, second])?.name).toBe('first')
})
