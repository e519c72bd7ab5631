/** What a node can be told, with the default of each in one place. */
import { readFileSync } from 'node:fs'
import { type Logger, pino } from 'pino'
import { type Clock, systemClock } from '../chain/clock.ts'
import { DEFAULT_NETWORK, type NetworkParams, networkParams, parseParams } from '../consensus/params.ts'
import { ParamsError } from '../consensus/errors.ts'
import type { CreateCairnLibp2p } from '../network/cairn-libp2p.ts'
import { parseNetworkKey } from '../network/network-key.ts'
import { MAX_PEERS } from '../network/protocols.ts'
import { NodeError } from './node-error.ts'

/** What a node's keys are made of where it has none yet. Whoever knows it has the keys. */
export interface Identity {
  /** Of the peer key, 32 bytes: an Ed25519 seed. */
  peerSeed: Uint8Array
  /** Of the wallet's words: 16 bytes for 12, 32 for 24. */
  walletEntropy: Uint8Array
}

export interface NodeOptions {
  /**
   * A name (`class-101`), or the parameters of a network; see `networkParams` and `readNetworkFile`.
   * @default 'lan'
   */
  network?: string | NetworkParams
  /**
   * Folder for everything that outlives the node; one node at a time.
   * @default none: chain, keys and peers are kept in memory and gone after `stop()`
   */
  dataDir?: string
  /**
   * What others see beside the peer id: 1 to 32 characters.
   * @default two words that follow from the peer id, like `flint-otter`
   */
  name?: string
  /**
   * Multiaddrs to listen on.
   * @default TCP 5051, or the next free port, on every interface (IPv4)
   */
  listen?: string[]
  /**
   * Multiaddrs of nodes to connect to and stay connected to.
   * @default none: mDNS finds them
   */
  peers?: string[]
  /**
   * Connections aimed at: others that it hears of are dialled until there are so many. 0: it dials nobody but `peers`.
   * @default 16
   */
  targetPeers?: number
  /**
   * Find and be found on the LAN.
   * @default true (false on the memory transport)
   */
  mdns?: boolean
  /**
   * The key of a private network: 32 bytes, or what is in the file that `cairn network key` makes.
   * @default none: whoever is on the LAN may connect
   */
  networkKey?: Uint8Array
  /**
   * `memory` connects nodes of one process without any socket.
   * @default 'tcp'
   */
  transport?: 'tcp' | 'memory'
  /**
   * Mine from the start, without end. Where peers may be found it begins two seconds later, so that whoever is far ahead is
   * heard of first.
   * @default false
   */
  mine?: boolean
  /**
   * Mining threads.
   * @default one less than there are processors, at least 1
   */
  threads?: number
  /**
   * Share of each mining thread's time, percent, 1 to 100.
   * @default 100
   */
  cpu?: number
  /**
   * Why this node's own miner may not search, and what to do instead: told to whoever asks it to. Templates can be had.
   * @default nothing is in the way
   */
  noMining?: string
  /**
   * The least fee of a transaction that this node keeps and passes on, units. Others may ask for less.
   * @default 0
   */
  minFee?: number
  /**
   * For nodes that are to be the same each time, such as those of a swarm. Not looked at where the data folder has keys.
   * @default random
   */
  identity?: Identity
  /** @default a silent one */
  log?: Logger
  /** @default the machine's */
  clock?: Clock
  /**
   * Chance, in [0, 1): what spreads dials over time, so that nodes do not act in step. Keys never come from it.
   * @default Math.random
   */
  random?: () => number
  /**
   * Makes what carries this node's connections; a simulation gives its own.
   * @default libp2p over `transport`
   */
  libp2p?: CreateCairnLibp2p
}

/** The options with every default filled in that does not depend on what is found at start. */
export interface ResolvedOptions extends Omit<NodeOptions, 'network'> {
  params: NetworkParams
  peers: string[]
  mdns: boolean
  transport: 'tcp' | 'memory'
  mine: boolean
  minFee: number
  log: Logger
  clock: Clock
}

/**
 * Checks the options and fills in the defaults.
 * @throws NodeError `option-invalid`, ParamsError
 */
export function resolveOptions(options: NodeOptions = {}): ResolvedOptions {
  const { network = DEFAULT_NETWORK, transport = 'tcp', name, threads, cpu, targetPeers, identity, minFee = 0 } = options
  if (name !== undefined && (name.trim() !== name || name.length < 1 || new TextEncoder().encode(name).length > 32)) {
    throw invalid('name', 'must be 1 to 32 bytes, with no space at either end')
  }
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= 256)) {
    throw invalid('threads', 'must be a whole number from 1 to 256')
  }
  if (cpu !== undefined && !(Number.isInteger(cpu) && cpu >= 1 && cpu <= 100)) {
    throw invalid('cpu', 'must be a whole number of percent from 1 to 100')
  }
  if (targetPeers !== undefined && !(Number.isInteger(targetPeers) && targetPeers >= 0 && targetPeers <= MAX_PEERS)) {
    throw invalid('targetPeers', `must be a whole number from 0 to ${MAX_PEERS}`)
  }
  if (identity !== undefined && identity.peerSeed.length !== 32) throw invalid('identity.peerSeed', 'must be 32 bytes')
  if (identity !== undefined && ![16, 32].includes(identity.walletEntropy.length)) {
    throw invalid('identity.walletEntropy', 'must be 16 or 32 bytes')
  }
  if (!(Number.isSafeInteger(minFee) && minFee >= 0)) throw invalid('minFee', 'must be a whole number of units, 0 or more')
  return {
    ...options,
    transport,
    params: typeof network === 'string' ? networkParams(network) : network,
    peers: options.peers ?? [],
    mdns: options.mdns ?? transport === 'tcp',
    networkKey: options.networkKey && checkNetworkKey(options.networkKey),
    mine: options.mine ?? false,
    minFee,
    log: options.log ?? pino({ level: 'silent' }),
    clock: options.clock ?? systemClock,
  }
}

/**
 * Reads a network's parameters from a JSON file.
 * @throws ParamsError that names the file and what is wrong in it
 */
export function readNetworkFile(path: string): NetworkParams {
  try {
    return parseParams(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw new ParamsError(`${path}: there is no such file`)
    throw new ParamsError(`${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function checkNetworkKey(bytes: Uint8Array): Uint8Array {
  try {
    return parseNetworkKey(bytes)
  } catch (error) {
    throw new NodeError('option-invalid', `networkKey: ${(error as Error).message}`, { cause: error }) // it throws nothing else
  }
}

const invalid = (option: string, must: string): NodeError => new NodeError('option-invalid', `${option}: ${must}`)
