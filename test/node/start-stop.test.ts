/** Starts and stops that meet: whatever was asked for last is how the node is in the end, with nothing left of before. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createNode, type Node } from '../../src/node/node.ts'

let folder: string
const nodes: Node[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-start-stop-'))
})
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.stop()))
  rmSync(folder, { recursive: true })
})

/** Nodes on the same folder, at the same address. */
function create(): Node {
  const node = createNode({ network: 'local', transport: 'memory', mdns: false, dataDir: folder, listen: ['/memory/start-stop'] })
  nodes.push(node)
  return node
}

test('a stop while a start is under way: the node is stopped, and its folder and address are free', async () => {
  const node = create()
  const started = node.start()
  await node.stop()
  await started
  expect(node.running).toBe(false)
  const other = create()
  await other.start()
  expect(other.network.addresses[0]).toMatch(/^\/memory\/start-stop\b/)
})

test('a second start resolves when the node runs, and a second stop when it does not', async () => {
  const node = create()
  const first = node.start()
  await node.start()
  expect(node.running).toBe(true)
  await first
  const stopped = node.stop()
  await node.stop()
  expect(node.running).toBe(false)
  await stopped
})

test('a start that was asked for while it stops begins when it has stopped', async () => {
  const node = create()
  await node.start()
  await node.mine(1)
  const stopped = node.stop()
  await node.start()
  await stopped
  expect(node.chain.tip.height).toBe(1)
})

test('a start that fails is told to whoever asked for it, and stands in nobody’s way', async () => {
  const [one, two] = [create(), create()]
  await one.start()
  const failed = two.start()
  const stopped = two.stop()
  await expect(failed).rejects.toMatchObject({ code: 'data-folder-in-use' })
  await stopped
  await one.stop()
  await two.start()
  expect(two.running).toBe(true)
})
