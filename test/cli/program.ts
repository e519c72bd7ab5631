/** The program as a user runs it: a process of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

const BIN = new URL('../../src/cli/cairn.js', import.meta.url).pathname

/** No CAIRN_DATA and no home of the machine's user, so that no test reaches a node that somebody runs there. */
const environment = (home: string): NodeJS.ProcessEnv => {
  const { CAIRN_DATA: _data, FORCE_COLOR: _color, ...rest } = process.env
  return { ...rest, HOME: home, USERPROFILE: home }
}

const NO_HOME = join(tmpdir(), 'cairn-no-home')

export interface Run {
  status: number | null
  stdout: string
  stderr: string
}

interface Surroundings {
  home?: string
  env?: NodeJS.ProcessEnv
}

/** Runs a command to its end, with nothing on standard input. */
export async function cairn(args: readonly string[], { home = NO_HOME, env = {} }: Surroundings = {}): Promise<Run> {
  const child = launch(args, home, env)
  child.stdin.end()
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)])
  return { status: child.exitCode, stdout, stderr }
}

export interface RunningNode {
  folder: string
  /** What it printed first. */
  ready: { event: string; http: string; peerId: string; addresses: string[]; account: string; network: string; genesis: string }
  /** The next line of its standard output that `matches`. */
  line(matches: (line: string) => boolean): Promise<string>
  /** Sends a signal; resolves with the exit status and what was on standard error in all. */
  end(signal?: NodeJS.Signals): Promise<{ status: number | null; stderr: string }>
}

/** Options of a node that only this machine can reach. */
export const startOptions = (folder: string, network = 'local'): string[] => [
  'start', '--no-mdns', '--http', '127.0.0.1:0', '--listen', '/ip4/127.0.0.1/tcp/0', '--network', network, '--data', folder,
]

/** Starts a node; the test's end kills it. */
export async function startNode(folder: string, args: readonly string[] = [], network?: string): Promise<RunningNode> {
  const child = launch([...startOptions(folder, network), '--json', ...args], NO_HOME)
  onTestFinished(() => void child.kill('SIGKILL'))
  const exit = ended(child)
  const stderr = text(child.stderr)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async (matches: (line: string) => boolean): Promise<string> => {
    for (;;) {
      const { done, value } = await lines.next()
      if (done === true) throw new Error(`the node ended: ${await stderr}`)
      if (matches(value)) return value
    }
  }
  const ready = JSON.parse(await line(() => true)) as RunningNode['ready']
  return {
    folder,
    ready,
    line,
    async end(signal = 'SIGINT') {
      child.kill(signal)
      await exit
      return { status: child.exitCode, stderr: await stderr }
    },
  }
}

/** A folder that is gone when the test is. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A command that is still running. */
export interface Command {
  /** Resolves with the next line of its standard output. */
  line(): Promise<string>
  kill(signal: NodeJS.Signals): void
  /** What it ended with; standard output without the lines read. */
  ended: Promise<Run>
}

/** Runs a command and lets go of it while it runs. */
export function begin(args: readonly string[]): Command {
  const child = launch(args, NO_HOME)
  onTestFinished(() => void child.kill('SIGKILL'))
  child.stdin.end()
  const [stderr, exit] = [text(child.stderr), ended(child)]
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const rest = async (): Promise<string> => {
    let stdout = ''
    for (let next = await lines.next(); next.done !== true; next = await lines.next()) stdout += `${next.value}\n`
    return stdout
  }
  return {
    line: async () => String((await lines.next()).value),
    kill: (signal) => void child.kill(signal),
    ended: exit.then(async () => ({ status: child.exitCode, stdout: await rest(), stderr: await stderr })),
  }
}

const launch = (args: readonly string[], home: string, env: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [BIN, ...args], { env: { ...environment(home), ...env } })

const ended = async (child: ChildProcessWithoutNullStreams): Promise<void> => {
  await once(child, 'close')
}
