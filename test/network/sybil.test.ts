/**
 * One machine plays many peers against a node, and honest ones must not be crowded out. Sixty on a node with room for 48
 * of which others may take 32; two hundred on a node as people run it: test/bench/network/sybil.ts.
 */
import { generateKeyPair } from '@libp2p/crypto/keys'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type BlockBuilder, createBlockBuilder } from '../support/blocks.ts'
import { memoryPath } from '../support/chain.ts'
import { createWorld, type NodeOptions, type TestNode, type World } from '../support/network-node.ts'
import { createSybils, type Sybils } from '../support/sybils.ts'

let blocks: BlockBuilder
let world: World
let sybils: Sybils
beforeEach(async () => {
  blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 12)
  world = createWorld(blocks)
})
afterEach(async () => {
  await world.end()
  await sybils.stop()
})

const NAMES = ['ash', 'birch', 'cedar', 'dogwood']
const honestOf = (node: TestNode): string[] => node.network.peers().flatMap(({ name }) => (name !== null && NAMES.includes(name) ? [name] : []))
/** Four that know one another and the victim. */
async function honest(victim: string, options: NodeOptions = {}): Promise<TestNode[]> {
  const nodes: TestNode[] = []
  for (const name of NAMES) {
    nodes.push(await world.node(name, { ...options, peers: [victim, ...nodes.map(({ address }) => address)] }))
  }
  return nodes
}
/** Each mines a block in turn, so that each is somebody who brings blocks. */
async function mineInTurn(nodes: TestNode[], victim: TestNode, from: number): Promise<void> {
  for (const [n, node] of nodes.entries()) {
    await node.at(`a${from + n - 1}`)
    await node.mined(`a${from + n}`)
    await victim.at(`a${from + n}`)
  }
}

test('whoever brought blocks keeps its place when the Sybils come', async () => {
  sybils = await createSybils(blocks, 60)
  const victim = await world.node('victim', { maxPeers: 48 })
  const nodes = await honest(victim.address)
  await victim.until('four honest peers', () => honestOf(victim).length === 4)
  await nodes[0]!.mined('a1')
  await victim.at('a1')
  await mineInTurn(nodes.slice(1), victim, 2)
  await sybils.attack(victim.address)
  await victim.logged('peer-evicted')
  expect(honestOf(victim).length).toBeGreaterThanOrEqual(3)
  await nodes[3]!.mined('a5')
  await victim.at('a5')
})

// Their one machine has one address, which in this process only Linux can play.
const linux = process.platform === 'linux'
test.skipIf(!linux)(`where the Sybils were first, honest ones get in, stay, and are followed${linux ? '' : ' (NOT RUN: needs Linux)'}`, async () => {
  const tcp: NodeOptions = { transport: 'tcp', listen: ['/ip4/127.0.0.1/tcp/0'] }
  sybils = await createSybils(blocks, 60, 'tcp')
  const victim = await world.node('victim', { ...tcp, maxPeers: 48 })
  await sybils.attack(victim.address)
  const nodes = await honest(victim.address, tcp)
  await victim.until('three honest peers', () => honestOf(victim).length >= 3)
  expect(String((await victim.logged('peer-evicted')).address)).toMatch('/ip4/127.0.0.2/')
  await nodes[0]!.mined('a3')
  await victim.at('a3')
  await mineInTurn(nodes.slice(1), victim, 4)
  expect(honestOf(victim).length).toBeGreaterThanOrEqual(3)
})

test('after a restart whoever brought blocks is dialled first, whatever came meanwhile', async () => {
  sybils = await createSybils(blocks, 60)
  const [path, privateKey] = [memoryPath(), await generateKeyPair('Ed25519')]
  const keeps = await world.node('keeps', { path }) // an in-memory file lives as long as somebody has it open
  const before = await world.node('victim', { path, privateKey })
  const nodes = await honest(before.address)
  await before.until('four honest peers', () => honestOf(before).length === 4)
  await nodes[0]!.mined('a1')
  await before.at('a1')
  await mineInTurn(nodes.slice(1), before, 2)
  await before.until('it is written who brought a block', () => before.store.peers.load().some(({ lastBlock }) => lastBlock > 0))
  await before.stop()
  const victim = await world.node('victim again', { path, privateKey, maxPeers: 48 })
  await sybils.attack(victim.address)
  await victim.until('three honest peers', () => honestOf(victim).length >= 3)
  await nodes[0]!.mined('a5')
  await victim.at('a5')
  expect(keeps.network.peers()).toBeDefined()
})
