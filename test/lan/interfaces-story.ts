/**
 * A machine with two cables and a default route that leads to neither, and a neighbour at the end of each. Run inside a
 * network namespace of its own by mdns.test.ts; the neighbours have one each, held by a process that waits.
 *
 *   west ── cable ── middle ── cable ── east        east's cable is plugged in only when everybody has started
 *
 * Prints a line of JSON: whom each found.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const NODE = fileURLToPath(new URL('one-node.ts', import.meta.url))
const network = `interfaces-${process.pid}`
const children: ChildProcess[] = []
const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] })
const at = (pid: number, ...args: string[]): void => void execFileSync('nsenter', ['-t', String(pid), '-n', 'ip', ...args])

/** A machine of its own: the process that holds its network namespace. */
async function machine(): Promise<number> {
  const child = spawn('unshare', ['-n', 'sh', '-c', 'echo here && exec sleep 120'], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  for await (const _line of createInterface(child.stdout)) break
  return child.pid!
}

/** Starts a node; `met(name)` resolves when it has that peer. */
async function start(name: string, pid?: number): Promise<(peer: string) => Promise<void>> {
  const args = [NODE, name, network]
  const child = pid === undefined
    ? spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    : spawn('nsenter', ['-t', String(pid), '-n', process.execPath, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const said = new Set<string>()
  const waiting = new Map<string, () => void>()
  createInterface(child.stdout).on('line', (line) => {
    said.add(line)
    waiting.get(line)?.()
  })
  const heard = (line: string): Promise<void> => new Promise((resolve) => {
    waiting.set(line, resolve)
    if (said.has(line)) resolve()
  })
  await heard('ready')
  return (peer) => heard(`peer ${peer}`)
}

try {
  const [west, east] = [await machine(), await machine()]
  // The default route is a VPN's that goes nowhere.
  ip('link', 'add', 'vpn0', 'type', 'veth', 'peer', 'name', 'vpn1')
  ip('addr', 'add', '10.99.0.1/24', 'dev', 'vpn0')
  ip('link', 'set', 'vpn0', 'up')
  ip('link', 'set', 'vpn1', 'up')
  ip('route', 'add', 'default', 'via', '10.99.0.2')
  const cables: [string, number, number][] = [['w', west, 1], ['e', east, 2]]
  for (const [cable, pid, net] of cables) {
    ip('link', 'add', `${cable}0`, 'type', 'veth', 'peer', 'name', `${cable}1`)
    ip('link', 'set', `${cable}1`, 'netns', String(pid))
    ip('addr', 'add', `10.1.${net}.1/24`, 'dev', `${cable}0`)
    at(pid, 'link', 'set', 'lo', 'up')
    at(pid, 'addr', 'add', `10.1.${net}.2/24`, 'dev', `${cable}1`)
  }
  const plug = (cable: string, pid: number): void => {
    ip('link', 'set', `${cable}0`, 'up')
    at(pid, 'link', 'set', `${cable}1`, 'up')
  }
  plug('w', west)
  const [atMiddle, atWest, atEast] = await Promise.all([start('middle'), start('west', west), start('east', east)])
  const began = performance.now()
  await Promise.all([atMiddle('west'), atWest('middle')])
  const foundMs = performance.now() - began
  plug('e', east)
  const plugged = performance.now()
  await Promise.all([atMiddle('east'), atEast('middle')])
  console.log(JSON.stringify({ foundMs: Math.round(foundMs), pluggedMs: Math.round(performance.now() - plugged) }))
} finally {
  for (const child of children) child.kill('SIGKILL')
}
process.exit(0)
