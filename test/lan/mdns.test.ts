/** Finding each other by mDNS, inside a network namespace, so that nothing leaves the machine and nobody else answers. */
import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const isolated = ['-n', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"']
const available = process.platform === 'linux' && spawnSync('unshare', [...isolated, 'true']).status === 0
const why = available ? '' : ' (NOT RUN: needs Linux, root, unshare and ip)'

/** Runs a story in a network namespace: what it prints. */
const tell = (story: string): Promise<string> =>
  new Promise((resolve) => {
    const args = [...isolated, process.execPath, fileURLToPath(new URL(story, import.meta.url))]
    execFile('unshare', args, { timeout: 60_000 }, (_, stdout, stderr) => resolve(stdout + stderr))
  })

describe.skipIf(!available)(`mDNS${why}`, () => {
  test('two nodes that start in the same moment find each other, and none of another network', async () => {
    const output = await tell('mdns-story.ts')
    expect(output).toMatch(/^\{/)
    expect(JSON.parse(output)).toMatchObject({ a: ['b'], b: ['a'], stranger: [] })
  })

  test('on every interface, whatever the default route, and on one that is plugged in later', async () => {
    expect(await tell('interfaces-story.ts')).toMatch(/^\{"foundMs":\d+,"pluggedMs":\d+\}/)
  })
})
