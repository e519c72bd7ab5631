/**
 * Runs a command beside a real node on network `local`, whose address it gets as its last argument:
 *
 *   node test/support/with-node.ts python3 examples/external-miner.py
 *
 * Ends as the command ends.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startNode } from './real-node.ts'

const [command, ...args] = process.argv.slice(2)
if (command === undefined) throw new Error('usage: with-node.ts COMMAND [ARGUMENT…]')
const data = mkdtempSync(join(tmpdir(), 'cairn-with-node-'))
try {
  const node = await startNode({ data, args: ['--network', 'local', '--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0'] })
  try {
    const child = spawn(command, [...args, node.ready.http], { stdio: 'inherit' })
    const [code] = (await once(child, 'close')) as [number | null]
    process.exitCode = code ?? 1
  } finally {
    await node.stop()
  }
} finally {
  rmSync(data, { recursive: true })
}
