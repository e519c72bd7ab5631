/** Entries of the index: what goes in comes out, by its key, whole or in buckets. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EraIndex, partiesOf } from '../../src/storage/era-index.ts'
import { ENTRY_BYTES, IndexEntries, placeAt, placesOf } from '../../src/storage/index-entries.ts'
import { bucketOf, keyOf } from '../../src/storage/schema.ts'

/** Few different keys, so that some are shared: by first byte, by all but the last, or whole. */
const hash = fc.tuple(fc.constantFrom(0, 1, 2, 254, 255), fc.constantFrom(0, 7), fc.nat({ max: 255 })).map(([first, sixth, rest]) =>
  new Uint8Array(32).fill(9).with(0, first).with(5, sixth).with(31, rest))
const chain = fc.array(fc.record({ hash, gap: fc.nat({ max: 2 }) }), { maxLength: 400 }).map((made) => {
  let height = 2 ** 32 - 1_000
  let position = 65_000
  return made.map(({ hash, gap }) => {
    height += gap
    position = gap > 0 ? 0 : position + 1
    return { hash, height, position }
  })
})
function entriesOf(made: { hash: Uint8Array; height: number; position: number }[]): IndexEntries {
  const entries = new IndexEntries()
  for (const { hash, height, position } of made) entries.add(hash, height, position)
  return entries
}
const sharesKey = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(keyOf(a)).equals(keyOf(b))

test('the places of a key are those that were added under it, ascending', () => {
  fc.assert(fc.property(chain, hash, (made, wanted) => {
    const expected = made.filter((entry) => sharesKey(entry.hash, wanted)).map(({ height, position }) => ({ height, position }))
    expect(placesOf(entriesOf(made).all, wanted)).toEqual(expected)
  }), { seed: 1 })
})

test('each entry is in the bucket of its key, and in none other, in the order of the chain', () => {
  fc.assert(fc.property(chain, (made) => {
    const buckets = [...entriesOf(made).buckets()]
    expect(buckets.map(({ bucket }) => bucket)).toEqual([...new Set(made.map(({ hash }) => bucketOf(hash)))].toSorted((a, b) => a - b))
    for (const { bucket, entries } of buckets) {
      const expected = made.filter((entry) => bucketOf(entry.hash) === bucket)
      expect(entries.length).toBe(ENTRY_BYTES * expected.length)
      for (const [at, { hash, height, position }] of expected.entries()) {
        expect(placeAt(entries, ENTRY_BYTES * at)).toEqual({ height, position })
        expect(sharesKey(entries.subarray(ENTRY_BYTES * at), hash)).toBe(true)
      }
    }
  }), { seed: 1 })
})

test('however many there are, none is lost when more room is made', () => {
  const entries = new IndexEntries()
  const all: number[] = []
  for (let at = 0; at < 10_000; at++) {
    const hash = new Uint8Array(32).fill(1).with(1, at >> 8).with(2, at & 255)
    entries.add(hash, 2 ** 32 - 1 - at, at)
    all.push(...hash.subarray(0, 6), ...[24, 16, 8, 0].map((bits) => ((2 ** 32 - 1 - at) >>> bits) & 255), at >> 8, at & 255)
  }
  expect(Buffer.compare(entries.all, Uint8Array.from(all))).toBe(0)
})

test('what is taken off from a height on is as if it had not been added', () => {
  fc.assert(fc.property(chain, fc.nat({ max: 900 }), (made, above) => {
    const height = 2 ** 32 - 1_000 + above
    const entries = entriesOf(made)
    entries.removeFrom(height)
    expect(entries.all).toEqual(entriesOf(made.filter((entry) => entry.height < height)).all)
  }), { seed: 1 })
})

test('a transaction has an entry for each of its parties, the same whoever pays, and one where they share a key', () => {
  const [low, high] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(1).with(5, 2)]
  const parties = [[low, high], [high, low], [low, low], [low, low.with(6, 9)]].map(([sender, recipient]) => ({ sender: sender!, recipient: recipient! }))
  expect(parties.map((both) => partiesOf(both).length)).toEqual([2, 2, 1, 2])
  const era = new EraIndex()
  era.add(3, parties, parties.map((_, at) => new Uint8Array(32).fill(at)))
  const places = (...positions: number[]) => positions.map((position) => ({ height: 3, position }))
  expect(placesOf(era.history.all, low)).toEqual(places(0, 1, 2, 3))
  expect(placesOf(era.history.all, high)).toEqual(places(0, 1))
  const keys = Array.from({ length: 4 }, (_, at) => era.history.all[ENTRY_BYTES * at + 5])
  expect(keys).toEqual([1, 2, 1, 2])
  expect(placesOf(era.transactions.all, new Uint8Array(32).fill(2))).toEqual(places(2))
})
