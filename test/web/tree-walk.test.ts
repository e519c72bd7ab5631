import { expect, test } from 'vitest'
import { withSide } from '../../src/web/chain-view.ts'
import { layoutTree } from '../../src/web/tree-layout.ts'
import { stepFrom } from '../../src/web/tree-walk.ts'
import { hashOf, line, summary } from './summaries.ts'

//  a1 ─ a2 ─ a3 ─ a4 ─ a5 ─ a6
//            ╲ b4 ─ b5             lane 1
//                 ╲ c5             lane 2
const best = line('a', 6)
const b4 = summary('b4', best[3])
const b5 = summary('b5', b4)
const c5 = summary('c5', b4)
const { stones } = layoutTree({ best, side: withSide(new Map(), [b4, b5, c5]) }, 1440)
const step = (from: string, key: string) => stepFrom(stones, hashOf(from), key)

test('left and right go along a branch, and from a branch back to the chain that it left', () => {
  expect(step('a3', 'ArrowLeft')).toBe(hashOf('a2'))
  expect(step('a3', 'ArrowRight')).toBe(hashOf('a4'))
  expect(step('b4', 'ArrowRight')).toBe(hashOf('b5'))
  expect(step('b4', 'ArrowLeft')).toBe(hashOf('a3'))
  expect(step('c5', 'ArrowLeft')).toBe(hashOf('b4'))
})

test('down and up go to the nearest stone of another branch', () => {
  expect(step('a4', 'ArrowDown')).toBe(hashOf('b4'))
  expect(step('a6', 'ArrowDown')).toBe(hashOf('b5'))
  expect(step('b5', 'ArrowDown')).toBe(hashOf('c5'))
  expect(step('b5', 'ArrowUp')).toBe(hashOf('a5'))
  expect(step('c5', 'ArrowUp')).toBe(hashOf('b5'))
})

test('home and end are the ends of the chain as it is drawn', () => {
  expect(step('b5', 'Home')).toBe(hashOf('genesis'))
  expect(step('b5', 'End')).toBe(hashOf('a6'))
  const long = layoutTree({ best: line('a', 300), side: new Map() }, 1440).stones
  expect(stepFrom(long, hashOf('a300'), 'Home')).toBe(long[0]?.block.hash)
  expect(stepFrom(long, long[0]?.block.hash ?? '', 'ArrowLeft')).toBeUndefined()
})

test('where there is nothing further, and for any other key, one stays', () => {
  expect(step('a6', 'ArrowRight')).toBeUndefined()
  expect(step('a6', 'ArrowUp')).toBeUndefined()
  expect(step('c5', 'ArrowDown')).toBeUndefined()
  expect(step('a3', 'Enter')).toBeUndefined()
  expect(step('z9', 'ArrowLeft')).toBeUndefined()
})
