import { expect, test } from 'vitest'
import { describeWork, trackWork } from '../../src/cli/work-progress.ts'

const progress = { done: 0.35, blocks: 350, of: 1_000, transactions: 70_000 }

test('one line says how far it is, how fast, and how long it will take', () => {
  expect(describeWork('verifying', progress, 5_000)).toBe(
    'verifying ███████               35 % · block 350 of 1 000 · 70 000 transactions · 14.0 k/s · 9.3 s left',
  )
  expect(describeWork('importing', { done: 0, blocks: 0, of: 7, transactions: 0 }, 1_000)).toBe(
    'importing                        0 % · block 0 of 7',
  )
  expect(describeWork('exporting', { ...progress, done: 1 }, 5_000)).toContain('████████████████████ 100 % ')
})

test('it is shown on a terminal only, after a second, ten times a second at most, and taken away at the end', () => {
  let now = 0
  const shown = (isTTY: boolean): string[] => {
    const written: string[] = []
    const stream = { isTTY, columns: 200, write: (text: string) => written.push(text) > 0 }
    now = 0
    const work = trackWork('verifying', stream, () => now)
    for (; now < 1_250; now += 10) work.update(progress)
    work.end()
    return written
  }
  const written = shown(true)
  expect(written).toHaveLength(4)
  expect(written[0]).toContain('verifying')
  expect(written[3]).toBe('\r\u001B[2K')
  expect(shown(false)).toEqual([])
})
