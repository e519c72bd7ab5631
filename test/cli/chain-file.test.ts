/** verify, export and import as a user runs them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cairn, startNode, temporaryFolder } from './program.ts'

const json = async (...args: string[]): Promise<unknown> => {
  const { status, stdout, stderr } = await cairn([...args, '--json'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout.split('\n')).toHaveLength(2)
  return JSON.parse(stdout)
}

test('beside a running node: its chain is exported and verified, nothing is imported', async () => {
  const folder = temporaryFolder()
  const data = join(folder, 'node')
  const file = join(folder, 'local.cairn')
  const node = await startNode(data)
  const { blocks } = (await json('mine', '3', '--data', data)) as { blocks: { hash: string }[] }
  const tip = blocks[2]?.hash

  expect(await json('export', file, '--data', data)).toEqual({
    file, blocks: 3, height: 3, tip, bytes: readFileSync(file).length,
  })
  expect(await json('verify', '--data', data)).toEqual({
    height: 3, tip, blocks: 3, sideBlocks: 0, transactions: 0, accounts: 1, ok: true,
  })
  const inUse = await cairn(['import', file, '--data', data])
  expect(inUse).toMatchObject({ status: 1, stdout: '' })
  expect(inUse.stderr).toMatch(/^cairn: [^\n]+ is in use by another node \(process \d+, http[^\n]+\n$/)

  expect(await node.end()).toMatchObject({ status: 0 })
  expect(await json('import', file, '--data', data)).toEqual({ file, blocks: 3, added: 0, height: 3, tip })
  expect((await startNode(data)).ready.genesis).toBe(node.ready.genesis)
})

test('a new folder gets the file’s network; what cannot be is one line', async () => {
  const folder = temporaryFolder()
  const [network, file] = [join(folder, 'club.json'), join(folder, 'club.cairn')]
  const easy = { initialBits: 0x207f_ffff, limitBits: 0x207f_ffff, halfLifeBlocks: 0 }
  writeFileSync(network, JSON.stringify({ name: 'club', ...easy }))
  const node = await startNode(join(folder, 'a'), [], network)
  await json('mine', '2', '--data', join(folder, 'a'))
  await node.end()
  const exported = await cairn(['export', file, '--data', join(folder, 'a'), '--network', network])
  expect(exported.stdout).toMatch(/^■ exported 2 blocks of network club: \d+ bytes\ntip {2}[0-9a-f]{64}\n$/)

  const imported = await cairn(['import', file], { home: folder })
  expect(imported).toMatchObject({ status: 0, stderr: '' })
  const target = join(folder, '.cairn/club')
  expect(imported.stdout).toContain(`${join(target, 'network.json')}  give it to cairn start with --network`)
  const { stdout } = await cairn(['verify', '--data', target])
  expect(stdout).toMatch(/^■ everything holds on network club: 2 blocks, 0 transactions, 1 account\n/)
  expect((await startNode(target, [], join(target, 'network.json'))).ready.network).toBe('club')

  const refused = async (line: string, ...args: string[]): Promise<void> => {
    const { status, stdout, stderr } = await cairn(args)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^cairn: [^\n]+\n$/)
    expect(stderr).toContain(line)
  }
  const cut = join(folder, 'cut.cairn')
  writeFileSync(cut, readFileSync(file).subarray(0, -100))
  const other = join(folder, 'other')
  mkdirSync(other)
  const damaged = 'is damaged at block 2 of 2: the file is cut there; imported 1 of 2 blocks, which are kept'
  await Promise.all([
    refused(damaged, 'import', cut, '--data', join(folder, 'b')),
    refused('holds network club (genesis ', 'import', file, '--network', 'class-101', '--data', join(folder, 'c')),
    refused('club.cairn exists already; name another, or write over it with --force', 'export', file, '--data', target),
    refused('give their file with --network', 'verify', '--data', join(folder, 'a')),
    refused(`there is no ${join(other, 'chain.sqlite')}`, 'verify', '--data', other, '--json'),
  ])
  expect(existsSync(join(folder, 'c'))).toBe(false)
})

test('help has an example of each', async () => {
  for (const example of ['verify', 'export club.cairn', 'import club.cairn']) {
    const { status, stdout } = await cairn(['help', ...example.split(' ', 1)])
    expect(status).toBe(0)
    expect(stdout).toContain(`\n  cairn ${example}\n`)
  }
})
