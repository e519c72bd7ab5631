/** Runs the story of two-machines.ts inside a network namespace, where the system lets us make one. */
import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'

const isolated = ['-n', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"']
const available = process.platform === 'linux' && spawnSync('unshare', [...isolated, 'true']).status === 0
const why = available ? '' : ' (NOT RUN: needs Linux, root, unshare and ip)'

interface Chapter {
  chapter: string
  ok: boolean
  error?: string
}

const CHAPTERS = [
  'two nodes start by npm start and print where they serve',
  'they find each other by mDNS, no address given',
  'three blocks mined on one are on both',
  'a payment sent on one is mined by the other',
  'a third node that starts later catches up',
  'a node killed while mining comes back with what it acknowledged, and catches up',
  'a node of another network sees none of them',
  'two that never met, with 2 and 5 blocks, both have the 5 after one POST /peers',
  'Ctrl-C ends each with status 0',
]

describe.skipIf(!available)(`two machines on a LAN build one chain${why}`, () => {
  const told = new Map<string, Chapter>()

  beforeAll(async () => {
    const story = fileURLToPath(new URL('two-machines.ts', import.meta.url))
    const output = await new Promise<string>((resolve) => {
      execFile('unshare', [...isolated, process.execPath, story], { timeout: 120_000 }, (_, stdout, stderr) => resolve(stdout + stderr))
    })
    for (const line of output.split('\n').filter((text) => text.startsWith('{'))) {
      const chapter = JSON.parse(line) as Chapter
      told.set(chapter.chapter, chapter)
    }
  }, 130_000)

  test.each(CHAPTERS)('%s', (name) => {
    expect(told.get(name), 'the story never came to it').toBeDefined()
    expect(told.get(name)?.error).toBeUndefined()
  })
})
