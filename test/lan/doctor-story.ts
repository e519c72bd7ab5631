/**
 * What `cairn doctor` finds on a LAN: run inside a network namespace of its own by doctor.test.ts, which gives it an
 * interface `lan0`; the story takes multicast from the machine, and then the interface. Prints a line of JSON a chapter.
 *
 * Network class-101 has fox and owl; one of its own has wren, with a mistyped name; elk has the right name and a key.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Diagnosis } from '../../src/http/api.ts'
import { cairn, type RealNode, startNode } from '../support/real-node.ts'

const root = mkdtempSync(join(tmpdir(), 'cairn-doctor-'))
const MAX_EXAMINATIONS = 8
const running: RealNode[] = []
const start = async (name: string, network: string, ...args: string[]): Promise<RealNode> => {
  const node = await startNode({ data: join(root, name), args: ['--name', name, '--network', network, ...args] })
  running.push(node)
  return node
}
/** Asks until it holds, and gives the last answer in any case: on a busy machine a node may answer too late for one. */
const doctor = async (data: string, holds: (diagnosis: Diagnosis) => boolean = () => true): Promise<Diagnosis> => {
  for (let left = MAX_EXAMINATIONS; ; left--) {
    const { code, stdout, stderr } = await cairn('doctor', '--data', data, '--json')
    if (code !== 0) throw new Error(stderr)
    const diagnosis = JSON.parse(stdout) as Diagnosis
    if (left === 0 || holds(diagnosis)) return diagnosis
  }
}
/** Whether each of so many networks is known with a node. */
const knows = (networks: number) => ({ nearby }: Diagnosis): boolean =>
  nearby.filter(({ name, private: locked, own, nodes }) => (name !== null || locked) && (own || nodes.some(({ peerId }) => peerId !== null))).length === networks
const tell = (chapter: string, { node, peers, interfaces, mdnsProblem, nearby, advice }: Diagnosis): void =>
  console.log(JSON.stringify({
    chapter,
    node: node?.name ?? null,
    peers: peers.map(({ name, source, reached, stopped }) => ({ name, source, reached, code: stopped?.code ?? null })),
    interfaces: Object.fromEntries(interfaces.map(({ name, kind, multicast }) => [name, { kind, multicast }])),
    mdnsProblem,
    nearby: Object.fromEntries(nearby.map(({ name, private: locked, own, joinable, nodes }) => [
      locked ? 'private' : name, { own, joinable, nodes: nodes.filter(({ peerId }) => peerId !== null).length },
    ])),
    advice: advice.map(({ code }) => code),
    todo: advice.flatMap(({ todo }) => todo),
  }))

try {
  tell('no node', await doctor(join(root, 'none')))
  const fox = await start('fox', 'class-101', '--peer', '/ip4/127.0.0.1/tcp/9')
  await start('wren', 'class101')
  const { code, stderr } = await cairn('network', 'key', join(root, 'club.key'))
  if (code !== 0) throw new Error(stderr)
  const elk = await start('elk', 'class-101', '--network-key', join(root, 'club.key'))
  tell('strangers', await doctor(fox.data, knows(3)))
  tell('private', await doctor(elk.data, knows(3)))
  tell('beside other nodes', await doctor(join(root, 'none')))

  const owl = await start('owl', 'class-101')
  await Promise.all([fox, owl].map((node) => node.until('it has a peer', ({ peers }) => peers === 1)))
  await fox.client.mineBlocks(1)
  const { tip } = await fox.client.status()
  await owl.until('it has the block', (status) => status.tip === tip)
  tell('well', await doctor(owl.data, ({ advice }) => advice[0]?.code === 'all-well'))
  const { stdout } = await cairn('doctor', '--data', fox.data)
  console.log(JSON.stringify({ chapter: 'text', lines: stdout.split('\n') }))

  // Nobody may join a group any more, as where a machine has no multicast.
  await Promise.all(running.splice(0).map((node) => node.stop()))
  writeFileSync('/proc/sys/net/ipv4/igmp_max_memberships', '0')
  tell('no multicast', await doctor(join(root, 'none')))
  execFileSync('ip', ['link', 'set', 'lan0', 'down'])
  tell('no LAN', await doctor(join(root, 'none')))
} finally {
  await Promise.all(running.map((node) => node.kill()))
  rmSync(root, { recursive: true, force: true })
}
