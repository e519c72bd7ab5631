import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { plain } from '../../src/cli/output.ts'
import { parseSwarmRun, type SwarmCommandOptions } from '../../src/cli/swarm-options.ts'
import { laySwarm, type SwarmFacts } from '../../src/cli/swarm-table.ts'
import { createSwarmClient } from '../../src/swarm-http/client.ts'
import { begin, cairn, temporaryFolder } from './program.ts'

describe('cairn swarm', () => {
  test('mines for real until Ctrl-C, tells it as JSON, and leaves a table and a picture, whole', async () => {
    const folder = temporaryFolder()
    const [csv, svg] = [join(folder, 'run.csv'), join(folder, 'run.svg')]
    const command = begin(['swarm', '3', '--mine', '2', '--topology', 'line', '--latency', '5', '--seed', '7', '--block-time', '1', '--payments', '600', '--json', '--csv', csv, '--svg', svg])
    const ready = JSON.parse(await command.line())
    expect(ready).toMatchObject({ event: 'ready', network: 'swarm', seed: '7', miners: 2, paymentsPerMinute: 600, edges: [[0, 1], [1, 2]], conditions: { latencyMs: 5 } })
    expect(ready.nodes).toHaveLength(3)
    const [url, token] = ready.page.split('/#')
    expect((await createSwarmClient({ url, token }).kill(2)).nodes[2]?.running).toBe(false)
    expect((await createSwarmClient({ url, token }).restart(2)).nodes[2]?.running).toBe(true)
    let event: { event: string; node?: number; hash?: string }
    do event = JSON.parse(await command.line())
    while (event.event !== 'block:received' || event.node !== 2)
    let block: { event: string; transactions?: number; hash: string }
    do block = JSON.parse(await command.line())
    while (block.event !== 'block:found' || block.transactions === 0)
    expect(existsSync(csv)).toBe(false)
    command.kill('SIGINT')
    const { status, stdout, stderr } = await command.ended
    expect([status, stderr]).toEqual([0, ''])
    const ended = JSON.parse(stdout.trim().split('\n').at(-1)!)
    expect(ended).toMatchObject({ event: 'ended', payments: { sent: expect.any(Number), mined: expect.any(Number) }, files: [csv, svg] })
    expect(ended.payments.sent).toBeGreaterThanOrEqual(block.transactions!)
    const rows = readFileSync(csv, 'utf8').trim().split('\r\n')
    expect(rows).toHaveLength(1 + ended.blocks)
    expect(rows.join()).toContain(event.hash)
    expect(rows.find((row) => row.includes(`,${block.hash},`))).toContain(`,${block.transactions},`)
    expect(readFileSync(svg, 'utf8')).toContain(event.hash)
    expect(readdirSync(folder).sort()).toEqual(['run.csv', 'run.svg'])
  })

  test('in a pipe it says in words what happens', async () => {
    const command = begin(['swarm', '2', '--mine', '1', '--network', 'local'])
    expect(await command.line()).toMatch(/^2 nodes run, 1 connection, seed \d+; Ctrl-C ends it$/)
    expect(await command.line()).toMatch(/^page http:\/\/127\.0\.0\.1:\d+\/#[0-9a-f]{64}$/)
    expect(await command.line()).toMatch(/^node 0, [a-z]+-[a-z]+, found block 1 {2}/)
    command.kill('SIGINT')
    expect((await command.ended).status).toBe(0)
  })

  test('ends by itself after the time given', async () => {
    const { status, stdout } = await cairn(['swarm', '1', '--mine', '0', '--for', '1'])
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^1 node runs, 0 connections, seed \d+; Ctrl-C ends it\npage \S+\n$/)])
  })

  test('what only the swarm finds wrong is one line, too', async () => {
    const { status, stderr } = await cairn(['swarm', '3', '--topology', '0-1'])
    expect([status, stderr]).toEqual([1, 'cairn: topology: no way leads from node 0 to node 2: give an edge to it, or part the network with partition()\n'])
  })
})

describe('its options', () => {
  test('have defaults that show something', () => {
    expect(parseSwarmRun('10', {}, {})).toMatchObject({
      miners: 3, durationMs: undefined, params: { name: 'swarm', targetBlockTimeMs: 3_000 },
      options: { nodes: 10, transport: 'memory', paymentsPerMinute: 30 },
    })
    expect(parseSwarmRun('2', {}, {}).miners).toBe(2)
  })

  test('are taken as people write them', () => {
    const given = { latency: '20', jitter: '5', loss: '1%', bandwidth: '10M', payments: '0', topology: 'random:4', seed: 'x', for: '60', blockTime: '1' }
    expect(parseSwarmRun('5', given, { data: '/tmp/swarm' })).toMatchObject({
      durationMs: 60_000, params: { targetBlockTimeMs: 1_000 },
      options: { latencyMs: 20, jitterMs: 5, loss: 0.01, bytesPerSecond: 1_250_000, paymentsPerMinute: 0, topology: { kind: 'random', degree: 4 }, seed: 'x', folder: '/tmp/swarm' },
    })
    expect(parseSwarmRun('5', { loss: '0.02', bandwidth: '500k' }, {}).options).toMatchObject({ loss: 0.02, bytesPerSecond: 62_500 })
    expect(parseSwarmRun('5', {}, { network: 'local' }).params.name).toBe('local')
  })

  test.each<[string, SwarmCommandOptions, string]>([
    ['0', {}, 'N: 0 is too small; give a whole number from 1 to 200'],
    ['201', {}, 'N: 201 is too large'],
    ['3', { mine: '4' }, '--mine: 4 is too large; give a whole number from 0 to 3'],
    ['3', { loss: '1' }, '--loss: "1" is no share of packets'],
    ['3', { loss: '100%' }, '--loss: "100%" is no share of packets'],
    ['3', { loss: 'half' }, '--loss: "half" is no share of packets'],
    ['3', { bandwidth: '2' }, '--bandwidth: "2" will not do; give bits a second from 8k'],
    ['3', { bandwidth: 'fast' }, '--bandwidth: "fast" will not do'],
    ['3', { topology: 'rings' }, '--topology: "rings" is none'],
    ['3', { payments: 'many' }, '--payments: many is not a number; give a whole number from 0 to 600'],
    ['3', { payments: '601' }, '--payments: 601 is too large; give a whole number from 0 to 600'],
    ['3', { transport: 'udp' }, '--transport: "udp" is none; there are memory and tcp'],
    ['3', { latency: '1.5' }, '--latency: 1.5 is not whole'],
    ['3', { jitter: '60001' }, '--jitter: 60001 is too large'],
    ['3', { for: '0' }, '--for: 0 is too small'],
    ['3', { csv: '/nowhere/run.csv' }, '--csv: nothing can be written in /nowhere (ENOENT); name another place'],
    ['3', { svg: '/tmp' }, '--svg: /tmp is a folder; name a file'],
  ])('%s %j is refused', (count, given, message) => {
    expect(() => parseSwarmRun(count, given, {})).toThrow(message)
  })

  test('a block time belongs to the swarm’s own network', () => {
    expect(() => parseSwarmRun('3', { blockTime: '2' }, { network: 'lan' })).toThrow('--block-time: is of the swarm’s own network')
  })
})

describe('its table', () => {
  const row = (node: number, height: number, tip: string, found = 0) =>
    ({ node, name: `fox-${node}`, mines: node === 0, standing: { height, tip: tip.repeat(64), peers: 2 }, found })
  const facts = (rows: SwarmFacts['rows']): SwarmFacts => ({ rows, blocks: 7, best: 6, payments: { sent: 9, mined: 8 }, lastAt: 10_000, reachedMs: 42, now: 13_000 })

  test('gives each tip a letter, the one that most are on the first', () => {
    const away = { node: 3, name: '', mines: false, standing: undefined, found: 0 }
    const lines = laySwarm(facts([row(0, 5, 'b', 4), row(1, 6, 'a', 3), row(2, 6, 'a'), away]), { width: 120, height: 30 }, plain)
    expect(lines).toEqual([
      '',
      'node  name   height  tip         peers  found  mines',
      '   0  fox-0       5  B bbbbbbbb      2      4  yes',
      '   1  fox-1       6  A aaaaaaaa      2      3',
      '   2  fox-2       6  A aaaaaaaa      2      0',
      '   3              –  away            –      0',
      '',
      '2 tips · 7 blocks found, 1 beside the chain · the last 3 s ago · at 95 % of the nodes in 42 ms · 9 payments, 8 mined',
    ])
  })

  test('shows as many nodes as fit, and no line is wider than the terminal', () => {
    const rows = Array.from({ length: 100 }, (_, node) => row(node, 6, 'a'))
    const lines = laySwarm(facts(rows), { width: 40, height: 12 }, plain)
    expect(lines).toHaveLength(12)
    expect(lines.at(-3)).toBe('… and 93 more: a taller window shows them')
    for (const line of lines.filter((one) => !one.startsWith('…'))) expect(line.length).toBeLessThan(40)
  })
})
