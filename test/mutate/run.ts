/**
 * `npm run mutate [-- --file NAME…] [--sample N] [--verbose]`: plants one small fault after another in the rules
 * (src/consensus) and runs their tests on each, the file's own first. A fault that no test notices is a survivor: it is
 * printed with its place and the change. Score at the end; exit status 1 if anything survived.
 *
 *   --file NAME    only mutants of this file (`ledger.ts`); may be given several times
 *   --sample N     only N mutants, spread evenly over the files
 *   --verbose      also what was killed, and the test that did it
 *
 * The project is copied into temporary folders, one for each of two testers, so the checkout may change meanwhile. Mutants
 * that no test can tell from the original are in equivalent.ts, each with its reason; they do not count.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { optionsOrExit } from '../support/options-or-exit.ts'
import { EQUIVALENT } from './equivalent.ts'
import { type Mutant, mutantsOf } from './mutants.ts'
import type { Answer, Message, Question } from './tester.ts'

const { values } = optionsOrExit({
  options: {
    file: { type: 'string', multiple: true },
    sample: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
})

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const RULES = 'src/consensus'
/** Where the tests of the rules are, quick ones and slow ones. */
const TEST_FOLDERS = ['test/consensus', 'test/property', 'test/chain/full-blocks']
const TESTERS = 2
/** A test file may take so many times what the slowest takes without a mutant, before the mutant counts as hanging. */
const PATIENCE = 4
/** What a test file takes besides its tests. */
const STARTUP_MS = 1_000
/** For each test file while nothing is known of them. */
const FIRST_PATIENCE_MS = 60_000

const isEquivalent = (mutant: Mutant): boolean =>
  EQUIVALENT.some(({ file, source, change }) => file === mutant.file && source === mutant.source && change === mutant.change)

/** A copy of the project to change, and the process that tests it. */
class Tester {
  readonly folder: string
  #child: ChildProcess | undefined

  constructor(folder: string) {
    this.folder = folder
    mkdirSync(folder)
    for (const name of ['src', 'test', 'package.json', 'vitest.config.ts']) {
      cpSync(join(PROJECT, name), join(folder, name), { recursive: true })
    }
    symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'))
  }

  /** Undefined if a test file takes too long; the process is ended then, and the next question makes another. */
  async ask(question: Question, timeoutMs: number): Promise<Answer | undefined> {
    this.#child ??= await this.#start()
    const child = this.#child
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>()
    const giveUp = (): void => resolve(undefined)
    let timer = setTimeout(giveUp, timeoutMs)
    child.on('message', (message: Message) => {
      clearTimeout(timer)
      if (message === 'alive') timer = setTimeout(giveUp, timeoutMs)
      else if (message !== 'ready') resolve(message)
    })
    child.once('exit', giveUp)
    child.send(question)
    const answer = await promise
    clearTimeout(timer)
    child.removeAllListeners('message').removeAllListeners('exit')
    if (answer === undefined) this.stop()
    return answer
  }

  stop(): void {
    this.#child?.kill('SIGKILL')
    this.#child = undefined
  }

  async #start(): Promise<ChildProcess> {
    const program = fileURLToPath(new URL('./tester.ts', import.meta.url))
    const child = fork(program, [this.folder], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    await once(child, 'message')
    return child
  }
}

/** So many items, evenly spread. */
const spread = <T>(items: T[], count: number): T[] =>
  items.filter((_, at) => Math.floor((at * count) / items.length) !== Math.floor(((at - 1) * count) / items.length))

const names = readdirSync(join(PROJECT, RULES)).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
const wanted = names.filter((name) => values.file === undefined || values.file.some((file) => basename(file) === name))
const sample = values.sample === undefined ? undefined : Number(values.sample)
if (wanted.length === 0 || (sample !== undefined && !(sample >= 1))) {
  console.error(`usage: npm run mutate [-- --file ${names.join('|')}] [--sample N] [--verbose]`)
  process.exit(2)
}

const root = mkdtempSync(join(tmpdir(), `cairn-mutate-${process.pid}-`))
const testers = Array.from({ length: TESTERS }, (_, at) => new Tester(join(root, String(at))))
process.on('exit', () => {
  for (const tester of testers) tester.stop()
  rmSync(root, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

const tests = TEST_FOLDERS.flatMap((folder) =>
  readdirSync(join(testers[0]!.folder, folder)).filter((name) => name.endsWith('.test.ts')).map((name) => join(folder, name)),
)
const sources = new Map(wanted.map((name) => [name, readFileSync(join(testers[0]!.folder, RULES, name), 'utf8')]))
const all = [...sources].flatMap(([name, source]) => mutantsOf(name, source))
const stale = EQUIVALENT.filter(({ file, source, change }) =>
  wanted.includes(file) && !all.some((mutant) => mutant.file === file && mutant.source === source && mutant.change === change))
const equivalent = all.filter(isEquivalent)
const judged = all.filter((mutant) => !isEquivalent(mutant))
const mutants = sample === undefined ? judged : spread(judged, sample)

/** Runs every test on the sources as they are, so that whatever fails later fails for the mutant. */
async function durationsOf(tester: Tester): Promise<Record<string, number>> {
  const answer = await tester.ask({ tests: tests.map((test) => join(tester.folder, test)) }, FIRST_PATIENCE_MS)
  if (answer !== undefined && answer.failed === undefined) return answer.durations
  console.error(`the tests fail without a mutant: ${answer?.failed ?? 'no answer in time'}`)
  return process.exit(1)
}
const durations = await durationsOf(testers[0]!)
const durationOf = (test: string): number => durations[join(testers[0]!.folder, test)] ?? 0
const quickFirst = tests.toSorted((a, b) => durationOf(a) - durationOf(b))
const timeoutMs = PATIENCE * (STARTUP_MS + Math.max(...Object.values(durations)))
console.log(`${mutants.length} mutants of ${all.length} in ${wanted.length} files, ${equivalent.length} known to be equivalent`)

const survivors: Mutant[] = []
let hung = 0
const queue = mutants.values()
async function work(tester: Tester): Promise<void> {
  for (const mutant of queue) {
    const { file, mutated, line, change } = mutant
    const original = sources.get(file)! // it is what the mutant was made of
    const own = join('test/consensus', file.replace('.ts', '.test.ts'))
    const ordered = quickFirst.toSorted((a, b) => Number(b === own) - Number(a === own))
    const path = join(tester.folder, RULES, file)
    const tests = ordered.map((test) => join(tester.folder, test))
    const answer = await tester.ask({ file: path, mutated, original, tests }, timeoutMs)
    const place = `${RULES}/${file}:${line}  ${change}`
    if (answer === undefined) {
      hung += 1
      writeFileSync(path, original)
    } else if (answer.failed === undefined) {
      survivors.push(mutant)
      console.log(`survives  ${place}`)
      continue
    }
    if (values.verbose) console.log(`killed    ${place}  by ${answer?.failed ?? 'hanging'}`)
  }
}
await Promise.all(testers.map(work))
// The testers still tell a mutant from the original: no kill was an accident of theirs.
for (const tester of testers) await durationsOf(tester)

const killed = mutants.length - survivors.length
const percent = ((100 * killed) / mutants.length).toFixed(1)
console.log(`killed ${killed} of ${mutants.length} (${percent} %), ${hung} of them by hanging`)
for (const { file, change } of stale) console.log(`${file} has no such mutant any more, take it out of equivalent.ts: ${change}`)
process.exit(survivors.length > 0 || stale.length > 0 ? 1 : 0)
