/** Runs the story of eight-hosts.ts, where the system lets us make a LAN. */
import { beforeAll, describe, expect, test } from 'vitest'
import { missingForLan } from '../support/lan.ts'
import { type Chapter, runStory } from '../support/lan-story.ts'

const missing = missingForLan()
const LIMIT_MS = 170_000

const CHAPTERS = [
  'eight hosts start in the same moment, and each finds three others or more',
  'five blocks mined on one are on all eight',
  'a payment reaches all, and another host mines it',
  'a host killed while it mines comes back with what it acknowledged, and to the tip of all',
  'halves parted for moments: on the heavier tip after the cable is back',
  'halves parted until each has given up the other: on the heavier tip after the cable is back',
  'Ctrl-C ends each with status 0',
]

describe.skipIf(missing)(`eight hosts on a LAN${missing ? ` (NOT RUN: ${missing})` : ''}`, () => {
  let told: Map<string, Chapter>

  beforeAll(async () => {
    told = await runStory(new URL('eight-hosts.ts', import.meta.url), LIMIT_MS)
    for (const chapter of told.values()) console.log(JSON.stringify(chapter))
  }, LIMIT_MS + 10_000)

  test.each(CHAPTERS)('%s', (name) => {
    expect(told.get(name), 'the story never came to it').toBeDefined()
    expect(told.get(name)?.error).toBeUndefined()
  })
})
