/** A run in simulated time follows from its seed, event for event, and nothing in it takes real time. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { tellStory } from '../../support/virtual-story.ts'

const STORY = fileURLToPath(new URL('../../support/virtual-story.ts', import.meta.url))

/** A story that another process tells, beside a thread that keeps a processor busy. */
const toldElsewhere = async (seed: number): Promise<{ hash: string; made: string[] }> =>
  JSON.parse((await promisify(execFile)(process.execPath, [STORY, String(seed)])).stdout) as { hash: string; made: string[] }

test('a seed gives the same run, event for event, also in another process with a busy thread beside it; another seed another', async () => {
  const first = await tellStory(7)
  // It was no quiet story.
  expect(first.payments).toBeGreaterThan(2)
  expect(first.reorganisations).toBeGreaterThan(0)
  expect(new Set(first.heights).size).toBe(1)
  expect(first.heights[0]).toBeGreaterThan(10)
  expect(first.lines.some((line) => line.includes('"node:stopped"') && line.includes('"killed":true'))).toBe(true)
  expect(first.count).toBe(first.lines.length)

  const { hash, made } = await toldElsewhere(7)
  expect(hash).toBe(first.hash)
  // While time passes nothing waits for a timer, a thread, a socket or a file: only for promises, and for the immediates by
  // which simulated time itself goes on.
  expect(made).toContain('PROMISE')
  expect(made.filter((type) => !['PROMISE', 'Immediate', 'TickObject', 'Microtask'].includes(type))).toEqual([])
  const other = await tellStory(8)
  expect(other.hash).not.toBe(first.hash)
  expect(new Set(other.heights).size).toBe(1)
})
