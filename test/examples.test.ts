/** Every example runs as a reader would run it, ends well, and says what its head comment promises. */
import { execFile, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../examples/', import.meta.url))
const withNode = fileURLToPath(new URL('support/with-node.ts', import.meta.url))
const execute = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, args, { timeout: 120_000 })).stdout

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
  'difficulty.ts': [/27 of them leave/],
  'network-partition.ts': [
    /4 nodes at height \d+, 3 nodes at height \d+/, /0–3 mined a payment in block \d+; the others never heard of it/,
    /4–6 mined a payment in block \d+; the others never heard of it/, /The cable is back\. After [\d.]+ s: 7 nodes at height \d+/,
    /node 4 left ([1-9]\d+) blocks\n {2}node 5 left \1 blocks/, /1 payment was in blocks that left/, /Both payments are in the chain of all 7/,
  ],
  'double-spend.ts': [/0\.10 {3}6 /, /Real nodes, 60 attacks.*\nexact .*: within 3 errors/],
  'selfish-mining.ts': [
    /^25\.0 % {3}0\.0 .* no$/m, /^40\.0 % {3}0\.0 .* yes$/m, /^30\.0 % {3}0\.5 .* yes$/m, /Real nodes, 600 blocks.*\nequation .*: within 3 errors/,
  ],
  'majority-attack.ts': [
    /^ +30 +\d+ +\d+$/m, /leaves (3\d|[4-9]\d) blocks/, /The payment of 40 is gone/, /Alice's payment to Bob left with those blocks too, and is in block \d+ now/,
    /that he signs: transaction-bad-signature/,
  ],
  'clock-skew.ts': [/^ +right /m],
  'at-scale.ts': [/^30 nodes on a LAN +0\.\d\d s/m, /^a minute a block /m, /[3-9]\d\d kB\/s of a line that sends 1 250/],
  'spam.ts': [
    /In peace: a payment with fee 0 is in the next block/, /( +\d+ {5}7 {6}1 {6}0 {7}10\n){10}/, /Fee 2 waited for the next block 10 times of 10; fee 0 is pending still/,
    /The flood cost 70 coins/, /blocks later fee 0 is mined too/,
  ],
  'watch-events.ts': [
    /peer:connected +heron is there\n {2}block:connected +block 1, mined by heron, payments: 0, by sync\n {2}tip:changed +height 1/,
    /transaction:added +30 with fee 1, “for the nest”, by gossip/,
    /block:connected +block 2, mined by vole, payments: 1, by local\n {2}tip:changed +height 2/,
    /transaction:removed +30: mined/,
    /peer:disconnected +heron is gone/,
  ],
  'custom-network.ts': [
    /owns 500 from the start/, /a member has the same file: connected/, /peer-other-network/,
    /1 +100 +100\n +2 +100 +200\n +3 +50 +250\n +4 +50 +300\n +5 +50 +350\n +6 +25 +375\n/, /member is at height 7, the stranger at 0/,
    /subsidy: must be a whole number/, /initialBits: easier than limitBits/,
  ],
}

/** No wider than a terminal: they print tables and paragraphs. */
const NARROW = [
  'at-scale.ts',
  'difficulty.ts', 'network-partition.ts', 'double-spend.ts', 'selfish-mining.ts', 'majority-attack.ts', 'clock-skew.ts', 'spam.ts',
  'watch-events.ts', 'custom-network.ts',
]

/** What the figures in a lesson must say, beyond their being there. */
const CLAIMS: Record<string, (said: string) => void> = {
  'difficulty.ts': (said) => {
    const meanS = (blocks: string): number => Number(new RegExp(`${blocks} +([\\d.]+) s`).exec(said)?.[1])
    expect(meanS('101 – 110'), 'slow at first').toBeGreaterThan(25)
    expect(meanS('261 – 280'), 'quick at first').toBeLessThan(4)
    for (const long of ['1 – 100', '161 – 260', '381 – 480']) expect(Math.abs(meanS(long) - 10), long).toBeLessThan(3)
  },
  'network-partition.ts': (said) => {
    const [, owned, blocks] = /All balances together: (\d+) = (\d+) blocks × 50/.exec(said) ?? []
    expect(Number(owned)).toBe(Number(blocks) * 50)
  },
  'majority-attack.ts': (said) => {
    const [, owned, blocks] = /All balances together: (\d+) = (\d+) blocks × 50/.exec(said) ?? []
    expect(Number(owned)).toBe(Number(blocks) * 50)
  },
  'clock-skew.ts': (said) => {
    const lost = (clock: string): number => Number(new RegExp(`^ +${clock} +\\d+ +\\d+ +(\\d+) %`, 'm').exec(said)?.[1])
    for (const allowed of ['right', '\\+40 s', '−40 s']) expect(lost(allowed), allowed).toBeLessThan(15)
    for (const wrong of ['\\+90 s', '−90 s']) expect(lost(wrong), wrong).toBeGreaterThan(50)
    const others = [...said.matchAll(/ (\d+) %$/gm)].map(([, share]) => Number(share))
    expect(others).toHaveLength(5)
    for (const share of others) expect(share).toBeLessThan(10)
  },
  'at-scale.ts': (said) => {
    const rows = [...said.matchAll(/^.{22} +([\d.]+) s +([\d.]+) s +([\d.]+) % +([\d.]+) % +([\d.]+) % +([\d.]+) kB\/s$/gm)].map((row) => row.slice(1).map(Number))
    expect(rows).toHaveLength(5)
    for (const [half, most, equation, lost, error] of rows as [number, number, number, number, number][]) {
      expect(most).toBeGreaterThan(half)
      expect(Math.abs(lost - equation), `${equation} %`).toBeLessThanOrEqual(3 * error + 0.1)
    }
    const [lan, internet, ...changed] = rows.map((row) => row[2]) as [number, number, number, number, number]
    expect(internet).toBeGreaterThan(10 * lan)
    expect([internet, ...changed]).toEqual([internet, ...changed].toSorted((a, b) => b - a))
    expect(changed.at(-1)).toBeLessThan(lan)
    const after = [...said.matchAll(/after ([\d.]+) s, where/g)].map(([, s]) => Number(s))
    expect(after).toHaveLength(2)
    expect(after[1]).toBeGreaterThan(2 * (after[0] ?? Infinity))
  },
  'double-spend.ts': (said) => {
    const rows = [...said.matchAll(/^ 0\.\d0 +(\d) +([\d.]+) % +([\d.]+) % +([\d.]+) % +([\d.]+) %/gm)].map((row) => row.slice(1).map(Number))
    expect(rows).toHaveLength(8)
    for (const [z, share, error, exact] of rows as [number, number, number, number, number][]) {
      // Both are rounded to a hundredth.
      expect(Math.abs(share - exact), `z = ${z}`).toBeLessThanOrEqual(3 * error + 0.03)
    }
    // Nakamoto's own table has 0.1 with z = 1, 2, 4, 6 as 0.2045873, 0.0509779, 0.0034552, 0.0002428.
    expect(rows.slice(0, 4).map((row) => row[4])).toEqual([20.46, 5.1, 0.35, 0.02])
    // And Rosenfeld's has these, in percent.
    expect(rows.slice(0, 4).map((row) => row[3])).toEqual([20, 5.6, 0.55, 0.06])
  },
  'selfish-mining.ts': (said) => {
    const rows = [...said.matchAll(/^([\d.]+) % +([\d.]+) +([\d.]+) % +([\d.]+) % +([\d.]+) %/gm)].map((row) => row.slice(1).map(Number))
    expect(rows).toHaveLength(14)
    for (const [share, , simulated, error, equation] of rows as [number, number, number, number, number][]) {
      expect(Math.abs(simulated - equation), `a pool with ${share} %`).toBeLessThanOrEqual(3 * error + 0.12)
    }
  },
}

test('every example is here', () => {
  const names = readdirSync(folder).filter((name) => /\.(ts|py)$/.test(name))
  expect(names.sort()).toEqual(Object.keys(PROMISES).sort())
})

test('the README beside them lists each, with its command', () => {
  const readme = readFileSync(`${folder}README.md`, 'utf8')
  for (const name of Object.keys(PROMISES)) expect(readme).toMatch(new RegExp(`(node|python3) examples/${name.replace('.', '\\.')}`))
})

for (const [name, promises] of Object.entries(PROMISES)) {
  const cannot = name.endsWith('.py') && !hasPython
  test.skipIf(cannot)(cannot ? `${name}: not run, because there is no python3 here` : name, async () => {
    const said = await run(name)
    for (const promise of promises) expect(said).toMatch(promise)
    CLAIMS[name]?.(said)
    if (NARROW.includes(name)) expect(said.split('\n').filter((line) => [...line].length > 80), 'wider than a terminal').toEqual([])
  }, 130_000)
}

test('a wrong seed is one line that says what to give', async () => {
  for (const args of [['--seed', 'x'], ['7']]) {
    const { status, stderr, stdout } = spawnSync(process.execPath, [`${folder}difficulty.ts`, ...args], { encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^[^\n]*--seed[^\n]*whole number[^\n]*\n$/)
  }
})

test('a simulated lesson is the same each time', async () => {
  const [first, again] = await Promise.all(['7', '7'].map((seed) => execute(`${folder}network-partition.ts`, '--seed', seed)))
  expect(first).toContain('Seed 7')
  expect(again).toBe(first)
}, 130_000)
