/**
 * Gossip of blocks and transactions.
 *
 * In: each message is judged before it is forwarded. A block goes through the chain, a transaction through the
 * mempool, and their answer is the verdict:
 *
 *   block        connected, reorganised → accept      known, side branch, waiting → ignore      RuleError → the table
 *   transaction  admitted → accept                    RuleError, PolicyError → the table
 *
 * When a block is forwarded: as soon as the chain knows that it extends our tip and breaks no rule (`block:checked`), and
 * before it is written: the answer goes to gossipsub in the same call, and what it sends is with the sockets when the
 * call returns. Each hop costs a check in memory, never a disk, and still whoever forwards a block vouches for
 * all of it: an honest node that has the parent finds the same, so that an invalid block can be held against whoever
 * sent it. (Bitcoin's compact blocks, BIP 152, leave earlier, after the header's checks alone; then nobody may be
 * punished for what is in them.) What comes back from a disk that fails afterwards concerns this node only: it has not
 * got the block then, and asks for it when a peer's status tells of it. Only where a reorganisation is needed to know
 * whether a block is valid it waits for that.
 *
 * Before it is judged a block waits for a turn of the event loop, so that what came with it is heard first: copies of it, and
 * which peers say that they have it (IDONTWANT). They are not sent it again: of twenty nodes in one process each is sent a
 * block less than twice on average, and of bare gossipsubs, which answer at once, more than four times (bench/network).
 *
 * A side branch is not forwarded, because it is not checked whole until it wins. A block without its parent makes the
 * sync ask its sender at once, for gossip will not bring it again. Its answer waits meanwhile, so that it goes on as soon
 * as it is checked and the next node asks us at once, too; gossipsub waits five seconds for an answer. What comes later
 * gossip will not take from us, nor an early block whose time has come: whoever has seen a message once ignores it.
 * `carries` says whether gossip has a block, and if not, peers are told by status.
 *
 * Out: what this node mined or was given to send, and what a reorganisation made pending again.
 */
import { type GossipsubMessage, TopicValidatorResult } from '@libp2p/gossipsub'
import type { PeerId } from '@libp2p/interface'
import type { Logger } from 'pino'
import type { Chain } from '../chain/chain.ts'
import type { ChainEvents } from '../chain/chain-events.ts'
import { type Clock, turn } from '../chain/clock.ts'
import type { SignatureVerifier } from '../chain/signature-verifier.ts'
import { readBlock } from '../consensus/checked-transaction.ts'
import { RuleError } from '../consensus/errors.ts'
import { type Hex, toHex } from '../consensus/hex.ts'
import { type Block, encodeBlock, encodeTransaction, type Transaction } from '../consensus/types.ts'
import { PolicyError } from '../mempool/policy.ts'
import type { MempoolEvents } from '../mempool/mempool-events.ts'
import type { Mempool } from '../mempool/pool.ts'
import type { CairnGossipEvents, CairnLibp2p } from './cairn-libp2p.ts'
import { reason } from './network-error.ts'
import type { Tell } from './network-options.ts'
import type { Protocols } from './protocols.ts'
import { TransactionIntake } from './transaction-intake.ts'
import { type Code, VERDICTS } from './verdicts.ts'

export interface GossipComponents {
  libp2p: CairnLibp2p
  protocols: Protocols
  chain: Pick<Chain, 'add' | 'events' | 'genesis' | 'params'>
  mempool: Pick<Mempool, 'add' | 'check' | 'events' | 'findChecked'>
  /** Verifies many transactions at once. @default they are verified here */
  verifier?: SignatureVerifier | undefined
  /** @default the event loop's turns */
  clock?: Pick<Clock, 'turn'>
  log: Logger
  /** A peer sent what has this code. */
  judge: (peerId: string, code: Code, found: string) => void
  /** A peer was the first to bring a valid block. */
  credit: (peerId: string) => void
  /** A peer sent a block whose parent we do not have. */
  orphan: (peerId: string, hash: Hex) => void
  tell: Tell
}

/** Blocks without their parent whose answer waits: more than come in the time that gossipsub gives it. */
const MAX_ORPHANS = 64

type Finding = 'accept' | 'ignore' | { code: Code; found: string }

const RESULTS = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
} as const

type Answer = (result: keyof typeof RESULTS) => void

export class Gossip {
  readonly #components: GossipComponents
  readonly #intake: TransactionIntake
  /** Blocks that are being judged, and who wants to know that one may be forwarded. */
  readonly #judged = new Map<Block, () => void>()
  /** Blocks without their parent that are not answered for yet, the oldest first. */
  readonly #orphans = new Map<Hex, Answer>()
  /** The last block that was forwarded or published. */
  #carried: Hex | undefined
  #isStopped = false

  constructor(components: GossipComponents) {
    this.#components = components
    const { mempool, verifier, chain, clock } = components
    this.#intake = new TransactionIntake({ mempool, verifier, clock, genesisHash: chain.genesis.hash })
  }

  /** Subscribes to both topics; libp2p must be started. To be stopped before libp2p is, and not started again. */
  start(): void {
    const { libp2p, protocols, chain, mempool } = this.#components
    const { pubsub } = libp2p.services
    pubsub.addEventListener('gossipsub:message', this.#onMessage)
    pubsub.subscribe(protocols.blocks)
    pubsub.subscribe(protocols.transactions)
    chain.events.on('block:checked', this.#onBlock)
    mempool.events.on('transaction:added', this.#onTransaction)
  }

  stop(): void {
    const { libp2p, chain, mempool } = this.#components
    this.#isStopped = true
    libp2p.services.pubsub.removeEventListener('gossipsub:message', this.#onMessage) // what nobody judges is not forwarded
    chain.events.off('block:checked', this.#onBlock)
    mempool.events.off('transaction:added', this.#onTransaction)
    for (const hash of this.#orphans.keys()) this.#settle(hash, 'ignore')
  }

  /**
   * Whether gossip flows both ways between us and a peer. gossipsub opens one stream each way when a connection
   * begins and no other when one of them breaks.
   */
  flows(peer: PeerId): boolean {
    const flows = { inbound: false, outbound: false }
    for (const { streams } of this.#components.libp2p.getConnections(peer)) {
      for (const { protocol, status, direction } of streams) {
        if (status === 'open' && protocol.startsWith('/meshsub/')) flows[direction] = true
      }
    }
    return flows.inbound && flows.outbound
  }

  /** Whether a block that has just become the tip is on its way by gossip. */
  carries(hash: Hex): boolean {
    return this.#carried === hash
  }

  /** Publishes a transaction; whoever has seen it lately ignores it. */
  publishTransaction(transaction: Transaction): void {
    this.#publish(this.#components.protocols.transactions, encodeTransaction(transaction))
  }

  readonly #onBlock = ({ block, hash, origin }: ChainEvents['block:checked'][0]): void => {
    const forward = this.#judged.get(block)
    if (forward !== undefined) forward()
    else if (this.#orphans.has(hash)) this.#settle(hash, 'accept')
    else if (origin === 'local') this.#publish(this.#components.protocols.blocks, encodeBlock(block))
    else return // it waited too long, and whoever has seen it ignores it
    this.#carried = hash
  }

  readonly #onTransaction = ({ pending, origin }: MempoolEvents['transaction:added'][0]): void => {
    if (origin === 'local' || origin === 'reorg') this.publishTransaction(pending.transaction)
  }

  #publish(topic: string, data: Uint8Array): void {
    const { libp2p, log } = this.#components
    libp2p.services.pubsub.publish(topic, data).catch((error: unknown) => {
      log.warn({ topic, reason: reason(error) }, 'could not publish; peers will hear of it by status')
    })
  }

  readonly #onMessage = ({ detail }: CairnGossipEvents['gossipsub:message']): void => void this.#judge(detail)

  /** Never rejects. */
  async #judge({ propagationSource, msgId, msg: { topic, data } }: GossipsubMessage): Promise<void> {
    const { libp2p, protocols, judge, log, tell } = this.#components
    const { pubsub } = libp2p.services
    const sender = propagationSource.toString()
    let answered = false
    const answer: Answer = (result) => {
      if (!answered) pubsub.reportMessageValidationResult(msgId, sender, RESULTS[result])
      answered = true
    }
    let finding: Finding
    try {
      finding = topic === protocols.blocks ? await this.#block(data, sender, answer) : await this.#transaction(data)
    } catch (error) {
      const code = 'gossip-validator-failed'
      log.error({ err: error, code, peer: sender, topic }, 'failed to judge a message: a bug, or a disk that fails')
      finding = { code, found: reason(error) }
    }
    if (finding === 'accept' && topic === protocols.blocks) this.#components.credit(sender)
    const { verdict, code } = typeof finding === 'string' ? { verdict: finding, code: null } : { verdict: VERDICTS[finding.code].gossip, code: finding.code }
    if (code !== 'block-unknown-parent') answer(verdict)
    if (typeof finding !== 'string') judge(sender, finding.code, finding.found)
    tell('message:judged', { topic: topic === protocols.blocks ? 'blocks' : 'transactions', verdict, code })
  }

  /** @param answer called where the block may be forwarded before this resolves, or only afterwards */
  async #block(data: Uint8Array, sender: string, answer: Answer): Promise<Finding> {
    const { chain, mempool, log, orphan, clock } = this.#components
    await turn(clock)
    if (this.#isStopped) return 'ignore'
    let block: Block | undefined
    let hash: Hex | undefined
    try {
      // Before it is decoded: the packet it came in may be larger than any block.
      if (data.length > chain.params.maxBlockBytes) {
        throw new RuleError('block-too-large', `${data.length} bytes, at most ${chain.params.maxBlockBytes}`)
      }
      const read = readBlock(data, mempool.findChecked)
      block = read.block
      hash = toHex(read.hash)
      this.#judged.set(block, () => answer('accept'))
      const result = await chain.add(block, 'gossip', read)
      log.debug({ peer: sender, hash, outcome: result.outcome }, 'took a block')
      if (result.outcome === 'waiting') {
        log.warn({ code: result.code, peer: sender, hash }, 'keeps back a block')
        if (result.code === 'block-unknown-parent') {
          this.#keep(hash, answer)
          orphan(sender, hash)
        }
        return { code: result.code, found: hash }
      }
      return result.outcome === 'connected' || result.outcome === 'reorganised' ? 'accept' : 'ignore'
    } catch (error) {
      if (!(error instanceof RuleError)) throw error
      log.warn({ code: error.code, peer: sender, hash, reason: error.message }, 'refused a block')
      return { code: error.code, found: error.message }
    } finally {
      if (block !== undefined) this.#judged.delete(block)
    }
  }

  /** Keeps the answer for a block until its parent comes; the oldest makes way. */
  #keep(hash: Hex, answer: Answer): void {
    this.#orphans.set(hash, answer)
    const [oldest] = this.#orphans.keys()
    if (oldest !== undefined && this.#orphans.size > MAX_ORPHANS) this.#settle(oldest, 'ignore')
  }

  #settle(hash: Hex, result: keyof typeof RESULTS): void {
    this.#orphans.get(hash)?.(result)
    this.#orphans.delete(hash)
  }

  async #transaction(data: Uint8Array): Promise<Finding> {
    const { log } = this.#components
    try {
      await this.#intake.add(data)
      return 'accept'
    } catch (error) {
      if (error instanceof PolicyError) {
        log.debug({ code: error.code, reason: error.message }, 'does not keep a transaction')
        return { code: error.code, found: error.message }
      }
      if (!(error instanceof RuleError)) throw error
      log.warn({ code: error.code, reason: error.message }, 'refused a transaction')
      return { code: error.code, found: error.message }
    }
  }
}
