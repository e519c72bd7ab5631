/** Runs the story of bad-cables.ts, where the system lets us make a LAN. */
import { beforeAll, describe, expect, test } from 'vitest'
import { missingForBadCable, missingForLan } from '../support/lan.ts'
import { type Chapter, runStory } from '../support/lan-story.ts'

const missing = missingForLan() ?? missingForBadCable()
const LIMIT_MS = 170_000

const CHAPTERS = [
  'on bad cables, too, each of eight hosts finds three others or more',
  'five blocks mined on one are on all eight',
  'a payment reaches all, and another host mines it',
  'all eight mine at once, and when they stop all come to one tip',
]

describe.skipIf(missing)(`eight hosts on bad cables${missing ? ` (NOT RUN: ${missing})` : ''}`, () => {
  let told: Map<string, Chapter>

  beforeAll(async () => {
    told = await runStory(new URL('bad-cables.ts', import.meta.url), LIMIT_MS)
    for (const chapter of told.values()) console.log(JSON.stringify(chapter))
  }, LIMIT_MS + 10_000)

  test.each(CHAPTERS)('%s', (name) => {
    expect(told.get(name), 'the story never came to it').toBeDefined()
    expect(told.get(name)?.error).toBeUndefined()
  })
})
