/**
 * What is wrong, of all that was found, and what to do about it: most probable first. Pure: findings in, advice out.
 *
 * In order, where there are no peers:
 *   this machine      no LAN, listens on its loopback alone, its multicast is blocked, or a VPN is in the way
 *   the others        found and not reached (a firewall, a guest Wi-Fi), or reached and of another network
 *   nobody found      other networks nearby (another word, a key), or nobody at all
 * With peers: who of those that should be one is none, and in any case clocks that differ.
 */
import { firewallCommands } from './firewall.ts'
import type { Advice, Findings, InterfaceDiagnosis, NearbyNetwork, PeerDiagnosis } from './diagnosis.ts'
import { STEPS, type Step } from './diagnosis.ts'
import { PEER_PORT } from '../protocols.ts'

/** A clock that differs by more is worth setting: blocks say when they were found to the millisecond. */
const CLOCK_WARNING_MS = 5_000

/** @param platform `process.platform`: whose firewall it is */
export function verdictOf(findings: Findings, platform: NodeJS.Platform = process.platform): Advice[] {
  const { node, peers } = findings
  const good = peers.filter(({ reached }) => atLeast(reached, 'subscribed'))
  const advice = [
    ...(node === null || good.length > 0 ? [] : aloneAdvice(findings, platform)),
    ...(node === null ? machineAdvice(findings, platform) : []),
    ...peerAdvice(findings),
    ...clockAdvice(findings),
  ]
  if (node === null) return [NO_NODE, ...advice]
  if (good.length === 0 || advice.length > 0) return advice
  const synced = peers.filter(({ reached }) => reached === 'in-sync').length
  return [{ code: 'all-well', message: `All is well: ${count(good.length, 'peer')}, ${synced === good.length ? 'all' : synced} in sync.`, todo: [] }]
}

const NO_NODE: Advice = { code: 'no-node', message: 'No node runs here, so only this machine was looked at.', todo: ['cairn start'] }

/** What can keep a node from every other. */
function aloneAdvice(findings: Findings, platform: NodeJS.Platform): Advice[] {
  const { node, peers, nearby } = findings
  const listening = node?.addresses ?? []
  const advice = machineAdvice(findings, platform)
  const inLan = advice.every(({ code }) => code !== 'no-lan')
  if (inLan && listening.length > 0 && listening.every((address) => /^\/(ip4\/127\.|ip6\/::1\/)/.test(address))) {
    advice.unshift({
      code: 'listens-on-loopback',
      message: 'This node listens on its loopback alone, where no other machine can reach it.',
      todo: ['cairn start --listen /ip4/0.0.0.0/tcp/5051'],
    })
  }
  const stranded = peers.filter(({ reached, retryAt }) => reached === 'discovered' && retryAt !== null)
  const failed = stranded.filter(({ stopped }) => stopped?.code === 'peer-unreachable')
  const foreign = peers.filter(({ stopped }) => stopped?.code === 'peer-other-network')
  const own = nearby.find((network) => network.own)
  if (failed.length > 0) {
    advice.push({
      code: 'peers-unreachable',
      message: `${count(failed.length, 'node')} known, and no connection to ${failed.length === 1 ? 'it' : 'any of them'}: most likely a firewall over there, or a Wi-Fi that keeps its guests apart.`,
      todo: [
        'Is the node over there running, and on this very network? Open its firewall:',
        ...firewallCommands(platform, portOf(failed[0]?.addresses)),
        'A guest Wi-Fi keeps machines apart on purpose: use another one, a cable, or a phone’s hotspot.',
      ],
    })
  }
  if (foreign.length > 0) advice.push(otherNetwork(foreign))
  const underWay = peers.filter((peer) => peer.refusedUntil === null && !failed.includes(peer) && !foreign.includes(peer))
  if (failed.length + foreign.length === 0 && underWay.length > 0) advice.push(waitingFor(peers))
  const others = nearby.filter((network) => !network.own && network.nodes.length > 0)
  for (const network of others) advice.push(nearbyAdvice(network, findings))
  if (node !== null && !node.mdns && peers.length === 0) {
    advice.push({
      code: 'mdns-off',
      message: 'This node was started with --no-mdns and knows no address: it can find nobody.',
      todo: ['cairn start', 'or name one node: cairn start --no-mdns --peer /ip4/192.168.1.7/tcp/5051'],
    })
  }
  if (advice.some(({ code }) => code !== 'vpn') || peers.length > 0) return advice
  advice.push(own === undefined || own.nodes.length === 0 ? nobody(findings, platform) : waitingFor(peers))
  return advice
}

/** What can be wrong with the machine itself. */
function machineAdvice({ interfaces, mdnsProblem, node }: Findings, platform: NodeJS.Platform): Advice[] {
  const lan = interfaces.filter(({ kind, address }) => kind === 'lan' && address !== null)
  const port = portOf(node?.addresses)
  if (node !== null && interfaces.length === 0) return [] // in memory
  if (mdnsProblem !== null) {
    return [{
      code: 'mdns-port-taken',
      message: `mDNS cannot be spoken here (${mdnsProblem}): another program keeps UDP port 5353 to itself.`,
      todo: ['Stop that program, or name one node: cairn start --peer /ip4/192.168.1.7/tcp/5051'],
    }]
  }
  if (lan.length === 0) {
    return [{
      code: 'no-lan',
      message: 'This machine is in no LAN: it has no interface with an IPv4 address but its own.',
      todo: ['Connect it to the Wi-Fi or the cable that the others are on.'],
    }]
  }
  const advice: Advice[] = []
  if (lan.every(({ multicast }) => multicast === false)) {
    advice.push({
      code: 'multicast-blocked',
      message: `Multicast does not work on ${names(lan)}: nodes cannot find each other by themselves.`,
      todo: ['Most likely this machine’s firewall; open it:', ...firewallCommands(platform, port), 'or name one node: cairn start --peer /ip4/192.168.1.7/tcp/5051'],
    })
  }
  const tunnels = interfaces.filter(({ kind }) => kind === 'vpn')
  if (tunnels.length > 0) {
    advice.push({
      code: 'vpn',
      message: `A VPN is up (${names(tunnels)}), and many keep a machine from its own LAN (${names(lan)}).`,
      todo: ['Switch it off and look again, or let it leave the LAN alone (“allow LAN access”, split tunnel).'],
    })
  }
  return advice
}

function nearbyAdvice(network: NearbyNetwork, { node }: Findings): Advice {
  const nodes = count(network.nodes.length, 'node')
  const same = node !== null && network.name === node.network
  if (network.private) {
    return {
      code: 'private-network-nearby',
      message: `A private network is nearby (${nodes}), and ${node?.networkKey ? 'its key is not this node’s' : 'this node has no key'}.`,
      todo: ['If it is yours: cairn start --network-key FILE, with its very file; the banners show the same key.'],
    }
  }
  const called = network.name === null ? `with id ${network.id}` : `called ${network.name}`
  const todo = network.joinable
    ? same
      ? ['It is not private and this node is: start both with the same --network-key, or both without.']
      : [`If it is yours: cairn start --network ${network.name}`]
    : ['If it is yours: cairn start --network FILE, with its parameter file (cairn network show makes it).']
  return { code: 'other-network-nearby', message: `Another network is nearby, ${called} (${nodes}).`, todo }
}

function nobody({ node, interfaces }: Findings, platform: NodeJS.Platform): Advice {
  const lan = interfaces.filter(({ kind, multicast }) => kind === 'lan' && multicast)
  return {
    code: 'nobody-found',
    message: `Nobody else was heard${lan.length > 0 ? ` on ${names(lan)}` : ''}: either no other node of ${node?.network ?? 'any network'} runs, or something between keeps multicast back.`,
    todo: [
      'Start a node on another machine of this Wi-Fi or cable, and look again.',
      'Guest Wi-Fis and some access points keep machines apart: use another, a cable, or a phone’s hotspot.',
      'Open the firewall on both machines:',
      ...firewallCommands(platform, portOf(node?.addresses)),
      'Where multicast is blocked, one address is enough: cairn start --peer /ip4/192.168.1.7/tcp/5051',
    ],
  }
}

const otherNetwork = (foreign: PeerDiagnosis[]): Advice => ({
  code: 'peers-of-other-network',
  message: `${count(foreign.length, 'node')} answered, of another network: ${addressesOf(foreign)}.`,
  todo: ['Start both with the same --network; both banners must show the same genesis.'],
})

const waitingFor = (peers: PeerDiagnosis[]): Advice => ({
  code: 'waiting',
  message: `${peers.length === 0 ? 'Nodes of this network were heard' : `${count(peers.length, 'node')} known`}, and none is a peer yet.`,
  todo: ['Wait for some seconds and look again: cairn doctor'],
})

/** Who should be a peer and is none, where others are. */
function peerAdvice({ peers, node }: Findings): Advice[] {
  if (node === null) return []
  const good = peers.some(({ reached }) => atLeast(reached, 'subscribed'))
  const advice: Advice[] = []
  const unreachable = peers.filter(({ source, reached, stopped }) => source === 'configured' && reached === 'discovered' && stopped?.code === 'peer-unreachable')
  if (good && unreachable.length > 0) {
    advice.push({
      code: 'peer-unreachable',
      message: `Nobody answers at ${addressesOf(unreachable)}, which --peer names.`,
      todo: ['Is that node running, and its address still the same?'],
    })
  }
  const foreign = peers.filter(({ source, stopped }) => source === 'configured' && stopped?.code === 'peer-other-network')
  if (good && foreign.length > 0) advice.push(otherNetwork(foreign))
  const refused = peers.filter(({ refusedUntil }) => refusedUntil !== null)
  if (refused.length > 0) {
    advice.push({
      code: 'peers-refused',
      message: `${count(refused.length, 'node')} broke the rules and ${refused.length === 1 ? 'is' : 'are'} refused for half an hour: ${addressesOf(refused)}.`,
      todo: ['Are all nodes of the same version? cairn --version tells.'],
    })
  }
  const ahead = peers.filter(({ stopped }) => stopped?.code === 'behind')
  if (ahead.length > 0) {
    advice.push({
      code: 'not-in-sync',
      message: `${count(ahead.length, 'peer')} ${ahead.length === 1 ? 'has' : 'have'} more work than this node, which fetches nothing.`,
      todo: ['Look again in half a minute; the log (cairn start --log debug) says what was refused.'],
    })
  }
  return advice
}

function clockAdvice({ clock: { offsetMs, peers, maxFutureMs } }: Findings): Advice[] {
  if (offsetMs === null || Math.abs(offsetMs) <= CLOCK_WARNING_MS) return []
  const seconds = Math.round(Math.abs(offsetMs) / 1000)
  const most = peers === 1 ? 'its peer’s' : `those of most of its ${peers} peers`
  const harm = Math.abs(offsetMs) <= maxFutureMs ? '' : ': blocks that seem to come from the future are kept back'
  return [{
    code: 'clock-differs',
    message: `This machine’s clock is ${seconds} s ${offsetMs > 0 ? 'behind' : 'ahead of'} ${most}${harm}.`,
    todo: ['Set the clocks by the network (Linux: timedatectl set-ntp true; macOS, Windows: date and time settings).'],
  }]
}

const atLeast = (step: Step, least: Step): boolean => STEPS.indexOf(step) >= STEPS.indexOf(least)
const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`
const names = (list: InterfaceDiagnosis[]): string => [...new Set(list.map(({ name }) => name))].join(', ')
const addressesOf = (peers: PeerDiagnosis[]): string =>
  peers.map(({ name, addresses, peerId }) => name ?? addresses[0]?.replace(/\/p2p\/.*/, '') ?? peerId).join(', ')

/** The TCP port of the first address that has one. */
const portOf = (addresses: readonly string[] = []): number =>
  Number(addresses.map((address) => /\/tcp\/(\d+)/.exec(address)?.[1]).find((port) => port !== undefined) ?? PEER_PORT)
