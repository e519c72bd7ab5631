/** Measurements in a process of their own, so that one's memory, threads and caches are not another's. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * Runs a task of a file as `node --expose-gc FILE NAME JSON`.
 * @returns what it prints, as JSON
 */
export function runTask<T>(file: URL, name: string, options: object = {}): T {
  const args = ['--expose-gc', fileURLToPath(file), name, JSON.stringify(options)]
  const output = execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 24 })
  return JSON.parse(output) as T // what the task of that name prints
}
