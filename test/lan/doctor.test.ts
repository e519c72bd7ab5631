/** `cairn doctor` on a LAN, inside a network namespace, so that nothing leaves the machine. The story: doctor-story.ts. */
import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'

/** A cable whose other end is there and nobody at it. */
const SETUP = `
  ip link set lo up && ip link add lan0 type veth peer name lan1 && ip link set lan1 up &&
  ip addr add 192.168.77.2/24 dev lan0 && ip link set lan0 up && exec "$0" "$@"`
const isolated = ['-n', 'sh', '-c', SETUP]
const available = process.platform === 'linux' && spawnSync('unshare', [...isolated, 'true']).status === 0
const why = available ? '' : ' (NOT RUN: needs Linux, root, unshare and ip)'

interface Chapter {
  chapter: string
  advice: string[]
  todo: string[]
  lines: string[]
}

describe.skipIf(!available)(`cairn doctor on a LAN${why}`, () => {
  let chapters: Chapter[]
  let output: string
  const chapter = (name: string): Chapter => {
    const found = chapters.find((each) => each.chapter === name)
    if (found === undefined) throw new Error(`no chapter "${name}" in: ${output}`)
    return found
  }

  beforeAll(async () => {
    const story = fileURLToPath(new URL('doctor-story.ts', import.meta.url))
    output = await new Promise<string>((resolve) => {
      execFile('unshare', [...isolated, process.execPath, story], { timeout: 170_000 }, (_, stdout, stderr) => resolve(stdout + stderr))
    })
    chapters = output.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Chapter)
  }, 180_000)

  test('where no node runs it looks at the machine, and says how to start one', () => {
    expect(chapter('no node')).toMatchObject({
      node: null, peers: [], nearby: {}, advice: ['no-node'],
      interfaces: { lan0: { kind: 'lan', multicast: true }, lo: { kind: 'loopback', multicast: true } },
      todo: [expect.stringMatching(/^cairn start --data .*none$/)],
    })
  })

  test('where nodes run on other folders, it says that the port is in use', () => {
    expect(chapter('beside other nodes')).toMatchObject({ node: null, advice: ['no-node', 'port-taken'] })
  })

  test('it names the networks nearby, and the one whose word was mistyped can be joined by its name', () => {
    const told = chapter('strangers')
    expect(told).toMatchObject({
      node: 'fox',
      peers: [{ source: 'configured', reached: 'discovered', code: 'peer-unreachable' }],
      nearby: {
        'class-101': { own: true, nodes: 0 },
        class101: { own: false, joinable: true, nodes: 1 },
        private: { own: false, joinable: false, nodes: 1 },
      },
      advice: ['peers-unreachable', 'other-network-nearby', 'private-network-nearby'],
    })
    expect(told.todo.join('\n')).toContain('cairn start --network class101')
    expect(told.todo.join('\n')).toContain('--network-key FILE')
  })

  test('a node with a key is told that the network of its name is not private', () => {
    expect(chapter('private')).toMatchObject({ node: 'elk', peers: [], nearby: { private: { own: true }, 'class-101': { own: false } } })
    expect(chapter('private').todo.join('\n')).toContain('start both with the same --network-key, or both without')
  })

  test('all is well where a peer is in sync, whoever else is nearby; and people read it', () => {
    expect(chapter('well')).toMatchObject({ peers: [{ name: 'fox', reached: 'in-sync' }], advice: ['all-well'] })
    const text = chapter('text').lines.join('\n')
    expect(text).toMatch(/^ {2}owl {2,}●{7} {2}in sync(; \d+ ms)?;/m) // who was asked first knows no round trip
    expect(text).toMatch(/^ {2}127\.0\.0\.1:9 {2,}●○{6} {2}nothing answers at/m)
    expect(text).toMatch(/^ {2}lan0 {2,}192\.168\.77\.2 {2,}LAN {2,}sent and heard$/m)
    expect(text).toContain('!  Nobody answers at /ip4/127.0.0.1/tcp/9, which --peer names.')
  })

  test('a machine without multicast, and one without a LAN, are told so', () => {
    expect(chapter('no multicast')).toMatchObject({ interfaces: { lan0: { multicast: false } } })
    expect(chapter('no multicast').advice).toEqual(['no-node', 'multicast-blocked'])
    expect(chapter('no multicast').todo.join('\n')).toContain('sudo ufw allow 5051')
    expect(chapter('no LAN').advice).toEqual(['no-node', 'no-lan'])
  })
})
