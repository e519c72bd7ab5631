/** That this V8 knows the flag and does what we ask it for: nothing else would show it but a figure of memory. */
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const MODULE = new URL('../../src/cli/young-generation.ts', import.meta.url).href

/** MB of the young generation in a process that has made 200 MB of objects, a quarter of which live a while. */
function youngGenerationMb(prepare: string): number {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8'
    ${prepare}
    const live = []
    for (let at = 0; at < 2_000_000; at++) live[(at * 7) % 500_000] = { at, text: [at, at] }
    console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size)`
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })) / 1e6
}

test('the young generation stays small where it is asked to, and grows where not', () => {
  const small = youngGenerationMb(`(await import('${MODULE}')).keepYoungGenerationSmall()`)
  expect(small).toBeLessThan(20)
  expect(youngGenerationMb('')).toBeGreaterThan(small)
})
