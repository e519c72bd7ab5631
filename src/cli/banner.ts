/**
 * What `cairn start` says once it serves: everything that somebody needs to use this node, and to join it.
 *
 * Values stand unshortened, for they are there to be copied; only the address of the page is longer than a narrow
 * terminal, and stands last so that it wraps by itself.
 */
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'
import { formatCount } from './format.ts'
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
  /** Absolute path. */
  dataFolder: string
  /** Whether the wallet was made at this start. */
  newWallet: boolean
  /** What to type on another machine to join. */
  join: string
}

/** Stones of the cairn, from the top, with the style of each. */
const STONES: [stone: string, style: Style][] = [
  ['   ▗▆▖   ', 'yellow'],
  ['  ▗▆▆▆▖  ', 'magenta'],
  [' ▗▆▆▆▆▆▖ ', 'cyan'],
]

/** The banner's lines. */
export function layBanner(facts: BannerFacts, paint: Paint): string[] {
  const genesis = `${paint('dim', 'genesis')} ${paintHash(facts.genesis.slice(0, 8), paint)}`
  const titles = [
    `${paint('bold', 'cairn')} ${facts.version}`,
    ...layFields([['network', `${paint('bold', facts.network)}  ${genesis}`], ['node', paint('bold', facts.name)]], paint),
  ]
  const head = STONES.map(([stone, style], at) => `  ${paint(style, stone)}  ${titles[at] ?? ''}`)
  const listening = nameInterfaces(facts.addresses).map(([address, name]) => `${address}${name === '' ? '' : `  ${paint('dim', name)}`}`)
  const fields = layFields(
    [
      ['peer id', facts.peerId],
      ...listening.map((text, at): [string, string] => [at === 0 ? 'listening' : '', text]),
      ['account', facts.account],
      ['balance', `${paint('bold', formatCount(facts.balance))} ${paint('dim', `at height ${formatCount(facts.height)}`)}`],
      ['data', facts.dataFolder],
      ['join', facts.join],
      ['page', paint('cyan', facts.page)],
    ],
    paint,
  )
  const warning = [
    '',
    `  ${paint('yellow', 'New wallet, not encrypted:')} whoever can read wallet.json can spend from it.`,
  ]
  return ['', ...head, '', ...fields.map((line) => `  ${line}`), ...(facts.newWallet ? warning : []), '']
}

/**
 * Each address without the peer id at its end, and the interface that has it: the LAN's first, this machine's own last.
 * @param interfaces as the system lists them
 */
export function nameInterfaces(
  addresses: readonly string[],
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): [address: string, name: string][] {
  const names = new Map<string, { name: string; internal: boolean }>()
  for (const [name, infos] of Object.entries(interfaces)) {
    for (const { address, internal } of infos ?? []) names.set(address, { name, internal })
  }
  const named = addresses.map((address) => {
    const { name = '', internal = false } = names.get(hostOf(address)) ?? {}
    return { address: address.replace(/\/p2p\/[^/]+$/, ''), name, internal }
  })
  return named
    .sort((a, b) => Number(a.internal) - Number(b.internal))
    .map(({ address, name, internal }) => [address, internal ? 'this machine only' : name])
}

/** The IP address in a multiaddr: `/ip4/192.168.1.7/tcp/5051` → `192.168.1.7`. */
const hostOf = (address: string): string => address.split('/')[2] ?? ''
