/** Commands that are stopped: by Ctrl-C while they wait, and by a reader that has seen enough. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { begin, cairn, startNode, temporaryFolder } from './program.ts'

const OTHER = 'cairn1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqql0lnj'
const BIN = new URL('../../src/cli/cairn.js', import.meta.url).pathname

/** A folder whose node takes every request and answers none; `asked` resolves at the first. */
async function silentNode(): Promise<{ folder: string; asked: Promise<unknown> }> {
  const folder = temporaryFolder()
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // it listens on TCP
  writeFileSync(join(folder, 'node.json'), JSON.stringify({ pid: process.pid, http: `http://127.0.0.1:${port}`, peerId: '12D3KooWMine' }))
  writeFileSync(join(folder, 'token'), 'ab'.repeat(16))
  return { folder, asked: once(server, 'request') }
}

test.each([
  ['status'], ['peers'], ['mempool'], ['mine'], ['send', OTHER, '1', '--yes'], ['balance'], ['history'], ['block', '1'],
  ['tx', 'ab'.repeat(32)], ['chain'], ['wallet', 'list'], ['wallet', 'lock'], ['doctor'], ['network', 'list'],
])('Ctrl-C while %s waits for an answer is one line and status 130', async (...args) => {
  const { folder, asked } = await silentNode()
  const command = begin([...args, '--data', folder, '--json'])
  await asked
  command.kill('SIGINT')
  expect(await command.ended).toEqual({ status: 130, stdout: '', stderr: 'cairn: interrupted\n' })
})

test('Ctrl-C while send waits for confirmations says that it is sent', async () => {
  const { folder } = await startNode(temporaryFolder())
  await cairn(['mine', '--data', folder])
  const send = begin(['send', OTHER, '5', '--yes', '--wait', '2', '--data', folder])
  await send.line()
  const id = (await send.line()).replace(/^id +/, '')
  send.kill('SIGINT')
  expect(await send.ended).toEqual({ status: 130, stdout: '', stderr: `cairn: interrupted: the transaction ${id} is sent, but not confirmed yet\n` })
})

test('a reader that goes away ends a command in silence', async () => {
  const { folder } = await startNode(temporaryFolder())
  await cairn(['mine', '50', '--data', folder])
  const child = spawn('sh', ['-c', '"$@" | head -1', 'sh', process.execPath, BIN, 'chain', '--limit', '50', '--data', folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect({ lines: stdout.split('\n').length, stderr }).toEqual({ lines: 2, stderr: '' })
})

test('an export that is interrupted leaves no file behind', async () => {
  const { folder } = await startNode(temporaryFolder())
  await cairn(['mine', '20', '--data', folder])
  const target = temporaryFolder()
  const run = begin(['export', join(target, 'chain.cairn'), '--data', folder])
  run.kill('SIGINT')
  const { status, stdout } = await run.ended
  // It may have been quicker, or not yet listening for the signal; then the whole file is there, or none.
  expect(readdirSync(target)).toEqual(status === 0 ? ['chain.cairn'] : [])
  if (status !== 0) expect(stdout).toBe('')
})
