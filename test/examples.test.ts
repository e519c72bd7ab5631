/** Every example runs as a reader would run it, ends well, and says what its head comment promises. */
import { execFile, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../examples/', import.meta.url))
const withNode = fileURLToPath(new URL('support/with-node.ts', import.meta.url))
const execute = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, args, { timeout: 60_000 })).stdout

/** How each example runs; those in Python beside a node of their own. */
const run = (name: string): Promise<string> =>
  name.endsWith('.py') ? execute(withNode, 'python3', folder + name) : execute(folder + name)
const hasPython = spawnSync('python3', ['--version']).status === 0

/** What each example must have printed. */
const PROMISES: Record<string, RegExp[]> = {
  'two-nodes.ts': [
    /owl is at height 3/,
    /fox sees: tip (\w+)… {2}fox 119 {2}owl 81\nowl sees: tip \1… {2}fox 119 {2}owl 81/,
  ],
  'swarm.ts': [/height (\d+) {2}tip (\w+)….*\n(.*height \1 {2}tip \2….*\n){9}/, /all balances together: (\d+) = \d+ blocks × 50/],
  'fork.ts': [/2 blocks out, 3 in/, /pending again/, /it is in block [67] now/],
  'client.ts': [
    /does not mine: token-missing/, /heard: 30 to be paid, “for a rainy day”\n {2}heard: block 3, 1 payments, fees 1/,
    /is in block 3; the first account has 120, the savings 30/,
  ],
  'external-miner.py': [/^block 1 pays 50 to cairn1/, /nonce (\d+), after \d+ hashes: block 1 is [0-7][0-9a-f]{63}/, /the account owns 50/],
}

test('every example is here', () => {
  const names = readdirSync(folder).filter((name) => /\.(ts|py)$/.test(name))
  expect(names.sort()).toEqual(Object.keys(PROMISES).sort())
})

for (const [name, promises] of Object.entries(PROMISES)) {
  const cannot = name.endsWith('.py') && !hasPython
  test.skipIf(cannot)(cannot ? `${name}: not run, because there is no python3 here` : name, async () => {
    const said = await run(name)
    for (const promise of promises) expect(said).toMatch(promise)
  }, 70_000)
}
