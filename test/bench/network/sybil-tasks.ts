/**
 * What is measured in a process of its own:
 *
 *   node sybil-tasks.ts attack JSON        prints one line of JSON
 *
 * A node with its default limits, eight honest ones that know it and one another, and 200 peers of one machine that
 * connect to it again and again. All over TCP; the Sybils have an IP address of their own (127.0.0.2: Linux).
 */
import { generateKeyPair } from '@libp2p/crypto/keys'
import { type BlockBuilder, createBlockBuilder } from '../../support/blocks.ts'
import { memoryPath } from '../../support/chain.ts'
import { createWorld, type NodeOptions, type TestNode, type World } from '../../support/network-node.ts'
import { createSybils } from '../../support/sybils.ts'

const HONEST = 8
const SYBILS = 200
const TCP: NodeOptions = { transport: 'tcp', listen: ['/ip4/127.0.0.1/tcp/0'] }
/** How long the attack goes on before the honest links are counted. */
const SIEGE_MS = 5_000

export interface Attack {
  /** Honest peers of the victim after the siege. */
  honestLinks: number
  /** Peers in all. */
  links: number
  /** From an honest node's new block to the victim's tip, ms. */
  followedMs: number
  /** To the honest tip: from the first honest node's start, or after a restart from the victim's, ms. */
  caughtUpMs: number
}

const isHonest = ({ name }: { name: string | null }): boolean => name?.startsWith('honest') === true

async function startHonest(world: World, victim: string): Promise<TestNode[]> {
  const nodes: TestNode[] = []
  for (let n = 0; n < HONEST; n++) {
    const peers = [victim, ...nodes.slice(-3).map(({ address }) => address)]
    nodes.push(await world.node(`honest ${n}`, { ...TCP, peers }))
  }
  return nodes
}

/** @param first who is there first; `restart`: the victim knew the honest ones before, and comes back among Sybils */
async function attack({ first }: { first: 'honest' | 'sybils' | 'restart' }): Promise<Attack> {
  const blocks: BlockBuilder = createBlockBuilder()
  blocks.blocks('a', 'genesis', 30)
  const world = createWorld(blocks)
  const sybils = await createSybils(blocks, SYBILS, 'tcp')
  const own: NodeOptions = { ...TCP, path: memoryPath(), privateKey: await generateKeyPair('Ed25519') }
  await world.node('keeps the file in memory', own.path === undefined ? {} : { path: own.path })

  let victim = await world.node('victim', own)
  let nodes: TestNode[] = []
  const meet = async (): Promise<void> => {
    nodes = await startHonest(world, victim.address)
    for (const [n, node] of nodes.entries()) {
      if (n > 0) await node.at(`a${n}`)
      await node.mined(`a${n + 1}`)
    }
    await victim.at(`a${HONEST}`)
  }
  if (first === 'sybils') await sybils.attack(victim.address)
  let began = performance.now()
  await meet()
  let caughtUpMs = performance.now() - began
  if (first === 'honest') await sybils.attack(victim.address)
  if (first === 'restart') {
    await victim.stop()
    await nodes[0]!.mined(`a${HONEST + 1}`)
    began = performance.now()
    victim = await world.node('victim', own)
    const attacked = sybils.attack(victim.address)
    await victim.at(`a${HONEST + 1}`)
    caughtUpMs = performance.now() - began
    await attacked
  }
  await new Promise((resolve) => setTimeout(resolve, SIEGE_MS))
  const peers = victim.network.peers()
  const last = nodes.at(-1)! // there are eight
  await last.at(first === 'restart' ? `a${HONEST + 1}` : `a${HONEST}`)
  const mined = performance.now()
  await last.mined(`a${HONEST + 2}`)
  await victim.at(`a${HONEST + 2}`)
  const followedMs = performance.now() - mined
  return { honestLinks: peers.filter(isHonest).length, links: peers.length, followedMs, caughtUpMs }
}

const TASKS: Record<string, (options: never) => Promise<unknown>> = { attack }

const [name = '', options = '{}'] = process.argv.slice(2)
const task = TASKS[name]
if (task === undefined) throw new Error(`usage: sybil-tasks.ts ${Object.keys(TASKS).join('|')} JSON`)
console.log(JSON.stringify(await task(JSON.parse(options) as never))) // what sybil.ts gives
process.exit(0)
