/**
 * How long the real command takes to serve, and to find a peer by mDNS, on the LAN of test/support/lan.ts, where another
 * host's node is up already. Every time is from the process's start. Run by ../lan.ts in namespaces of its own; prints
 * one line of JSON.
 */
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createLan, type Host } from '../../support/lan.ts'
import type { RealNode } from '../../support/real-node.ts'

/** In ms, one value a run. */
export interface StartTimes {
  serving: number[]
  firstPeer: number[]
  coldServing: number[]
  npmServing: number[]
  /** Of eight that start in the same moment: until the last of them. */
  eightServing: number[]
  eightFirstPeer: number[]
  eightThreePeers: number[]
}

const RUNS = 7
const COLD_RUNS = 3
const CROWD_RUNS = 3
const args = ['--network', `start-${Date.now()}`]
/** Where cairn.js keeps compiled code. */
const COMPILE_CACHE = fileURLToPath(new URL('../../../node_modules/.cache/cairn', import.meta.url))

const times: StartTimes = {
  serving: [], firstPeer: [], coldServing: [], npmServing: [], eightServing: [], eightFirstPeer: [], eightThreePeers: [],
}

await using lan = await createLan(8)
const [other, host] = lan.hosts
if (other === undefined || host === undefined) throw new Error('a LAN has hosts')

// The first start writes the compile cache, where there is none yet; it counts for nothing.
await (await other.start(args)).stop()
const up = await other.start(args)
for (let run = 0; run < RUNS; run++) {
  const { node, firstPeerMs } = await startAndFind(host)
  times.serving.push(node.startedInMs)
  times.firstPeer.push(firstPeerMs)
  await node.stop()
  forget(host)
}
for (let run = 0; run < RUNS; run++) {
  const node = await host.start(args, { npm: true })
  times.npmServing.push(node.startedInMs)
  await node.stop()
  forget(host)
}
for (let run = 0; run < COLD_RUNS; run++) {
  rmSync(COMPILE_CACHE, { recursive: true, force: true })
  const node = await host.start(args)
  times.coldServing.push(node.startedInMs)
  await node.stop()
  forget(host)
}
await up.stop()

for (let run = 0; run < CROWD_RUNS; run++) {
  for (const one of lan.hosts) forget(one)
  const began = performance.now()
  const nodes = await Promise.all(lan.hosts.map((one) => one.start(args)))
  times.eightServing.push(Math.max(...nodes.map(({ startedInMs }) => startedInMs)))
  const have = async (count: number): Promise<number> => {
    await Promise.all(nodes.map((node) => node.until(`it has ${count} peers`, ({ peers }) => peers >= count)))
    return performance.now() - began
  }
  const [firstPeer, threePeers] = await Promise.all([have(1), have(3)])
  times.eightFirstPeer.push(firstPeer)
  times.eightThreePeers.push(threePeers)
  await Promise.all(nodes.map((node) => node.kill()))
}
console.log(JSON.stringify(times))

/** The first peer may come before it serves, and cannot be asked for then: so the time is never too short. */
async function startAndFind(one: Host): Promise<{ node: RealNode; firstPeerMs: number }> {
  const began = performance.now()
  const node = await one.start(args)
  await node.until('it has a peer', ({ peers }) => peers >= 1)
  return { node, firstPeerMs: performance.now() - began }
}

/** Without its folder a host remembers no peer: it has mDNS alone. */
function forget({ data }: Host): void {
  rmSync(data, { recursive: true, force: true })
}
