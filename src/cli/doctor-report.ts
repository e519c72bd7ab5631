/**
 * A diagnosis for people: what was found, the verdict last, where one looks first. Fits 80 columns.
 *
 *   flint-otter   ●●●●●●●  in sync, 3 ms
 *   10.0.0.9      ●○○○○○○  nothing answers at /ip4/10.0.0.9/tcp/5051 …
 */
import type { Advice, Diagnosis, InterfaceDiagnosis, NearbyNetwork, PeerDiagnosis, Step } from '../http/api.ts'
import { formatAddress, formatCount, formatCountOf, formatDuration } from './format.ts'
import { type Column, layFields, layTable, type Output, type Paint } from './output.ts'
import { cutEnd, padEnd, stripControls, textWidth } from './text.ts'

const STEPS: readonly (readonly [step: Step, word: string])[] = [
  ['discovered', 'found'], ['dialled', 'dialled'], ['identified', 'identified'], ['same-network', 'same network'],
  ['subscribed', 'subscribed'], ['in-mesh', 'in mesh'], ['in-sync', 'in sync'],
]
const KINDS: Readonly<Record<InterfaceDiagnosis['kind'], string>> = {
  lan: 'LAN', vpn: 'VPN', virtual: 'containers', loopback: 'this machine only',
}
const SOURCES: Readonly<Record<PeerDiagnosis['source'], string>> = {
  configured: 'named by --peer', remembered: 'known from before', found: 'found by mDNS', told: 'told of by a peer',
  called: 'called us',
}
/** Of the first column; a name has at most 32 bytes. */
const MAX_NAME_COLUMNS = 24

export function layDiagnosis(diagnosis: Diagnosis, { paint, width }: Pick<Output, 'paint' | 'width'>): string[] {
  const { node, peers, interfaces, nearby, clock, advice, time } = diagnosis
  const section = (title: string, lines: string[]): string[] =>
    lines.length === 0 ? [] : [paint('bold', title), ...lines.map((line) => (line === '' ? line : `  ${line}`)), '']
  const inner = width - 2
  return [
    ...(node === null ? [] : [...layNode(node, paint), '']),
    ...(node === null ? [] : section('Peers', layPeers(peers, time, paint, inner))),
    ...section('Interfaces', layTable(interfaceColumns, interfaces, inner, paint)),
    ...section('Cairn networks nearby', layNearby(nearby, node, inner, paint)),
    ...section('Clock', clock.offsetMs === null ? [] : [layClock(clock.offsetMs, clock.peers)]),
    ...advice.flatMap((each, at) => layAdvice(each, at, advice.length, paint, width)),
  ]
}

function layNode({ name, network, networkId, networkKey, addresses, height }: NonNullable<Diagnosis['node']>, paint: Paint): string[] {
  const key = networkKey === null ? '' : `, private, key ${networkKey}`
  return layFields(
    [
      ['node', `${paint('bold', stripControls(name))} at height ${formatCount(height)}`],
      ['network', `${paint('bold', network)}, genesis ${networkId}${key}`],
      ...addresses.map((address, at): [string, string] => [at === 0 ? 'listening' : '', formatAddress(address)]),
    ],
    paint,
  )
}

function layPeers(peers: PeerDiagnosis[], now: number, paint: Paint, width: number): string[] {
  if (peers.length === 0) return [paint('dim', 'none known')]
  const names = peers.map(({ name, addresses, peerId }) =>
    cutEnd(stripControls(name ?? short(addresses[0]) ?? peerId ?? ''), MAX_NAME_COLUMNS),
  )
  const widest = Math.max(...names.map(textWidth))
  const indent = ' '.repeat(widest + 2 + STEPS.length + 2)
  const lines = peers.flatMap((peer, at) => {
    const reached = STEPS.findIndex(([step]) => step === peer.reached) + 1
    const style = reached === STEPS.length ? 'green' : peer.height === null ? 'red' : 'yellow'
    const ladder = paint(style, '●'.repeat(reached)) + paint('dim', '○'.repeat(STEPS.length - reached))
    const [first = '', ...rest] = wrap(tell(peer, now), width - indent.length)
    return [`${paint('bold', padEnd(names[at] ?? '', widest))}  ${ladder}  ${first}`, ...rest.map((line) => indent + line)]
  })
  return [...lines, paint('dim', `● ${STEPS.map(([, word]) => word).join(', ')}`)]
}

function tell({ reached, stopped, source, retryAt, latencyMs }: PeerDiagnosis, now: number): string {
  const facts = [
    ...(stopped === null ? [STEPS.find(([step]) => step === reached)?.[1] ?? reached] : [stripControls(stopped.message)]),
    ...(latencyMs === null ? [] : [`${Math.round(latencyMs)} ms`]),
    SOURCES[source],
    ...(retryAt === null ? [] : [retryAt <= now ? 'is dialled at once' : `dialled again in ${formatDuration(retryAt - now)}`]),
  ]
  return facts.join('; ')
}

const interfaceColumns: Column<InterfaceDiagnosis>[] = [
  { title: 'name', value: ({ name }) => name, cut: { where: 'end', least: 8 }, paint: (text, _row, paint) => paint('bold', text) },
  { title: 'address', value: ({ address }) => address ?? 'IPv6 alone' },
  { title: 'leads to', value: ({ kind }) => KINDS[kind] },
  {
    title: 'multicast',
    value: ({ multicast }) => (multicast === null ? 'not tried' : multicast ? 'sent and heard' : 'sent, not heard'),
    paint: (text, { multicast, kind }, paint) => (multicast === false && kind === 'lan' ? paint('red', text) : text),
  },
]

function layNearby(networks: NearbyNetwork[], node: Diagnosis['node'], width: number, paint: Paint): string[] {
  const columns: Column<NearbyNetwork>[] = [
    {
      title: 'network',
      value: ({ own, name, private: locked }) => (own && node !== null ? node.network : (name ?? (locked ? 'private' : 'unknown'))),
      cut: { where: 'end', least: 8 },
      paint: (text, _row, paint) => paint('bold', text),
    },
    { title: 'id', value: ({ id }) => id },
    { title: '', value: ({ own, private: locked }) => [own ? 'this one' : 'another', ...(locked ? ['private'] : [])].join(', ') },
    { title: 'other nodes', value: ({ nodes }) => formatCount(nodes.length), align: 'right' },
    { title: 'at', value: ({ nodes }) => nodesAt(nodes), cut: { where: 'end', least: 12 } },
  ]
  return layTable(columns, networks, width, paint).filter(() => networks.length > 0)
}

/** Where nodes are, one address each: an address off this machine says more than one of it. */
const nodesAt = (nodes: NearbyNetwork['nodes']): string =>
  [...new Set(nodes.map(({ local, addresses }) => (local ? 'this machine' : (addresses.find((each) => !each.startsWith('127.')) ?? addresses[0] ?? ''))))].join(', ')

function layClock(offsetMs: number, peers: number): string {
  const by = `${formatDuration(Math.abs(offsetMs))} ${offsetMs > 0 ? 'behind' : 'ahead of'}`
  return `${by} ${peers === 1 ? 'that of its peer' : `those of its peers (median of ${formatCountOf(peers, 'peer')})`}`
}

function layAdvice({ code, message, todo }: Advice, at: number, of: number, paint: Paint, width: number): string[] {
  const mark = code === 'all-well' ? paint('green', '✓') : paint('yellow', of === 1 ? '!' : String(at + 1))
  const [first = '', ...rest] = wrap(stripControls(message), width - 3)
  const lines = todo.flatMap((line) => wrap(stripControls(line), width - 5)).map((line) => `     ${line}`)
  return [`${mark}  ${paint('bold', first)}`, ...rest.map((line) => `   ${paint('bold', line)}`), ...lines]
}

/** Lines of whole words; a word that is too long stands alone. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= columns) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** `/ip4/10.0.0.9/tcp/5051/p2p/…` → `10.0.0.9:5051`. */
const short = (address: string | undefined): string | undefined => address?.replace(/^\/ip[46]\/([^/]+)\/tcp\/(\d+).*$/, '$1:$2')
