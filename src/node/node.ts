/**
 * A node: the one place where the parts are wired together.
 *
 * Start, in order: the signature library's verdict → data folder → store → chain → mempool → wallet → miner → what was
 * pending before → network.
 * Stop is the reverse, and so is a start that fails half-way. What happens between the parts: wire.ts; besides, the miner
 * waits while the node catches up, and the network hears of blocks and transactions by their events.
 *
 * @example
 *   const node = createNode({ network: 'class-101' })
 *   await node.start()
 *   await node.mine(1)
 *   node.send({ recipient: fromAddress('cairn1…'), amount: 30, fee: 1 })
 *   await node.stop()
 */
import { availableParallelism } from 'node:os'
import type { Logger } from 'pino'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { Chain } from '../chain/chain.ts'
import { type Clock, systemClock } from '../chain/clock.ts'
import { VerifierPool } from '../chain/verifier-pool.ts'
import { type Genesis, genesisOf } from '../consensus/genesis.ts'
import type { Hex } from '../consensus/hex.ts'
import type { NetworkParams } from '../consensus/params.ts'
import { assertSignatureVerdict } from '../consensus/signature.ts'
import type { Transaction } from '../consensus/types.ts'
import { Mempool } from '../mempool/pool.ts'
import type { PendingTransaction } from '../mempool/queue.ts'
import { loadKernel } from '../mining/kernel.ts'
import { Miner } from '../mining/miner.ts'
import { Network } from '../network/network.ts'
import { PEER_PORT } from '../network/protocols.ts'
import { SqliteStore } from '../storage/sqlite-store.ts'
import { Wallet } from '../wallet/wallet.ts'
import { CatchUp } from './catch-up.ts'
import { Courtesy } from './courtesy.ts'
import { DataFolder } from './data-folder.ts'
import { freePort, isFree } from './free-port.ts'
import { KeptMempool } from './kept-mempool.ts'
import { NodeError } from './node-error.ts'
import { nameOf } from './node-name.ts'
import { type NodeOptions, type ResolvedOptions, resolveOptions } from './options.ts'
import { loadPeerKey } from './peer-key.ts'
import { rememberKey } from './remembered-key.ts'
import { until } from './until.ts'
import { VERSION } from './version.ts'
import { WaitEstimates } from './wait-estimates.ts'
import { wire } from './wire.ts'

const SLOW_KERNEL =
  'mining by the slow kernel: the fast one was not built, or does not run here; `npm run build:kernel` builds it'

/** A payment for this node to sign. */
export interface Payment {
  /** 32-byte account. */
  recipient: Uint8Array
  /** Units, ≥ 1. */
  amount: number
  /** Units for the miner. @default 0 */
  fee?: number
  /** One of the wallet's accounts. @default the wallet's default account */
  sender?: Uint8Array
  /** Text, at most 256 bytes of UTF-8. @default '' */
  memo?: string
}

interface Parts {
  name: string
  folder: DataFolder | undefined
  chain: Chain
  mempool: Mempool
  /** Undefined where the node keeps everything in memory. */
  kept: KeptMempool | undefined
  waits: WaitEstimates
  wallet: Wallet
  miner: Miner
  network: Network
  storage: SqliteStore
}

/**
 * Makes a node; nothing is opened before `start()`.
 * @throws NodeError `option-invalid`, ParamsError
 */
export const createNode = (options: NodeOptions = {}): Node => new Node(resolveOptions(options))

export class Node {
  readonly params: NetworkParams
  readonly genesis: Genesis
  readonly log: Logger
  readonly clock: Clock
  /** Whoever serves others tells it of each request. */
  readonly courtesy: Courtesy
  readonly #options: ResolvedOptions
  #parts: Parts | undefined
  #started: AsyncDisposableStack | undefined
  /** The last start or stop that was asked for; fulfilled once it is over. */
  #lastTurn: Promise<void> = Promise.resolve()

  constructor(options: ResolvedOptions) {
    this.#options = options
    this.params = options.params
    this.genesis = genesisOf(options.params)
    this.log = options.log
    this.clock = options.clock
    this.courtesy = new Courtesy(systemClock) // it is the machine's processors that are shared, whatever time this node has
  }

  /** What others call this node. */
  get name(): string { return this.#running.name }
  /** Undefined where the node keeps everything in memory. */
  get dataFolder(): DataFolder | undefined { return this.#running.folder }
  get chain(): Chain { return this.#running.chain }
  get mempool(): Mempool { return this.#running.mempool }
  /** When transactions will be mined. */
  get waits(): WaitEstimates { return this.#running.waits }
  get wallet(): Wallet { return this.#running.wallet }
  get miner(): Miner { return this.#running.miner }
  get network(): Network { return this.#running.network }
  get storage(): Pick<SqliteStore, 'events' | 'fileBytes'> { return this.#running.storage }
  get running(): boolean { return this.#parts !== undefined }

  /**
   * Starts every part; resolves when the node listens. A node can be started again after `stop()`; starts and stops wait for
   * those before them, so that none meets a node that is half there.
   * @throws NodeError, StorageError, WalletError, NetworkError: each with a code and one line that says what to do
   */
  start(): Promise<void> {
    return this.#inTurn(() => this.#start())
  }

  /** Stops every part, in reverse. What was acknowledged is on disk already. Idempotent. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop())
  }

  /** Mines blocks now, to the default account, and resolves when all are on this node's best chain. */
  mine(count = 1, signal?: AbortSignal): Promise<{ height: number; hash: Hex }[]> {
    return this.miner.mineBlocks(count, this.wallet.default.account, signal)
  }

  /**
   * Signs a payment with the next free nonce, admits it to the mempool, gossips it and keeps it on the disk.
   * @throws WalletError, PolicyError, RuleError; nothing is kept then
   */
  send({ recipient, amount, fee = 0, sender = this.wallet.default.account, memo = '' }: Payment): PendingTransaction {
    const unsigned = { sender, recipient, amount, fee, nonce: this.mempool.nextNonce(sender), memo: new TextEncoder().encode(memo) }
    if (unsigned.memo.length > 256) {
      throw new NodeError('option-invalid', `the memo has ${unsigned.memo.length} bytes, at most 256 fit: shorten it`)
    }
    const pending = this.mempool.add(this.wallet.sign(unsigned, this.genesis.hash), 'local')
    this.#running.kept?.keepNow(pending)
    return pending
  }

  /** Admits a transaction that was signed elsewhere and gossips it; resolves when it is on the disk. @throws as `send` */
  async submit(transaction: Transaction): Promise<PendingTransaction> {
    const pending = this.mempool.add(transaction, 'local')
    await this.#running.kept?.keep(pending)
    return pending
  }

  /** Resolves when a block is on this node's best chain. Rejects with the signal's reason. */
  async untilBlock(hash: Hex, signal?: AbortSignal): Promise<void> {
    await until([[this.chain.events, 'tip:changed']], () => this.chain.isBest(hash), signal)
  }

  /** Resolves when a transaction is pending here, or in a block of the best chain. Rejects with the signal's reason. */
  async untilTransaction(id: Hex, signal?: AbortSignal): Promise<void> {
    const known = (): boolean => this.mempool.get(id) !== undefined || this.chain.transaction(id) !== undefined
    await until([[this.mempool.events, 'transaction:added'], [this.chain.events, 'tip:changed']], known, signal)
  }

  get #running(): Parts {
    if (this.#parts === undefined) throw new NodeError('node-not-running', 'the node is not running: await start() first')
    return this.#parts
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#lastTurn.then(work)
    this.#lastTurn = turn.catch(() => {}) // whoever asked for it hears of it
    return turn
  }

  async #start(): Promise<void> {
    if (this.#started !== undefined) return
    const started = new AsyncDisposableStack()
    try {
      this.#parts = await this.#startParts(started)
      this.#started = started
      if (this.#options.mine) this.miner.run(this.wallet.default.account)
    } catch (error) {
      this.#parts = undefined
      this.#started = undefined
      await started.disposeAsync()
      throw error
    }
  }

  async #stop(): Promise<void> {
    const started = this.#started
    this.#started = undefined
    await started?.disposeAsync()
    this.#parts = undefined
  }

  async #startParts(started: AsyncDisposableStack): Promise<Parts> {
    assertSignatureVerdict()
    const { params, clock, random, libp2p, log, dataDir, identity, mdns, networkKey, transport, peers, targetPeers, mine, threads, cpu } = this.#options

    const folder = dataDir === undefined ? undefined : DataFolder.open(dataDir)
    started.defer(() => folder?.close())
    if (folder !== undefined) rememberKey(folder.path, networkKey)
    const privateKey = loadPeerKey(folder?.file('peer.key'), identity?.peerSeed)
    const name = this.#options.name ?? nameOf(peerIdFromPrivateKey(privateKey).toString())

    const store = SqliteStore.open(folder?.file('chain.sqlite') ?? ':memory:', params)
    started.defer(() => store.close())

    // The nodes of a swarm share their processors anyway, and a thread for each of them would cost more than it brings.
    const verifier = transport === 'memory' ? undefined : new VerifierPool({ log: log.child({ part: 'chain' }) })
    started.defer(() => verifier?.stop())
    const chain = new Chain({
      params, store, clock, verifier, log: log.child({ part: 'chain' }),
      findChecked: (encoded) => mempool.findChecked(encoded), rest: () => this.courtesy.rest(),
    })
    const mempool = new Mempool(
      { genesisHash: this.genesis.hash, account: (key) => chain.account(key), now: clock.now, log: log.child({ part: 'mempool' }) },
      { minFee: this.#options.minFee },
    )
    started.defer(() => mempool.follow()) // of a node that has stopped people ask on, and the store is closed then
    started.defer(() => chain.stop())
    chain.start()

    const wallet = Wallet.open(folder?.file('wallet.json'), { clock, entropy: identity?.walletEntropy })
    started.defer(() => wallet.close())
    for (const warning of wallet.warnings) log.warn({ part: 'wallet' }, warning)

    const miner = new Miner(
      {
        params,
        tip: () => tipOf(chain),
        select: (maxBytes) => mempool.select(maxBytes),
        add: (block) => chain.add(block, 'local'),
        now: clock.now, noMining: this.#options.noMining,
        log: log.child({ part: 'mining' }),
      },
      // The main thread, which serves and validates, keeps a processor where there is more than one.
      { threads: threads ?? Math.max(1, availableParallelism() - 1), cpu: cpu ?? 100 },
    )
    started.defer(() => miner.stop())
    if ((await loadKernel()).name === 'scalar') log.warn({ part: 'mining' }, SLOW_KERNEL)

    wire({ chain, mempool, miner }, clock, started)
    const kept = folder && new KeptMempool({
      mempool, clock, verifier, genesisHash: this.genesis.hash, rows: store.pending, log: log.child({ part: 'mempool' }),
    })
    kept?.start()
    started.defer(() => kept?.stop())
    const waits = new WaitEstimates({ chain, mempool, now: clock.now })
    const catchUp = started.adopt(new CatchUp({ clock, hold: (held) => miner.hold(held) }), (one) => one.stop())
    const network = await this.#startNetwork(
      { chain, mempool, verifier, clock, random, libp2p, privateKey, peerBook: store.peers, log: log.child({ part: 'network' }) },
      { name, account: wallet.default.account, agent: `cairn/${VERSION} ${name}`, peers, targetPeers, mdns, networkKey, transport },
      catchUp,
    )
    started.defer(() => network.stop())
    if (mine && (mdns || peers.length > 0 || store.peers.load().length > 0)) catchUp.lookAround() // else nobody can be found
    return { name, folder, chain, mempool, kept, waits, wallet, miner, network, storage: store }
  }

  /** Starts the network on the addresses asked for, else on the first port that is free. */
  async #startNetwork(
    components: ConstructorParameters<typeof Network>[0],
    options: Omit<ConstructorParameters<typeof Network>[1], 'listen'>,
    catchUp: CatchUp,
  ): Promise<Network> {
    const asked = this.#options.listen ?? (options.transport === 'memory' ? [`/memory/${crypto.randomUUID()}`] : undefined)
    for (;;) {
      const port = asked ? 0 : await freePort(PEER_PORT)
      const network = new Network(components, { ...options, listen: asked ?? [`/ip4/0.0.0.0/tcp/${port}`] })
      network.events.on('sync:progress', (progress) => catchUp.progress(progress))
      try {
        await network.start()
        return network
      } catch (error) {
        // Two nodes that start in the same instant may find the same port free: the one that lost tries the next.
        if (asked || (await isFree(port))) throw error
      }
    }
  }
}

function tipOf(chain: Chain): ReturnType<ConstructorParameters<typeof Miner>[0]['tip']> {
  const { hash } = chain.tip
  const ancestors = chain.ancestors(hash)
  if (ancestors === undefined) throw new Error(`the tip ${hash} is not in the chain's own index`)
  return { hash, ancestors }
}
