/** The program against a real node: what every command prints, and what the node answers to what it cannot do. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createClient } from '../../src/http/client.ts'
import { DataFolder } from '../../src/node/data-folder.ts'
import { begin, cairn, startNode, startOptions, temporaryFolder } from './program.ts'

/** An account whose key nobody has. */
const other = 'cairn1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqql0lnj'

test('mine, send, and every way to look at it, with --json', async () => {
  const { folder, ready } = await startNode(temporaryFolder(), ['--name', 'luna'])
  const ask = async (...args: string[]): Promise<unknown> => {
    const { status, stdout, stderr } = await cairn([...args, '--data', folder, '--json'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.split('\n')).toHaveLength(2)
    return JSON.parse(stdout)
  }
  expect(ready).toEqual({
    event: 'ready',
    http: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    name: 'luna',
    peerId: expect.stringMatching(/^12D3KooW/),
    addresses: [expect.stringContaining(ready.peerId)],
    account: expect.stringMatching(/^cairn1/),
    network: 'local',
    genesis: expect.stringMatching(/^[0-9a-f]{64}$/),
    networkKey: null,
  })

  const { blocks } = (await ask('mine', '3')) as { blocks: { height: number; hash: string }[] }
  expect(blocks.map(({ height }) => height)).toEqual([1, 2, 3])
  const { id } = (await ask('send', other, '30', '--fee', '1', '--memo', 'for the pizza')) as { id: string }
  const pending = await Promise.all([ask('status'), ask('balance', 'main'), ask('tx', id), ask('mempool'), ask('peers')])
  expect(pending).toMatchObject([
    { name: 'luna', height: 3, tip: blocks[2]?.hash, peers: 0, account: ready.account },
    { account: ready.account, confirmed: 150, pending: -31, spendable: 119, nonce: 0 },
    { id, amount: 30, fee: 1, memo: 'for the pizza', block: null, confirmations: 0 },
    { count: 1, minimumFee: 0, next: null, transactions: [{ id, ready: true, minedInMs: expect.any(Number) }] },
    { peers: [], banned: [] },
  ])

  const [block] = ((await ask('mine')) as { blocks: { hash: string }[] }).blocks
  const hash = String(block?.hash)
  const mined = await Promise.all([
    ask('balance', other), ask('history', other), ask('block', '4'), ask('block', hash),
    ask('chain', '--from', '2', '--limit', '2'),
  ])
  expect(mined).toMatchObject([
    { account: other, confirmed: 30, pending: 0, nonce: 0 },
    { transactions: [{ id, confirmations: 1 }] },
    { hash, miner: ready.account, transactions: [{ id }] },
    { hash, height: 4 },
    { blocks: [{ height: 2 }, { height: 1 }], next: 1 },
  ])
})

test('the same for people: whole values in a pipe, and refusals of the node in one line', async () => {
  const { folder, ready } = await startNode(temporaryFolder())
  const show = (...args: string[]): ReturnType<typeof cairn> => cairn([...args, '--data', folder])
  const mined = await show('mine', '2')
  expect(mined.stdout).toMatch(/^■ block 1 {2}[0-9a-f]{64}\n■ block 2 {2}[0-9a-f]{64}\n$/)

  const [sent, status, tooMuch, unknownBlock, unknownSender] = await Promise.all([
    show('send', other, '7', '--yes'), show('status'),
    show('send', other, '1000', '--yes'), show('block', '99'), show('send', other, '1', '--from', 'alice', '--yes'),
  ])
  expect(sent.stdout).toMatch(/^sent 7 units, pending until a block has it\nid {2}[0-9a-f]{64}\n$/)
  expect(status.stdout).toContain(ready.account)
  expect(status.stdout).toMatch(/^height +2$/m)
  for (const refused of [tooMuch, unknownBlock, unknownSender]) {
    expect(refused).toEqual({ status: 1, stdout: '', stderr: expect.stringMatching(/^cairn: [^\n]+\n$/) })
  }
  expect(unknownSender.stderr).toContain('"alice" is not an account')

  const [mempool, history, chain, peers] = await Promise.all([show('mempool'), show('history'), show('chain'), show('peers')])
  expect(mempool.stdout).toContain(other)
  expect(mempool.stdout).toMatch(/came +mined in\n.* about \d/)
  const id = /^id {2}([0-9a-f]{64})$/m.exec(sent.stdout)![1]!
  expect((await show('tx', id)).stdout).toMatch(/^state +pending: in a block in about \d.*, as blocks come now$/m)
  expect(history.stdout).toMatch(/pending +– +−7/)
  expect(chain.stdout.split('\n').map((line) => line.trim().split(' ')[0])).toEqual(['height', '2', '1', '0', ''])
  expect(peers.stdout).toContain('no peers')
})

test('send --wait returns when the transaction is that deep', async () => {
  const { folder } = await startNode(temporaryFolder())
  await cairn(['mine', '--data', folder])
  const send = begin(['send', other, '5', '--yes', '--wait', '2', '--data', folder])
  expect(await send.line()).toMatch(/^sent 5 units/)
  expect(await send.line()).toMatch(/^id /)
  await cairn(['mine', '2', '--data', folder])
  expect(await send.ended).toEqual({ status: 0, stdout: '2 confirmations  in block 2\n', stderr: '' })
})

test('Ctrl-C while mining cancels it on the node too, and says how far it came', async () => {
  const folder = temporaryFolder()
  const network = join(folder, 'hard.json')
  // Some 2^40 hashes a block: none is found while this runs.
  writeFileSync(network, JSON.stringify({ name: 'hard', initialBits: 0x1b00_ffff, limitBits: 0x1b00_ffff }))
  const { ready } = await startNode(join(folder, 'node'), [], network)
  const token = DataFolder.read(join(folder, 'node'))?.token
  const events = createClient({ url: ready.http, token }).events()
  const until = async (mining: boolean): Promise<void> => {
    for (let next = await events.next(); next.done !== true; next = await events.next()) {
      const { event, data } = next.value
      if (event === 'mining:progress' && data.hashRate > 0 === mining) return
    }
  }
  const began = until(true)
  const mine = begin(['mine', '--data', join(folder, 'node')])
  await began
  mine.kill('SIGINT')
  expect(await mine.ended).toEqual({ status: 130, stdout: '', stderr: 'cairn: interrupted: mined 0 of 1 block\n' })
  await until(false)
  await events.return()
})

test('nodes are joined by --peer, see each other by name, and tell what happens as JSON lines', async () => {
  const luna = await startNode(temporaryFolder(), ['--name', 'luna'])
  const sol = await startNode(temporaryFolder(), ['--name', 'sol', '--peer', luna.ready.addresses[0] ?? ''])
  const joined = JSON.parse(await luna.line((line) => line.includes('peer:connected'))) as unknown
  expect(joined).toMatchObject({ event: 'peer:connected', peerId: sol.ready.peerId, name: 'sol' })
  await cairn(['mine', '--data', luna.folder])
  const received = JSON.parse(await sol.line((line) => line.includes('block:connected'))) as unknown
  expect(received).toMatchObject({ height: 1, miner: luna.ready.account })
  const { stdout } = await cairn(['peers', '--data', sol.folder])
  expect(stdout).toMatch(/^luna +[01] +[0-9a-f]{64} /m)
})

test('SIGINT and SIGTERM stop a node in order, and the next start finds everything', async () => {
  const folder = temporaryFolder()
  const first = await startNode(folder)
  await cairn(['mine', '2', '--data', folder])
  expect(await first.end('SIGINT')).toMatchObject({ status: 0 })
  expect(existsSync(join(folder, 'node.json'))).toBe(false)

  const second = await startNode(folder)
  expect(second.ready).toMatchObject({ peerId: first.ready.peerId, account: first.ready.account })
  const { stdout } = await cairn(['balance', '--data', folder, '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ confirmed: 100 })
  expect(await second.end('SIGTERM')).toMatchObject({ status: 0 })
})

test('what keeps a node from starting is one line, and status 1', async () => {
  const folder = temporaryFolder()
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const used = join(folder, 'used')
  const { ready } = await startNode(used)
  const [damaged, another] = [join(folder, 'damaged'), join(folder, 'another')]
  await Promise.all([damaged, another].map(async (data) => (await startNode(data)).end()))
  file('damaged/wallet.json', '{"words"')

  const start = async (args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await cairn(args)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr.split('\n').filter((line) => line.startsWith('cairn: '))).toHaveLength(1)
    return stderr
  }
  const fresh = join(folder, 'fresh')
  const cases: [args: string[], line: string][] = [
    [startOptions(used), `${used} is in use by another node (process`],
    [[...startOptions(fresh), '--http', ready.http.slice('http://'.length)], 'in use'],
    [startOptions(join(file('plain', ''), 'folder')), 'cannot be used'],
    [startOptions(fresh, file('cut.json', '{ "name": "club", ')), 'in JSON at position 18'],
    [startOptions(fresh, file('odd.json', '{ "name": "club", "subsidy": 0.5 }')), 'subsidy: must be a whole number'],
    [startOptions(fresh, 'a b'), 'name: must be 1 to 32 letters'],
    [[...startOptions(fresh), '--peer', '192.168.1.7'], '--peer: "192.168.1.7" is not a multiaddr'],
    [startOptions(damaged), 'wallet.json'],
    [startOptions(another, 'club'), 'network'],
  ]
  const lines = await Promise.all(cases.map(([args]) => start(args)))
  cases.forEach(([, line], at) => expect(lines[at]).toContain(line))
})
