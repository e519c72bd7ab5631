/** The progress of a node that catches up: what the line says, when it is there, and that the log does not break it. */
import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { createProgressLine } from '../../src/cli/progress.ts'
import { describeSync, showSync } from '../../src/cli/sync-line.ts'
import type { NetworkEvents, SyncProgress } from '../../src/network/network.ts'

const CLEAR = '\r\u001B[2K'
const half: SyncProgress = { state: 'bodies', height: 5_000, target: 10_000, blocksPerSecond: 412.3, remainingMs: 12_127 }

function terminal(isTTY = true) {
  const written: string[] = []
  return { written, line: createProgressLine({ isTTY, columns: 200, write: (text: string) => written.push(text) > 0 }) }
}

test('it says how far the node is, how fast it goes, and how long it still takes', () => {
  expect(describeSync(half)).toBe('catching up ██████████            50 % · block 5 000 of 10 000 · 412 blocks/s · 12 s left')
  expect(describeSync({ ...half, height: 0, blocksPerSecond: null, remainingMs: null })).toBe(
    'catching up                        0 % · block 0 of 10 000',
  )
})

test('it is there from when the pace is known until the node has caught up', () => {
  const { written, line } = terminal()
  const network = { events: new EventEmitter<NetworkEvents>() }
  showSync(network, line)
  network.events.emit('sync:progress', { ...half, state: 'headers', blocksPerSecond: null, remainingMs: null })
  network.events.emit('sync:progress', { ...half, blocksPerSecond: null, remainingMs: null })
  expect(written).toEqual([])
  network.events.emit('sync:progress', half)
  expect(written).toEqual([CLEAR + describeSync(half)])
  network.events.emit('sync:progress', { state: 'idle', height: 10_000, target: 10_000, blocksPerSecond: null, remainingMs: null })
  expect(written.slice(1)).toEqual([CLEAR])
})

test('lines of the log stand above it', () => {
  const { written, line } = terminal()
  line.print('before')
  line.show('progress')
  line.print('meanwhile')
  line.clear()
  line.print('after')
  expect(written).toEqual(['before\n', `${CLEAR}progress`, `${CLEAR}meanwhile\n${CLEAR}progress`, CLEAR, 'after\n'])
})

test('in a pipe there is none', () => {
  const { written, line } = terminal(false)
  line.show('progress')
  line.print('a record')
  line.clear()
  expect(written).toEqual(['a record\n'])
})
