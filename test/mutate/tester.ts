/**
 * Runs the tests on one mutant after another, in a copy of the project; started by run.ts, which ends it when a mutant
 * makes it hang. Vitest stays up between mutants, so that each costs little more than the tests that it takes.
 *
 * Asked with a mutant and test files in their order, it answers with the first test that failed.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BaseSequencer, createVitest, type TestModule, type TestSpecification } from 'vitest/node'

export interface Question {
  /** The file to change, in the copy; undefined to run everything on the sources as they are. */
  file?: string
  mutated?: string
  /** What to put back afterwards. */
  original?: string
  /** Test files in the copy, in the order in which to run them. */
  tests: string[]
}

export interface Answer {
  /** The test that failed first, or the error outside of tests; undefined if all passed. */
  failed: string | undefined
  /** How long each test file took, ms. */
  durations: Record<string, number>
}

/** What the process tells: that it takes questions, that a test file is done, and the answer. */
export type Message = 'ready' | 'alive' | Answer

const folder = process.argv[2]
if (folder === undefined || process.send === undefined) throw new Error('tester.ts is started by run.ts')

let order: string[] = []
class GivenOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.sort((a, b) => order.indexOf(a.moduleId) - order.indexOf(b.moduleId))
  }
}

const vitest = await createVitest('test', {
  root: folder,
  config: join(folder, 'vitest.config.ts'),
  watch: false,
  bail: 1,
  pool: 'threads',
  isolate: false,
  fileParallelism: false,
  maxWorkers: 1,
  // A sign of life after each test file, so that one that hangs is known soon.
  reporters: [{ onTestModuleEnd: () => void process.send?.('alive' satisfies Message) }],
  sequence: { sequencer: GivenOrder },
})
const known = await vitest.globTestSpecifications()

async function answer({ file, mutated, original, tests }: Question): Promise<Answer> {
  order = tests
  if (file !== undefined && mutated !== undefined) change(file, mutated)
  try {
    const wanted = known.filter(({ moduleId }) => tests.includes(moduleId))
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(wanted)
    const durations = Object.fromEntries(testModules.map((module) => [module.moduleId, module.diagnostic().duration]))
    const failed = testModules.map(firstFailure).find((failure) => failure !== undefined)
    const outside = unhandledErrors.map((error) => `an error outside of tests: ${String(error)}`)[0]
    return { failed: failed ?? outside, durations }
  } finally {
    if (file !== undefined && original !== undefined) change(file, original)
    vitest.state.clearErrors()
  }
}

function change(file: string, source: string): void {
  writeFileSync(file, source)
  vitest.invalidateFile(file)
}

function firstFailure(module: TestModule): string | undefined {
  for (const test of module.children.allTests('failed')) return test.fullName
  const [error] = module.errors()
  return error && `${module.relativeModuleId}: ${error.message}`
}

process.on('message', (question: Question) => {
  void answer(question).then((told) => process.send?.(told))
})
process.on('disconnect', () => process.exit())
process.send('ready' satisfies Message)
