import { createServer } from 'node:http'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, onTestFinished, test } from 'vitest'
import * as start from '../../src/cli/commands/start.ts'
import { createProgram } from '../../src/cli/program.ts'
import { cairn, temporaryFolder } from './program.ts'

/** One line and nothing else. */
const ONE_LINE = /^cairn: [^\n]+\n$/

describe.concurrent('wrong usage is status 2 and one line that names what was meant', () => {
  test.each([
    [['statsu'], "unknown command 'statsu': did you mean status?"],
    [['status', '--jsn'], "unknown option '--jsn': did you mean --json?"],
    [['help', 'nope'], "unknown command 'nope'; see cairn help"],
    [['send', 'cairn1x'], "missing required argument 'AMOUNT'; see cairn help send"],
    [['status', 'a'], "too many arguments for 'status'"],
  ])('%j', async (args, line) => {
    const { status, stdout, stderr } = await cairn(args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(ONE_LINE)
    expect(stderr).toContain(line)
  })
})

describe.concurrent('a value that will not do is status 1 and one line, before any node is looked for', () => {
  const account = 'cairn1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqql0lnj'
  test.each([
    [['send', account, '-1'], 'AMOUNT: -1 is negative'],
    [['send', account, 'abc', '--json'], 'AMOUNT: abc is not a number'],
    [['send', account, '5', '--fee', '-1'], '--fee: -1 is negative'],
    [['send', account, '5', '--memo', 'é'.repeat(129)], '--memo: 258 bytes do not fit'],
    [['send', `${account.slice(0, -1)}q`, '5'], 'is not an account: its checksum does not match'],
    [['block', 'xyz'], '"xyz" is neither a height nor a hash'],
    [['status', '--network', 'a b'], 'name: must be 1 to 32 letters'],
    [['status', '--network', './nowhere.json'], 'nowhere.json'],
  ])('%j', async (args, line) => {
    const { status, stdout, stderr } = await cairn(args)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(ONE_LINE)
    expect(stderr).toContain(line)
  })
})

describe('finding the node', () => {
  test('by --data, else CAIRN_DATA, else ~/.cairn/NETWORK; none there is one line that says how to start one', async () => {
    const home = temporaryFolder()
    const runs = await Promise.all([
      cairn(['status', '--data', `${home}/a`]),
      cairn(['status'], { env: { CAIRN_DATA: `${home}/b` } }),
      cairn(['status', '--network', 'class-101'], { home }),
      cairn(['status'], { home }),
    ])
    expect(runs.map(({ status, stderr }) => [status, stderr])).toEqual([
      [1, `cairn: no node is running on ${home}/a: start one with cairn start --data ${home}/a\n`],
      [1, `cairn: no node is running on ${home}/b: start one with cairn start\n`],
      [1, `cairn: no node is running on ${home}/.cairn/class-101: start one with cairn start --network class-101\n`],
      [1, `cairn: no node is running on ${home}/.cairn/lan: start one with cairn start\n`],
    ])
  })

  test('a node.json that a killed node left is not taken for a running one, and its token is shown to nobody', async () => {
    const asked: (string | undefined)[] = []
    const stranger = createServer((request, response) => {
      asked.push(request.headers.authorization)
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ peerId: '12D3KooWOther', name: 'flint-otter' }))
    }).listen(0, '127.0.0.1')
    await once(stranger, 'listening')
    onTestFinished(() => void stranger.close())
    const folder = temporaryFolder()
    const leave = (port: number): void => {
      mkdirSync(folder, { recursive: true })
      const left = { pid: 1, http: `http://127.0.0.1:${port}`, peerId: '12D3KooWMine' }
      writeFileSync(join(folder, 'node.json'), JSON.stringify(left))
      writeFileSync(join(folder, 'token'), 'ab'.repeat(32))
    }

    leave((stranger.address() as AddressInfo).port)
    const taken = await cairn(['mine', '--data', folder])
    expect(taken.status).toBe(1)
    expect(taken.stderr).toBe(
      `cairn: no node is running on ${folder} (the last one was killed, and flint-otter answers at its address): ` +
        `start one with cairn start --data ${folder}\n`,
    )
    expect(asked).toEqual([undefined])

    leave(1) // nothing listens there
    const free = await cairn(['mine', '--data', folder])
    expect(free.status).toBe(1)
    expect(free.stderr).toMatch(ONE_LINE)
    expect(free.stderr).toContain('(the last one was killed)')
  })
})

test('help lists every command, and the help of each has an example', async () => {
  const { status, stdout } = await cairn(['help'])
  expect(status).toBe(0)
  const commands = ['start', 'status', 'peers', 'mempool', 'mine', 'send', 'balance', 'history', 'block', 'tx', 'chain', 'doctor']
  for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
  const [help, flag] = await Promise.all([cairn(['help', 'send']), cairn(['send', '--help'])])
  expect(help).toEqual(flag)
  expect(help.stdout).toContain('cairn send cairn1… 30 --fee 1')
})

test('a network’s parameters are shown without a node', async () => {
  const { status, stdout } = await cairn(['network', 'show', 'class-101', '--json'])
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    genesis: expect.stringMatching(/^[0-9a-f]{64}$/),
    parameters: { name: 'class-101', subsidy: 50 },
  })
})

test('a command that asks a node waits for nothing that only a node needs', async () => {
  const told = `data:text/javascript,import { registerHooks } from 'node:module'
    registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) })`
  const env = { NODE_OPTIONS: `--import "${told.replaceAll('\n', ';')}"` }
  const { stderr } = await cairn(['status', '--data', temporaryFolder()], { env })
  expect(stderr).toContain('src/cli/commands/status.ts')
  expect(stderr).not.toMatch(/libp2p|sodium|fastify|pino|chainsafe|commands\/(?!status)/)
})

test('an option that is on by default is on in a command that is loaded late', () => {
  const command = new Command('start')
  command.saveStateBeforeParse() // commander is ready to parse before the command's options are known: program.ts
  start.configure(command, createProgram(new AbortController().signal).context)
  expect(command.opts()).toMatchObject({ mdns: true })
})
