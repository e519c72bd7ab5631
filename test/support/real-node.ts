/**
 * A node as its users run it: the real command in a process of its own, with a data folder of its own.
 * Waiting is by the node's event stream; nothing is asked again and again.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { DataFolder } from '../../src/node/data-folder.ts'
import type { Status } from '../../src/http/api.ts'
import { type Client, createClient } from '../../src/http/client.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const COMMAND = fileURLToPath(new URL('../../src/cli/cairn.js', import.meta.url))

/** The line that `cairn start --json` prints when it serves. */
export interface Ready {
  event: 'ready'
  http: string
  peerId: string
  addresses: string[]
  account: string
  network: string
  genesis: string
}

export interface RealNode {
  readonly ready: Ready
  /** From the process's start to its ready line, ms. */
  readonly startedInMs: number
  readonly data: string
  readonly client: Client
  /** Whether the node's status comes to satisfy a condition, by its events; rejects after a limit with the last status. */
  until(what: string, holds: (status: Status) => boolean | Promise<boolean>): Promise<Status>
  /** All that it wrote on standard error. */
  log(): string
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>
  /** kill −9. */
  kill(): Promise<void>
}

/** No wait in a story takes longer on a busy machine; one that does has failed. */
const LIMIT_MS = 30_000

export interface StartOptions {
  data: string
  args: string[]
  /** Start by `npm start --`, as a newcomer does, instead of by the command itself. */
  npm?: boolean
  /** HOST:PORT of its HTTP interface. @default 127.0.0.1 and any free port */
  http?: string
  /** A command that runs the command after it elsewhere: in another network namespace. @default here */
  within?: string[]
}

/** Starts a node and resolves when it printed its ready line. Rejects with its standard error if it ends before. */
export async function startNode({ data, args, npm = false, http = '127.0.0.1:0', within = [] }: StartOptions): Promise<RealNode> {
  const began = performance.now()
  const program = npm ? ['npm', 'start', '--'] : [process.execPath, COMMAND, 'start']
  const [command = '', ...rest] = [...within, ...program, '--data', data, '--http', http, '--json', ...args]
  const process_ = spawn(command, rest, { cwd: ROOT, detached: true })
  let log = ''
  process_.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const ready = await readyLine(process_, () => log)
  const startedInMs = performance.now() - began
  const token = DataFolder.read(data)?.token
  const client = createClient({ url: ready.http, token })
  // npm runs the node in a process of its own; the folder names it.
  const pid = DataFolder.read(data)?.pid ?? process_.pid ?? 0
  return {
    ready,
    startedInMs,
    data,
    client,
    until: (what, holds) =>
      until(client, what, holds).catch((error: unknown) => {
        const { exitCode, signalCode } = process_
        if (exitCode === null && signalCode === null) throw error
        throw new Error(`the node ended (${exitCode ?? signalCode}) before ${what}: ${log.slice(-2_000)}`, { cause: error })
      }),
    log: () => log,
    stop: () => end(process_, pid, 'SIGINT'),
    kill: async () => void (await end(process_, pid, 'SIGKILL')),
  }
}

async function readyLine(process_: ChildProcess, log: () => string): Promise<Ready> {
  const lines = createInterface({ input: process_.stdout! }) // spawned with pipes
  for await (const line of lines) {
    if (line.startsWith('{')) {
      process_.stdout!.resume()
      return JSON.parse(line) as Ready
    }
  }
  throw new Error(`the node ended before it was ready: ${log()}`)
}

async function end(process_: ChildProcess, pid: number, signal: NodeJS.Signals): Promise<number | null> {
  if (process_.exitCode !== null || process_.signalCode !== null) return process_.exitCode
  const limit = AbortSignal.timeout(LIMIT_MS)
  const exited = once(process_, 'exit', { signal: limit }) as Promise<[number | null]>
  process.kill(pid, signal)
  try {
    const [code] = await exited
    return code
  } catch (error) {
    throw limit.aborted ? new Error(`the node did not end within ${LIMIT_MS} ms of ${signal}`, { cause: error }) : error
  }
}

async function until(client: Client, what: string, holds: (status: Status) => boolean | Promise<boolean>): Promise<Status> {
  const limit = AbortSignal.timeout(LIMIT_MS)
  const done = new AbortController()
  const signal = AbortSignal.any([limit, done.signal])
  const open = Promise.withResolvers<void>()
  const events = client.events({ signal, onOpen: open.resolve })
  let next = events.next()
  next.catch(open.reject)
  let status: Status | undefined
  try {
    // Listen first, look second: whatever changes after the look is an event.
    await open.promise
    for (;;) {
      status = await client.status()
      if (await holds(status)) return status
      await next
      next = events.next()
      next.catch(() => {}) // where it is not awaited, because a look was enough
    }
  } catch (error) {
    if (limit.aborted) throw new Error(`waited ${LIMIT_MS} ms until ${what}; the node says ${JSON.stringify(status)}`, { cause: error })
    throw error
  } finally {
    done.abort()
  }
}

/** Runs `cairn ARGS` as a user does. */
export async function cairn(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}
