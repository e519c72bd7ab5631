/**
 * `cairn start`: runs a node until Ctrl-C.
 *
 * In order: every option is checked → the node starts → its HTTP interface starts → `node.json` says where → the banner
 * (with --json, the ready line) → the log tells what happens, until the signal → everything stops, the last first.
 * Whatever fails on the way stops what had started, and is one line on standard error.
 */
import type { Command } from 'commander'
import { multiaddr } from '@multiformats/multiaddr'
import { toAddress } from '../../consensus/account.ts'
import { toHex } from '../../consensus/hex.ts'
import { DEFAULT_NETWORK, type NetworkParams, networkParams } from '../../consensus/params.ts'
import { createServer, type HttpServer } from '../../http/server.ts'
import { DataFolder } from '../../node/data-folder.ts'
import { readNetworkKeyFile } from '../../node/network-key-file.ts'
import { createNode, type Node } from '../../node/node.ts'
import { readNetworkFile } from '../../node/options.ts'
import { VERSION } from '../../node/version.ts'
import { parseWhole } from '../amounts.ts'
import { layBanner } from '../banner.ts'
import { isNetworkFile } from '../connection.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../failure.ts'
import { examples } from '../help.ts'
import { parseHostPort } from '../host-port.ts'
import { createLogs } from '../log-lines.ts'
import { narrate } from '../narrate.ts'
import { showSync } from '../sync-line.ts'
import { quote } from '../text.ts'

interface Options {
  name?: string
  listen?: string[]
  peer?: string[]
  mdns: boolean
  networkKey?: string
  http?: string
  mine?: boolean
  threads?: string
  cpu?: string
  minFee?: string
}

/** Where the HTTP interface is where it was not asked for: the next free port from here. */
const HTTP_DEFAULT = { host: '127.0.0.1', port: 5050 }

/** A start that takes longer says what it does: checking a long chain on a slow disk. */
const SLOW_START_MS = 1_000

export function configure(command: Command, context: Context): void {
  command
    .option('--name <NAME>', 'what others see of this node (default: two words that follow from its peer id)')
    .option('--listen <MULTIADDR...>', 'listen for peers here (default: TCP 5051 or the next free port, everywhere)')
    .option('--peer <MULTIADDR...>', 'connect to these nodes, and stay connected')
    .option('--no-mdns', 'neither find nor be found on the LAN', true) // said, for commander gives it to none that is loaded late
    .option('--network-key <FILE>', 'be part of a private network: cairn network key makes the file')
    .option('--http <HOST:PORT>', 'where commands and browsers reach it (default: 127.0.0.1:5050 or the next free port)')
    .option('--mine', 'mine without end')
    .option('--threads <N>', 'mining threads (default: one less than there are processors)')
    .option('--min-fee <N>', 'keep and pass on no transaction with a lower fee (default: 0)')
    .option('--cpu <PERCENT>', 'share of each mining thread’s time (default: 100)')
    .addHelpText('after', examples(
      'cairn start',
      'cairn start --network class-101 --mine --cpu 50',
      'cairn start --data ./node-b --peer /ip4/192.168.1.7/tcp/5051',
    ))
    .action((options: Options) => start(options, context))
}

async function start(options: Options, context: Context): Promise<void> {
  const { signal, options: { data, network = DEFAULT_NETWORK, json, log: level } } = context
  const params: NetworkParams = isNetworkFile(network) ? readNetworkFile(network) : networkParams(network)
  const listen = options.listen?.map((address) => checkMultiaddr('--listen', address))
  const peers = options.peer?.map((address) => checkMultiaddr('--peer', address))
  const networkKey = options.networkKey === undefined ? undefined : readNetworkKeyFile(options.networkKey)
  const http = options.http === undefined ? HTTP_DEFAULT : parseHostPort(options.http)
  const threads = options.threads === undefined ? undefined : parseWhole('--threads', options.threads, 1, 256)
  const minFee = options.minFee === undefined ? undefined : parseWhole('--min-fee', options.minFee, 0)
  const cpu = options.cpu === undefined ? undefined : parseWhole('--cpu', options.cpu, 1, 100)
  const { tell, parts, line } = createLogs(level)
  if (networkKey?.warning !== undefined) parts.warn({ part: 'network' }, networkKey.warning)

  await using started = new AsyncDisposableStack()
  const node = createNode({
    network: params, dataDir: data ?? DataFolder.defaultPath(params.name), name: options.name,
    listen, peers, mdns: options.mdns, networkKey: networkKey?.key, mine: options.mine, threads, cpu, minFee, log: parts,
  })
  started.defer(() => node.stop())
  const slow = setTimeout(() => line.show('opening the chain, and looking it through …'), SLOW_START_MS)
  started.defer(() => {
    clearTimeout(slow)
    line.clear()
  })
  await node.start()
  clearTimeout(slow)
  line.clear()
  const folder = folderOf(node)
  const server = await createServer(node, {
    ...http, explicitPort: options.http !== undefined, token: folder.token, log: parts.child({ part: 'http' }),
  })
  started.defer(() => server.stop())
  await server.start()
  folder.publish({ pid: process.pid, http: server.url, peerId: node.network.peerId })

  const { params: { name: networkName }, genesis, name, network: { peerId, addresses } } = node
  // The banner says it to people, who do not read what the parts tell.
  parts.info(
    { event: 'node:started', version: VERSION, network: networkName, genesis: toHex(genesis.hash), name, peerId, addresses, data: folder.path },
    'the node runs',
  )
  announce(node, server, options, context)
  narrate(node, (event, fields, text) => {
    tell(event, fields, text)
    if (json) context.output.json({ event, ...fields })
  })
  if (!json) showSync(node.network, line)
  await aborted(signal)
  tell('node:stopping', {}, 'stopping; a second Ctrl-C forces it')
}

/** The banner; with --json, the line that scripts wait for. */
function announce(node: Node, { url, lanUrls }: HttpServer, { mdns, networkKey }: Options, { output, options }: Context): void {
  const { account } = node.wallet.default
  const facts = {
    peerId: node.network.peerId,
    addresses: node.network.addresses,
    account: toAddress(account),
    network: node.params.name,
    genesis: toHex(node.genesis.hash),
    networkKey: node.network.keyFingerprint ?? null,
  }
  if (options.json) return output.json({ event: 'ready', http: url, name: node.name, ...facts })
  const folder = folderOf(node)
  const lines = layBanner(
    {
      ...facts,
      version: VERSION,
      name: node.name,
      balance: node.chain.account(account).balance,
      height: node.chain.tip.height,
      page: `${url}/#${folder.token}`,
      openTo: lanUrls[0],
      dataFolder: folder.path,
      newWallet: node.wallet.created,
      lockedWallet: node.wallet.locked,
      networkOption: options.network,
      networkKeyOption: networkKey,
      mdns,
    },
    output.paint,
  )
  for (const line of lines) output.line(line)
}

function folderOf(node: Node): DataFolder {
  if (node.dataFolder === undefined) throw new Error('a node of the command line has a data folder')
  return node.dataFolder
}

function checkMultiaddr(option: string, text: string): string {
  try {
    return multiaddr(text).toString()
  } catch {
    throw new Refusal(`${option}: ${quote(text)} is not a multiaddr; one looks like /ip4/192.168.1.7/tcp/5051`)
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
