/** Networks of one's own: made, shown, started, listed; and what a private one asks of the next start. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { networkParams } from '../../src/consensus/params.ts'
import { readNetworkFile } from '../../src/node/options.ts'
import { cairn, startNode, startOptions, temporaryFolder } from './program.ts'

const ACCOUNT = 'cairn1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqql0lnj'
const ONE_LINE = /^cairn: [^\n]+\n$/

test('a network is made with what was said and the defaults, and the file gives the same genesis to show and start', async () => {
  const file = join(temporaryFolder(), 'club.json')
  const options = [
    '--block-time', '0.5', '--difficulty', '1000', '--half-life', '0', '--block-bytes', '2000', '--subsidy', '7', '--halving', '100',
    '--allocate', `${ACCOUNT}=500`,
  ]
  const made = await cairn(['network', 'new', file, ...options, '--json'])
  expect(made).toMatchObject({ status: 0, stderr: '' })
  const { path, genesis, id, parameters } = JSON.parse(made.stdout)
  expect({ path, id }).toEqual({ path: file, id: genesis.slice(0, 8) })
  const { maxFutureMs, genesisTimestamp } = networkParams('club')
  expect(parameters).toEqual({
    name: 'club', targetBlockTimeMs: 500, initialBits: 0x1f41_8937, limitBits: 0x1f41_8937, halfLifeBlocks: 0, maxBlockBytes: 2000, subsidy: 7,
    halvingInterval: 100, allocations: [{ account: ACCOUNT, amount: 500 }], maxFutureMs, genesisTimestamp,
  })
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(parameters)
  expect(JSON.parse((await cairn(['network', 'show', file, '--json'])).stdout)).toEqual({ genesis, id, parameters })
  const { ready } = await startNode(join(temporaryFolder(), 'node'), [], file)
  expect(ready).toMatchObject({ network: 'club', genesis })
})

test('people are told how the others join; where the name alone gives the same, that is told', async () => {
  const file = join(temporaryFolder(), 'club.json')
  const own = await cairn(['network', 'new', file, '--subsidy', '100'])
  expect(own.stdout).toContain(`  cairn start --network ${file}\n`)
  expect(own.stdout).toContain('100 units a block')
  const same = await cairn(['network', 'new', join(temporaryFolder(), 'plain.json')])
  expect(same.stdout).toContain('  cairn start --network plain\n')
})

test('the difficulty asked for is the difficulty within the grain of compact bits, and no easier than two hashes', async () => {
  const folder = temporaryFolder()
  const bitsFor = async (hashes: string): Promise<[number, number]> => {
    const file = join(folder, `d${hashes}.json`)
    await cairn(['network', 'new', file, '--difficulty', hashes])
    const { initialBits, limitBits } = readNetworkFile(file)
    return [initialBits, limitBits]
  }
  expect(await Promise.all(['2', '65536', '1048576'].map(bitsFor))).toEqual([
    [0x207f_ffff, 0x207f_ffff],
    [0x1f01_0000, 0x1f01_0000],
    [0x1e10_0000, 0x1f01_0000],
  ])
})

test('a file that is there is never overwritten, and a value that will not do writes none', async () => {
  const folder = temporaryFolder()
  const [taken, file] = [join(folder, 'taken.json'), join(folder, 'club.json')]
  writeFileSync(taken, 'mine')
  const cases: [args: string[], line: string][] = [
    [[taken], `${taken} exists already, and is not overwritten: name another file`],
    [[join(folder, 'no/such/club.json')], 'cannot be written (ENOENT'],
    [[join(folder, 'a b.json')], 'name: must be 1 to 32 letters'],
    [[file, '--block-time', '0'], '--block-time: "0" will not do; give seconds from 0.001 to 86400'],
    [[file, '--block-time', '86401'], 'give seconds from 0.001 to 86400'],
    [[file, '--difficulty', '1'], '--difficulty: 1 is too small; give a whole number from 2'],
    [[file, '--difficulty', '1e6'], '--difficulty: 1e6 is in scientific notation'],
    [[file, '--half-life', '1000001'], 'halfLifeBlocks: must be a whole number from 0 to 1000000'],
    [[file, '--block-bytes', '10'], 'maxBlockBytes: must be a whole number from'],
    [[file, '--halving', '0'], 'halvingInterval: must be a whole number from 1'],
    [[file, '--subsidy', '9007199254740991'], 'together they would issue more than 2^53 − 1 units'],
    [[file, '--allocate', ACCOUNT], 'is not ACCOUNT=AMOUNT'],
    [[file, '--allocate', 'bob=5'], '"bob" is not an account'],
    [[file, '--allocate', `${ACCOUNT}=0`], '0 is too small'],
  ]
  const runs = await Promise.all(cases.map(([args]) => cairn(['network', 'new', ...args])))
  for (const [at, { status, stdout, stderr }] of runs.entries()) {
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(ONE_LINE)
    expect(stderr).toContain(cases[at]?.[1])
  }
  expect(readdirSync(folder)).toEqual(['taken.json'])
  expect(readFileSync(taken, 'utf8')).toBe('mine')
})

test('networks here are listed: one that runs, one that does not, one that is private, one that is damaged', async () => {
  const home = temporaryFolder()
  const list = async (...args: string[]): Promise<{ networks: Record<string, unknown>[] }> => {
    const { status, stdout, stderr } = await cairn(['network', 'list', '--json', ...args], { home })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return JSON.parse(stdout)
  }
  expect(await list()).toEqual({ networks: [] })
  expect((await cairn(['network', 'list'], { home })).stdout).toBe('no networks here yet: cairn start begins one\n')

  const folder = (name: string): string => join(home, '.cairn', name)
  const key = join(home, 'club.key')
  const { fingerprint } = JSON.parse((await cairn(['network', 'key', key, '--json'])).stdout)
  const [runs, stopped, elsewhere] = await Promise.all([
    startNode(folder('a')), startNode(folder('b'), ['--network-key', key], 'club'), startNode(join(home, 'c')),
  ])
  await cairn(['mine', '2', '--data', folder('a')])
  await stopped.end()
  await elsewhere.end()
  mkdirSync(folder('d'))
  writeFileSync(join(folder('d'), 'chain.sqlite'), 'no database')
  mkdirSync(folder('empty'))

  const before = readFileSync(join(folder('b'), 'chain.sqlite'))
  expect((await list('--data', join(home, 'c'))).networks).toEqual([
    { network: 'local', genesis: runs.ready.genesis, height: 2, running: true, http: runs.ready.http, networkKey: null, data: folder('a'), error: null },
    { network: 'club', genesis: stopped.ready.genesis, height: 0, running: false, http: null, networkKey: fingerprint, data: folder('b'), error: null },
    { network: null, genesis: null, height: null, running: false, http: null, networkKey: null, data: folder('d'), error: expect.stringContaining('chain.sqlite') },
    { network: 'local', genesis: elsewhere.ready.genesis, height: 0, running: false, http: null, networkKey: null, data: join(home, 'c'), error: null },
  ])
  expect(readFileSync(join(folder('b'), 'chain.sqlite'))).toEqual(before)
  const { stdout } = await cairn(['network', 'list'], { home })
  expect(stdout).toMatch(/^club +[0-9a-f]{8} +0 +stopped +[0-9a-f]{8} +\//m)
})

test('a start without the key of a private folder, or with another, is refused and says what to do', async () => {
  const folder = temporaryFolder()
  const data = join(folder, 'data')
  const [key, other] = [join(folder, 'club.key'), join(folder, 'other.key')]
  const fingerprints: string[] = []
  for (const file of [key, other]) fingerprints.push(JSON.parse((await cairn(['network', 'key', file, '--json'])).stdout).fingerprint)
  await (await startNode(data, ['--network-key', key])).end()
  expect(readFileSync(join(data, 'network-key.json'), 'utf8')).toBe(`{"fingerprint":"${fingerprints[0]}"}\n`)

  const refused = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await cairn([...startOptions(data), ...args])
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(ONE_LINE)
    return stderr
  }
  const isPrivate = `the network in ${data} is private, with key ${fingerprints[0]}`
  expect(await refused()).toContain(`${isPrivate}: start with --network-key FILE, or to open it to everybody on the LAN, remove ${data}/network-key.json`)
  expect(await refused('--network-key', other)).toContain(`${isPrivate}, and the key given is ${fingerprints[1]}`)
  await (await startNode(data, ['--network-key', key])).end()
  writeFileSync(join(data, 'network-key.json'), '{}')
  expect(await refused('--network-key', key)).toContain('network-key.json is damaged')
})
