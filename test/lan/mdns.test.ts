/** Finding each other by mDNS, inside a network namespace, so that nothing leaves the machine and nobody else answers. */
import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const isolated = ['-n', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"']
const available = process.platform === 'linux' && spawnSync('unshare', [...isolated, 'true']).status === 0
const why = available ? '' : ' (NOT RUN: needs Linux, root, unshare and ip)'

describe.skipIf(!available)(`mDNS${why}`, () => {
  test('two nodes that start in the same moment find each other within 5 s, and none of another network', async () => {
    const story = fileURLToPath(new URL('mdns-story.ts', import.meta.url))
    const output = await new Promise<string>((resolve) => {
      const args = [...isolated, process.execPath, story]
      execFile('unshare', args, { timeout: 30_000 }, (_, stdout, stderr) => resolve(stdout + stderr))
    })
    expect(output).toMatch(/^\{/)
    const told = JSON.parse(output) as { foundMs: number }
    expect(told).toMatchObject({ a: ['b'], b: ['a'], stranger: [] })
    expect(told.foundMs).toBeLessThan(5_000)
  }, 40_000)
})
