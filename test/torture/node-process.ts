/** A whole node in a process of its own, that only this machine can reach: started to be hurt. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Hex } from '../../src/consensus/hex.ts'

const COMMAND = fileURLToPath(new URL('../../src/cli/cairn.js', import.meta.url))

/** Network of the nodes that are tortured: blocks at no cost, so that the disk is what they spend their time on. */
export const NETWORK = 'local'

/** One line of `cairn start --json`; which fields there are depends on the event. */
export interface NodeEvent {
  event: 'ready' | 'block:connected' | 'chain:reorg'
  http: string
  account: string
  hash: Hex
  height: number
}

export interface NodeProcess {
  readonly child: ChildProcess
  /** What it tells, as it happens, to its end. */
  readonly events: AsyncGenerator<NodeEvent>
  /** The same of standard error, line by line. */
  readonly errors: AsyncIterable<string>
  /** Resolves when it has ended. */
  readonly closed: Promise<unknown>
}

/** Starts `cairn start` on a data folder. It ends with this process at the latest. */
export function spawnNode(folder: string, ...args: string[]): NodeProcess {
  const apart = ['--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0', '--http', '127.0.0.1:0']
  const all = ['start', '--json', ...apart, '--network', NETWORK, '--data', folder, ...args]
  const child = spawn(process.execPath, [COMMAND, ...all], { stdio: ['ignore', 'pipe', 'pipe'] })
  const end = (): void => void child.kill('SIGKILL')
  process.once('exit', end)
  const closed = once(child, 'close').then(() => process.off('exit', end))
  const events = eventsOf(createInterface({ input: child.stdout }))
  return { child, closed, events, errors: createInterface({ input: child.stderr }) }
}

async function* eventsOf(lines: AsyncIterable<string>): AsyncGenerator<NodeEvent> {
  for await (const line of lines) {
    if (line.endsWith('}')) yield JSON.parse(line) as NodeEvent // the last line of a killed node may be cut off
  }
}

/** The next event of a kind; throws where the node ends before. */
export async function next(events: AsyncGenerator<NodeEvent>, kind: NodeEvent['event']): Promise<NodeEvent> {
  for (;;) {
    const { value, done } = await events.next()
    if (done === true) throw new Error(`the node ended before it told of ${kind}`)
    if (value.event === kind) return value
  }
}

/** Reads on, so that a node is never held up by a full pipe. */
export async function drain(source: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of source);
}

/** The last lines that a node writes on standard error, once it has ended. */
export async function lastLines(errors: AsyncIterable<string>, count = 5): Promise<string[]> {
  const lines: string[] = []
  for await (const line of errors) if (lines.push(line) > count) lines.shift()
  return lines
}

/** What came of a start: the node's account, or why it did not start. */
export type Start = { account: string } | { complaint: string }

/** Starts a node and kills it once it is ready. One that does not start says why in one line besides its log, with exit status 1. */
export async function startOnce(folder: string): Promise<Start> {
  const { child, events, errors, closed } = spawnNode(folder)
  const complaints = lastLines(errors)
  let account: string | undefined
  for await (const { event, account: named } of events) {
    if (event !== 'ready') continue
    account = named
    child.kill('SIGKILL')
  }
  await closed
  if (account !== undefined) return { account }
  const lines = (await complaints).filter((line) => !line.startsWith('{')) // log lines
  assert.equal(child.exitCode, 1, lines.join('\n'))
  assert.equal(lines.length, 1, `more than one line: ${lines.join('\n')}`)
  const [line = ''] = lines
  assert.match(line, /^cairn: .+[a-z)]$/, 'what, why, what to do')
  assert.doesNotMatch(line, /unexpected error/)
  return { complaint: line }
}
