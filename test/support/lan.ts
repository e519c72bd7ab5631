/**
 * A LAN: hosts in network namespaces, each with one cable to a switch, and the real command running on them.
 *
 *   host1 eth0 10.77.0.1 ── port1 ┐
 *   host2 eth0 10.77.0.2 ── port2 ├ lan (bridge)      lan2 (bridge): where `split` puts the ports of one half
 *   …                             ┘
 *
 * It exists inside `inNamespaces` only: network, mounts and processes of its own, so that nothing leaves the machine,
 * and nothing is left on it however the story ends. A cable is a pair of veth, or a bad one: lan-cable.py.
 *
 * @example
 *   await using lan = await createLan(8)
 *   const nodes = await Promise.all(lan.hosts.map((host) => host.start(['--network', 'class-101'])))
 *   lan.unplug([0]); lan.plug([0])
 */
import { execFileSync, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RealNode, startNode } from './real-node.ts'

/** Of each node's HTTP interface, on loopback: every host has a loopback of its own. */
const HTTP_PORT = 5050

export interface Host {
  /** `host1` and so on. */
  readonly name: string
  /** On the LAN. */
  readonly address: string
  /** Where its node keeps what it keeps. */
  readonly data: string
  /** Starts the real command here; resolves when it serves. One at a time. */
  start(args: string[], options?: { npm?: boolean }): Promise<RealNode>
  /** Takes the interface up or down, as a machine that wakes or sleeps does. */
  link(state: 'up' | 'down'): void
}

/** What is wrong with a cable. */
export interface BadCable {
  /** @default 0 */
  delayMs?: number
  /** How much more or less than the delay. @default 0 */
  jitterMs?: number
  /** @default 0 */
  lossPercent?: number
  /** Whether it carries multicast. @default true */
  multicast?: boolean
}

export interface Lan extends AsyncDisposable {
  readonly hosts: readonly Host[]
  /** Pulls the cables of hosts, by their place in `hosts`. */
  unplug(places: readonly number[]): void
  plug(places: readonly number[]): void
  /** Pulls the cable between two switches: these hosts see each other only, and the others each other only. */
  split(places: readonly number[]): void
  join(): void
}

/** What a shell does first in the new namespaces: names of namespaces are files in /run/netns. */
const PREPARE = 'mount -t tmpfs tmpfs /run && mkdir /run/netns && ip link set lo up && exec "$0" "$@"'
/** Arguments of `unshare`, to be followed by a command. If it is killed, so is all that the command started. */
export const inNamespaces: readonly string[] = [
  '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', PREPARE,
]

/** What is missing here for a LAN; undefined where it can be made. */
export function missingForLan(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux'
  const attempt = 'ip netns add host && ip link add name lan type bridge && ip link add port type veth peer name eth0 netns host'
  const { status } = spawnSync('unshare', [...inNamespaces, 'sh', '-c', attempt])
  return status === 0 ? undefined : 'needs Linux, root, unshare, nsenter and ip, and a kernel with bridges and veth'
}

/** What is missing here for a bad cable; undefined where it can be made. */
export function missingForBadCable(): string | undefined {
  try {
    accessSync('/dev/net/tun')
  } catch {
    return 'needs /dev/net/tun'
  }
  return spawnSync('python3', ['-c', '']).status === 0 ? undefined : 'needs python3'
}

/**
 * Makes hosts that are up, plugged in and addressed.
 * @param cableOf what is wrong with the cable of the host at a place; undefined: nothing
 */
export async function createLan(count: number, cableOf: (place: number) => BadCable | undefined = () => undefined): Promise<Lan> {
  const made = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'cairn-lan-'))
  made.defer(() => rmSync(folder, { recursive: true, force: true }))
  // A switch that learns nothing about groups passes multicast to everyone, as those of homes and schools do.
  for (const bridge of ['lan', 'lan2']) ip(`link add name ${bridge} type bridge mcast_snooping 0`, `link set ${bridge} up`)
  const hosts: Host[] = []
  for (let place = 0; place < count; place++) hosts.push(await createHost(place, folder, cableOf(place), made))
  const ports = (places: readonly number[], state: string): void => ip(...places.map((place) => `link set port${place + 1} ${state}`))
  return {
    hosts,
    unplug: (places) => ports(places, 'down'),
    plug: (places) => ports(places, 'up'),
    split: (places) => ports(places, 'master lan2'),
    join: () => ports([...hosts.keys()], 'master lan'),
    [Symbol.asyncDispose]: () => made.disposeAsync(),
  }
}

async function createHost(place: number, folder: string, cable: BadCable | undefined, made: AsyncDisposableStack): Promise<Host> {
  const number = place + 1
  const name = `host${number}`
  const address = `10.77.0.${number}`
  const within = ['nsenter', `--net=/run/netns/${name}`]
  const run = (...command: string[]): void => void execFileSync('nsenter', [...within.slice(1), ...command])
  const link = (state: 'up' | 'down'): void => {
    run('ip', 'link', 'set', 'eth0', state)
    // Without a default route nothing can be sent to a multicast address; it went with the link.
    if (state === 'up') run('ip', 'route', 'replace', 'default', 'via', '10.77.0.254')
  }

  ip(`netns add ${name}`)
  if (cable === undefined) ip(`link add port${number} type veth peer name eth0 netns ${name}`)
  else {
    await layBadCable(number, cable, made)
    ip(`link set wire${number} netns ${name} name eth0`)
  }
  ip(`link set port${number} master lan up`)
  run('ip', 'link', 'set', 'lo', 'up')
  run('ip', 'address', 'add', `${address}/24`, 'dev', 'eth0')
  link('up')
  const http = `127.0.0.${number}`
  await openDoor(within, http, made)

  const data = join(folder, name)
  return {
    name, address, data, link,
    async start(args, { npm } = {}) {
      const node = await startNode({ data, within, http: `${http}:${HTTP_PORT}`, npm, args: ['--name', name, ...args] })
      made.defer(() => node.kill())
      return node
    },
  }
}

/** Lets this process reach the HTTP interface of a host's node; see lan-door.ts. */
async function openDoor([command = '', ...args]: string[], host: string, made: AsyncDisposableStack): Promise<void> {
  const server = createServer().listen(HTTP_PORT, host)
  await once(server, 'listening')
  const file = fileURLToPath(new URL('lan-door.ts', import.meta.url))
  const door = fork(file, { execPath: command, execArgv: [...args, process.execPath] })
  made.defer(() => void door.kill())
  door.send({ host, port: HTTP_PORT }, server)
  await once(door, 'message')
  server.close() // this process's copy of it; the door has its own
}

async function layBadCable(number: number, cable: BadCable, made: AsyncDisposableStack): Promise<void> {
  const options = { hosts: [number], delayMs: 0, jitterMs: 0, lossPercent: 0, multicast: true, seed: number, ...cable }
  const file = fileURLToPath(new URL('lan-cable.py', import.meta.url))
  const carrier = spawn('python3', [file, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] })
  made.defer(() => void carrier.kill())
  const [first] = (await Promise.race([once(carrier.stdout, 'data'), once(carrier, 'exit')])) as [unknown]
  if (String(first).trim() !== 'ready') throw new Error(`a bad cable could not be laid: ${String(first)}`)
}

/** Commands of `ip`, one after the other. */
function ip(...commands: string[]): void {
  execFileSync('ip', ['-batch', '-'], { input: commands.join('\n') })
}
