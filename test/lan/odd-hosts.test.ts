/** Runs the story of odd-hosts.ts, where the system lets us make a LAN. */
import { beforeAll, describe, expect, test } from 'vitest'
import { missingForBadCable, missingForLan } from '../support/lan.ts'
import { type Chapter, runStory } from '../support/lan-story.ts'

const missing = missingForLan()
const deafMissing = missingForBadCable()
const LIMIT_MS = 170_000

const CHAPTERS = [
  'two networks on one LAN: each finds its own, mines its own chain, and sees nothing of the other',
  'a node that starts before there is a network finds the others when there is one',
  'an interface goes down and comes back: the node has the blocks of meanwhile, and newcomers find it',
]
/** Chapters that need a cable without multicast. */
const DEAF_CHAPTERS = [
  'a host without multicast finds nobody by itself; one --peer, and it syncs and mines with the others',
  'a host without multicast learns of the others from its one peer',
]

describe.skipIf(missing)(`hosts unlike the others on a LAN${missing ? ` (NOT RUN: ${missing})` : ''}`, () => {
  let told: Map<string, Chapter>

  beforeAll(async () => {
    told = await runStory(new URL('odd-hosts.ts', import.meta.url), LIMIT_MS)
    for (const chapter of told.values()) console.log(JSON.stringify(chapter))
  }, LIMIT_MS + 10_000)

  const holds = (name: string): void => {
    expect(told.get(name), 'the story never came to it').toBeDefined()
    expect(told.get(name)?.error).toBeUndefined()
  }
  test.each(CHAPTERS)('%s', holds)
  test.skipIf(deafMissing).each(DEAF_CHAPTERS)(`%s${deafMissing ? ` (NOT RUN: ${deafMissing})` : ''}`, holds)
})
