import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // For two cores: of three files with real nodes, browsers or LANs one mostly waits for something else than a processor.
    maxWorkers: 3,
    // A process runs many files, so that each does not load the whole node anew: `npm test -- --isolate` takes a seventh longer.
    isolate: false,
    // What a test put in the place of something is gone before the next one.
    restoreMocks: true,
    unstubGlobals: true,
    testTimeout: 120_000, // only ends what hangs: several suites at once may run on the same cores
    hookTimeout: 120_000,
    // One second is what a busy machine takes to look twice.
    expect: { poll: { timeout: 20_000 } },
    // In CI the counts are read from the file by .ci/run.
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'artefacts/tests.json' }]] : ['default'],
  },
})
