/** A run in simulated time follows from its seed, event for event, and nothing in it takes real time. */
import { createHook } from 'node:async_hooks'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { tellStory } from '../../support/virtual-story.ts'

const STORY = fileURLToPath(new URL('../../support/virtual-story.ts', import.meta.url))

/** The hash of a story that another process tells, beside a thread that keeps a processor busy. */
const toldElsewhere = async (seed: number): Promise<string> =>
  (await promisify(execFile)(process.execPath, [STORY, String(seed)])).stdout.trim()

test('a seed gives the same run, event for event, also in another process with a busy thread beside it; another seed another', { timeout: 120_000 }, async () => {
  const made = new Set<string>()
  const hook = createHook({ init: (_, type) => void made.add(type) })
  const first = await tellStory(7, async (work) => {
    if (made.size === 0) hook.enable() // of the first part: it slows every promise
    await work().finally(() => hook.disable())
  })
  expect(made).toContain('PROMISE')
  // While time passes nothing waits for a timer, a thread, a socket or a file: only for promises, and for the immediates by
  // which simulated time itself goes on.
  for (const allowed of ['PROMISE', 'Immediate', 'TickObject', 'Microtask']) made.delete(allowed)
  expect([...made]).toEqual([])
  // It was no quiet story.
  expect(first.payments).toBeGreaterThan(2)
  expect(first.reorganisations).toBeGreaterThan(0)
  expect(new Set(first.heights).size).toBe(1)
  expect(first.heights[0]).toBeGreaterThan(10)
  expect(first.lines.some((line) => line.includes('"node:stopped"') && line.includes('"killed":true'))).toBe(true)
  expect(first.count).toBe(first.lines.length)

  expect(await toldElsewhere(7)).toBe(first.hash)
  const other = await tellStory(8)
  expect(other.hash).not.toBe(first.hash)
  expect(new Set(other.heights).size).toBe(1)
})
