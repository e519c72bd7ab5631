/**
 * What a command costs from the shell: `cairn status` against a node that runs, beside `node -e 0`, which does nothing.
 * The two take turns, so that whatever else the machine does falls on both.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startNode } from '../support/real-node.ts'
import { type Benchmark, figureOf, timed } from './figure.ts'

const RUNS = 15
const COMMAND = fileURLToPath(new URL('../../src/cli/cairn.js', import.meta.url))

export const benchmark: Benchmark = async (report) => {
  const data = mkdtempSync(join(tmpdir(), 'cairn-bench-cli-'))
  const node = await startNode({ data, args: ['--network', 'local', '--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0'] })
  try {
    const bare = ['-e', '0']
    const commands: [name: string, args: string[]][] = [
      ['cairn status', ['status']], ['cairn status --json', ['status', '--json']], ['cairn help', ['help']],
    ]
    const runs = new Map(commands.map(([name]): [string, number[]] => [name, []]))
    const bareRuns: number[] = []
    run(commandLine(commands[0]?.[1] ?? [], data)) // the first writes the compile cache, where there is none yet
    for (let at = 0; at < RUNS; at++) {
      bareRuns.push((await timed(() => run(bare))) / 1000)
      for (const [name, args] of commands) runs.get(name)?.push((await timed(() => run(commandLine(args, data)))) / 1000)
    }
    report(figureOf({ name: 'node -e 0', unit: 's', runs: bareRuns }))
    for (const [name, taken] of runs) report(figureOf({ name, unit: 's', runs: taken, atMost: 0.3 }))
  } finally {
    await node.stop()
    rmSync(data, { recursive: true, force: true })
  }
}

const commandLine = (args: string[], data: string): string[] => [COMMAND, ...args, '--data', data]

function run(args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
}
