/**
 * The package as somebody else has it: packed from a copy of this checkout, installed into an empty project, and run there
 * by a Node of choice. Nothing of this checkout is reachable from it: neither its modules nor its programs.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** What a clone does not have. */
const NOT_CLONED = ['node_modules', 'dist', 'artefacts', '.git', '.vitest']
/** From npm's cache where it is there, from the registry where not. */
const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund']
/** What a step may take, ms: a busy machine with a slow line. */
const LIMIT_MS = 240_000

export interface Run {
  status: number
  stdout: string
  stderr: string
}

/** What npm, this project and its test runner add to the environment of what they run. */
const ADDED = /^(npm_(package|lifecycle|command|config_local_prefix)|CAIRN|NODE_|VITE|FORCE_COLOR)/

/** Surroundings without this project: as a shell has them, whoever started the tests. */
function environment(node: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !ADDED.test(name))
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  return { ...Object.fromEntries(kept), PATH: [dirname(node), ...path].join(delimiter) }
}

async function execute(command: string, args: readonly string[], cwd: string, node = process.execPath): Promise<Run> {
  try {
    const options = { cwd, env: environment(node), timeout: LIMIT_MS, maxBuffer: 16_777_216 }
    return { status: 0, ...(await promisify(execFile)(command, args, options)) }
  } catch (error) {
    // What execFile rejects with where a command fails.
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string }
    if (typeof code !== 'number') throw error
    return { status: code, stdout, stderr }
  }
}

async function succeed(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { status, stdout, stderr } = await execute(command, args, cwd)
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`)
  return stdout
}

/** A folder that `remove` removes. */
export const makeFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'cairn-package-'))
export const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true })

/**
 * `npm pack` in a copy of this checkout, as after a clone and `npm install`.
 * @returns the packed file, inside `folder`
 */
export async function pack(folder: string): Promise<string> {
  const clone = join(folder, 'clone')
  await cp(ROOT, clone, { recursive: true, filter: (path) => !NOT_CLONED.includes(basename(path)) })
  await symlink(join(ROOT, 'node_modules'), join(clone, 'node_modules'))
  await succeed('npm', ['pack', '--pack-destination', folder], clone)
  const packed = (await readdir(folder)).find((name) => name.endsWith('.tgz'))
  if (packed === undefined) throw new Error('npm pack made no package')
  return join(folder, packed)
}

/** A project that has the package and whatever else is named. No script of any package runs in it: nothing is compiled. */
export async function install(folder: string, packed: string, ...others: string[]): Promise<Project> {
  const project = join(folder, 'project')
  await mkdir(project)
  await writeFile(join(project, 'package.json'), '{ "name": "a-project", "private": true, "type": "module" }\n')
  await succeed('npm', [...INSTALL, '--ignore-scripts', packed, ...others], project)
  return new Project(project)
}

/** The newest Node of a major version, from the registry. */
export async function installNode(folder: string, major: number): Promise<string> {
  const project = join(folder, `node-${major}`)
  await mkdir(project)
  await writeFile(join(project, 'package.json'), '{ "private": true, "allowScripts": { "node": true } }\n')
  await succeed('npm', [...INSTALL, `node@${major}`], project)
  return join(project, 'node_modules/node/bin/node')
}

export class Project {
  readonly folder: string
  readonly #running = new Set<ChildProcess>()

  constructor(folder: string) {
    this.folder = folder
  }

  write(name: string, content: string): Promise<void> {
    return writeFile(join(this.folder, name), content)
  }

  /** Runs `node ARGS` in the project. */
  node(node: string, ...args: string[]): Promise<Run> {
    return execute(node, args, this.folder, node)
  }

  /** Runs `npx cairn ARGS` in the project. */
  cairn(node: string, ...args: string[]): Promise<Run> {
    return execute('npx', ['cairn', ...args], this.folder, node)
  }

  /**
   * Starts `cairn start ARGS`, by its own file and not by npx, which would stand between it and a signal.
   * @returns what it prints when it serves, and how to end it: `end` gives what was on standard error
   */
  async start(node: string, ...args: string[]): Promise<{ ready: { http: string }; end(): Promise<string> }> {
    const program = join(this.folder, 'node_modules/.bin/cairn')
    const child = spawn(program, ['start', '--json', ...args], { cwd: this.folder, env: environment(node) })
    this.#running.add(child)
    const closed = once(child, 'close').finally(() => this.#running.delete(child))
    const stderr = text(child.stderr)
    for await (const line of createInterface({ input: child.stdout })) {
      child.stdout.resume()
      return {
        ready: JSON.parse(line) as { http: string }, // the first line, as the README says
        async end() {
          child.kill('SIGINT')
          await closed
          return stderr
        },
      }
    }
    throw new Error(`the node ended before it served: ${await stderr}`)
  }

  /** Ends what a test left running. */
  stop(): void {
    for (const child of this.#running) child.kill('SIGKILL')
  }
}
