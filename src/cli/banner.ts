/**
 * What `cairn start` says once it serves: everything that somebody needs to use this node, and to join it.
 *
 * Values stand unshortened, for they are there to be copied; only the address of the page is longer than a narrow
 * terminal, and stands last so that it wraps by itself.
 */
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'
import { formatAddress, formatCount } from './format.ts'
import { layFields, type Paint, paintHash, type Style } from './output.ts'

export interface BannerFacts {
  version: string
  network: string
  /** Hash of block 0. */
  genesis: string
  /** Of the node. */
  name: string
  peerId: string
  /** Multiaddrs that it listens on. */
  addresses: string[]
  account: string
  /** Confirmed balance of the account. */
  balance: number
  height: number
  /** Address of the page, with the token. */
  page: string
  /** Where other machines can read it; undefined where they cannot. */
  openTo: string | undefined
  /** Absolute path. */
  dataFolder: string
  /** Whether the wallet was made at this start. */
  newWallet: boolean
  /** Whether the wallet waits for its passphrase. */
  lockedWallet: boolean
  /** As it was given to `--network`, if it was. */
  networkOption: string | undefined
  /** Fingerprint of a private network's key, and as its file was given to `--network-key`. */
  networkKey: string | null
  networkKeyOption: string | undefined
  /** Whether other machines find this node by themselves. */
  mdns: boolean
}

/** Stones of the cairn, from the top, with the style of each. */
const STONES: [stone: string, style: Style][] = [
  ['   ▗▆▖   ', 'yellow'],
  ['  ▗▆▆▆▖  ', 'magenta'],
  [' ▗▆▆▆▆▆▖ ', 'cyan'],
]

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>

/**
 * The banner's lines.
 * @param interfaces of this machine, as the system lists them
 */
export function layBanner(facts: BannerFacts, paint: Paint, interfaces: Interfaces = networkInterfaces()): string[] {
  const genesis = `${paint('dim', 'genesis')} ${paintHash(facts.genesis.slice(0, 8), paint)}`
  const key = facts.networkKey === null ? '' : `  ${paint('green', 'private')}${paint('dim', ', key')} ${facts.networkKey}`
  const titles = [
    `${paint('bold', 'cairn')} ${facts.version}`,
    ...layFields([['network', `${paint('bold', facts.network)}  ${genesis}${key}`], ['node', paint('bold', facts.name)]], paint),
  ]
  const head = STONES.map(([stone, style], at) => `  ${paint(style, stone)}  ${titles[at] ?? ''}`)
  const listening = nameInterfaces(facts.addresses, interfaces)
  const listened = listening.map(({ address, name }) => `${address}  ${paint('dim', name)}`.trimEnd())
  const fields = layFields(
    [
      ['peer id', facts.peerId],
      ...listened.map((text, at): [string, string] => [at === 0 ? 'listening' : '', text]),
      ['account', facts.account],
      ['balance', `${paint('bold', formatCount(facts.balance))} ${paint('dim', `at height ${formatCount(facts.height)}`)}`],
      ['data', facts.dataFolder],
      ['join', joinCommand(facts, listening)],
      ['page', paint('cyan', facts.page)],
    ],
    paint,
  )
  const unlock = `cairn wallet unlock${facts.networkOption ? ` --network ${facts.networkOption}` : ''}`
  const notes = [
    ...(facts.openTo ? [`  ${paint('yellow', 'Open to the LAN')} at ${paint('cyan', facts.openTo)}: to read, not to change.`] : []),
    ...(facts.newWallet ? [`  ${paint('yellow', 'New wallet, not encrypted:')} whoever can read wallet.json can spend from it.`] : []),
    ...(facts.lockedWallet ? [`  ${paint('yellow', 'The wallet is locked:')} it mines, and it pays after ${paint('cyan', unlock)}`] : []),
  ]
  return ['', ...head, '', ...fields.map((line) => `  ${line}`), ...notes.flatMap((note) => ['', note]), '']
}

/** What to type on another machine to join; undefined where no other machine can reach this node. */
function joinCommand({ networkOption, networkKeyOption, mdns }: BannerFacts, listening: ListeningAddress[]): string | undefined {
  const reachable = listening.find(({ local }) => !local)
  if (reachable === undefined) return undefined
  const options = [
    ...(networkOption ? ['--network', networkOption] : []),
    ...(networkKeyOption ? ['--network-key', networkKeyOption] : []),
    ...(mdns ? [] : ['--peer', reachable.address]),
  ]
  return ['cairn start', ...options].join(' ')
}

interface ListeningAddress {
  /** Without the peer id at its end. */
  address: string
  /** The interface that has it. */
  name: string
  /** Whether only this machine can reach it. */
  local: boolean
}

/**
 * Which interface has each address: the LAN's first, this machine's own last.
 * @param interfaces as the system lists them
 */
export function nameInterfaces(addresses: readonly string[], interfaces: Interfaces): ListeningAddress[] {
  const known = new Map<string, Omit<ListeningAddress, 'address'>>()
  for (const [name, infos] of Object.entries(interfaces)) {
    for (const { address, internal: local } of infos ?? []) {
      known.set(address, { name: local ? 'this machine only' : name, local })
    }
  }
  return addresses
    .map((address) => ({ address: formatAddress(address), ...(known.get(hostOf(address)) ?? { name: '', local: false }) }))
    .sort((a, b) => Number(a.local) - Number(b.local))
}

/** The IP address in a multiaddr: `/ip4/192.168.1.7/tcp/5051` → `192.168.1.7`. */
const hostOf = (address: string): string => address.split('/')[2] ?? ''
