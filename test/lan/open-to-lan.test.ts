/** Runs the story of open-to-lan.ts, where the system lets us make a LAN. */
import { beforeAll, describe, expect, test } from 'vitest'
import { missingForLan } from '../support/lan.ts'
import { type Chapter, runStory } from '../support/lan-story.ts'

const missing = missingForLan()
const LIMIT_MS = 120_000

const CHAPTERS = [
  'it says in the log where others read it',
  'another host sees the page, the chain and the peers',
  'under no foreign name, and from no foreign page',
  'it changes nothing without the token',
  'with it, it may: the teacher’s own phone',
  'one host that asks without end is told to wait, and the other is served',
  'other users of the machine read neither the token nor a key, and node.json holds no secret',
]

describe.skipIf(missing)(`a node that is open to the LAN${missing ? ` (NOT RUN: ${missing})` : ''}`, () => {
  let told: Map<string, Chapter>

  beforeAll(async () => {
    told = await runStory(new URL('open-to-lan.ts', import.meta.url), LIMIT_MS)
  }, LIMIT_MS + 10_000)

  test.each(CHAPTERS)('%s', (name) => {
    expect(told.get(name), 'the story never came to it').toBeDefined()
    expect(told.get(name)?.error).toBeUndefined()
  })
})
