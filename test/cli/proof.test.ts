/** `cairn proof`: a node makes one, and it is checked where no node is. */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProof } from '../../src/consensus/proof.ts'
import { encodeBody } from '../../src/consensus/types.ts'
import type { Proof } from '../../src/http/api.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { cairn, startNode, temporaryFolder } from './program.ts'

const BIN = new URL('../../src/cli/cairn.js', import.meta.url).pathname

test('a proof that a node made is checked without any node', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'rent.json')
  const data = ['--data', folder]
  const node = await startNode(folder)
  await cairn(['mine', ...data])
  const sent = await cairn(['send', node.ready.account, '30', '--fee', '1', '--memo', 'rent', '--json', '--yes', ...data])
  const { id } = JSON.parse(sent.stdout) as { id: string }

  const early = await cairn(['proof', id, ...data])
  expect([early.status, early.stdout]).toEqual([1, ''])
  expect(early.stderr).toMatch(/^cairn: transaction [0-9a-f]{64} is in no block yet: wait until one is mined\n$/)

  await cairn(['mine', '3', ...data])
  const shown = await cairn(['proof', id, '--headers', '1', '--output', file, ...data])
  expect([shown.status, shown.stderr]).toEqual([0, ''])
  expect(shown.stdout).toContain('3 confirmations')
  expect(shown.stdout).toContain(`cairn proof --check ${file} --network local`)
  const again = await cairn(['proof', id, '--output', file, ...data])
  expect([again.status, again.stderr]).toEqual([1, `cairn: ${file} exists already; name another, or write over it with --force\n`])
  const printed = await cairn(['proof', id, '--headers', '1', '--json', ...data])
  expect(JSON.parse(printed.stdout)).toEqual(JSON.parse(readFileSync(file, 'utf8')))
  await node.end()

  const good = await cairn(['proof', '--check', file, '--json'])
  expect([good.status, good.stderr]).toEqual([0, ''])
  expect(JSON.parse(good.stdout)).toMatchObject({
    proved: true, id, confirmations: 2, claimedConfirmations: 3, work: '4',
    network: { name: 'local', known: 'name', parameters: true }, block: { height: 2, miner: node.ready.account },
    transaction: { amount: 30, memo: 'rent' },
  })
  const asked = await cairn(['proof', '--check', file, ...data])
  expect(asked.status).toBe(0)
  for (const text of ['proved', 'the one that was asked for', '2 confirmations', 'claimed', 'Not proved:', 'cairn block ']) {
    expect(asked.stdout).toContain(text)
  }

  const proof = JSON.parse(readFileSync(file, 'utf8')) as Proof
  const known = await cairn(['proof', '--check', file, '--block', proof.hash.toUpperCase()])
  expect([known.status, known.stdout]).toEqual([0, expect.stringContaining('which you know')])
  const { transaction } = proof
  const forged = join(folder, 'forged.json')
  writeFileSync(forged, JSON.stringify({ ...proof, transaction: { ...transaction, amount: 3_000 } }))
  const refusals: [args: string[], code: string][] = [
    [[forged], 'proof-fields-differ'],
    [[file, '--network', 'lan'], 'proof-other-network'],
    [[file, '--confirmations', '3'], 'proof-too-short'],
    [[file, '--block', '00'.repeat(32)], 'proof-other-block'],
    [[join(folder, 'chain.sqlite')], 'proof-malformed'],
  ]
  for (const [args, code] of refusals) {
    const { status, stdout, stderr } = await cairn(['proof', '--check', ...args])
    expect([status, stdout], code).toEqual([1, ''])
    expect(stderr).toMatch(new RegExp(`^cairn: not proved: .* \\(${code}\\)\n$`))
    const json = await cairn(['proof', '--check', ...args, '--json'])
    expect([json.status, JSON.parse(json.stdout)], code).toMatchObject([1, { proved: false, code }])
  }
})

test('a proof of a network that is no more known than by the document says so', async () => {
  const { stdout, status } = await check(JSON.stringify(proofOfStranger()))
  expect(status).toBe(0)
  expect(stdout).toContain('so the document says')
  expect(stdout).toContain('which network it is of')
})

test('what is no proof: from standard input, and where there is no file', async () => {
  const { status, stderr } = await check('hello')
  expect([status, stderr]).toEqual([
    1, 'cairn: not proved: standard input is not JSON: is it the file that cairn proof --output wrote? (proof-malformed)\n',
  ])
  const missing = await cairn(['proof', '--check', join(temporaryFolder(), 'none.json')])
  expect([missing.status, missing.stderr]).toEqual([1, expect.stringContaining('cannot be read')])
})

test('a proof is either made or checked', async () => {
  for (const args of [[], ['TXID', '--check', 'x'], ['--check', 'x', '--headers', '1'], ['TXID', '--block', '00']]) {
    const { status, stderr } = await cairn(['proof', ...args])
    expect([status, stderr], args.join(' ')).toEqual([2, expect.stringMatching(/--check.*; see cairn help proof\n$/)])
  }
})

/** `cairn proof --check -` with something on standard input. */
async function check(input: string): Promise<{ status: number; stdout: string; stderr: string }> {
  const { promise, resolve } = Promise.withResolvers<{ status: number; stdout: string; stderr: string }>()
  const child = execFile(process.execPath, [BIN, 'proof', '--check', '-'], (error, stdout, stderr) =>
    resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
  )
  child.stdin?.end(input)
  return promise
}

/** A proof of a network whose parameters nobody knows. */
function proofOfStranger(): Proof {
  const blocks = createBlockBuilder({ funds: { alice: 9 } })
  const { header, body } = blocks.block('a1', 'genesis', { transactions: [{ from: 'alice', to: 'bob', amount: 1 }] }).block
  return makeProof({
    network: 'club', genesis: blocks.genesis.hash, header, encodedBody: encodeBody(body), position: 0, confirmations: 1, following: [],
  })
}
