/** Every example runs as a reader would run it, ends well, and says what its head comment promises. */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../examples/', import.meta.url))
const run = async (name: string): Promise<string> => (await promisify(execFile)(process.execPath, [folder + name], { timeout: 20_000 })).stdout

/** What each example must have printed. */
const PROMISES: Record<string, RegExp[]> = {
  'two-nodes.ts': [
    /owl is at height 3/,
    /fox sees: tip (\w+)… {2}fox 119 {2}owl 81\nowl sees: tip \1… {2}fox 119 {2}owl 81/,
  ],
  'swarm.ts': [/height (\d+) {2}tip (\w+)….*\n(.*height \1 {2}tip \2….*\n){9}/, /all balances together: (\d+) = \d+ blocks × 50/],
  'fork.ts': [/2 blocks out, 3 in/, /pending again/, /it is in block [67] now/],
}

test('every example is here', () => {
  expect(readdirSync(folder).filter((name) => name.endsWith('.ts')).sort()).toEqual(Object.keys(PROMISES).sort())
})

test.each(Object.entries(PROMISES))('%s', async (name, promises) => {
  const said = await run(name)
  for (const promise of promises) expect(said).toMatch(promise)
})
