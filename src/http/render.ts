/**
 * Objects of the node as the JSON of api.ts: bytes as hex or `cairn1…`, bigints as hex, nothing that is not there.
 */
import type { Chain } from '../chain/chain.ts'
import type { HeaderRecord } from '../chain/chain-events.ts'
import { type Address, fromAddress, toAddress } from '../consensus/account.ts'
import { blockBytes } from '../consensus/block.ts'
import { blockHash } from '../consensus/header.ts'
import { type Hex, toHex } from '../consensus/hex.ts'
import type { NetworkParams } from '../consensus/params.ts'
import { headerFields, transactionFields } from '../consensus/proof.ts'
import { fromCompact, workOf } from '../consensus/target.ts'
import type { Block, Header } from '../consensus/types.ts'
import type { PendingTransaction as Pending } from '../mempool/queue.ts'
import type { Ban, PeerInfo } from '../network/network.ts'
import type { MiningProgress } from '../mining/miner.ts'
import type { Node } from '../node/node.ts'
import type {
  Account,
  BannedPeer,
  BlockDetail,
  BlockHeader,
  BlockSummary,
  MiningStatus,
  NetworkParameters,
  Peer,
  PendingTransaction,
  TransactionDetail,
} from './api.ts'

/** What a summary needs of a body; the same for ever, and reading it means decoding the whole block. */
type BodyFacts = Pick<BlockSummary, 'miner' | 'transactionCount' | 'bytes' | 'fees'>

/** Blocks whose facts are kept: a page that lists the chain asks for the same ones again and again. */
const MAX_FACTS = 4096

/** @param hash where the caller has it at hand */
export const renderHeader = (header: Header, hash: Hex = toHex(blockHash(header))): BlockHeader => ({ hash, ...headerFields(header) })

export const renderPeer = (peer: PeerInfo): Peer => ({
  peerId: peer.peerId,
  name: peer.name,
  account: peer.account && toAddress(peer.account),
  agent: peer.agent,
  address: peer.address,
  direction: peer.direction,
  latencyMs: peer.latencyMs,
  height: peer.height,
  tip: peer.tip,
  score: peer.score,
  since: peer.since,
})

export const renderBan = ({ peerId, code, until }: Ban): BannedPeer => ({ peerId, code, until })

export const renderMining = ({ running, waiting, hashRate, threads, cpu }: MiningProgress): MiningStatus => ({
  running,
  waiting,
  hashRate,
  threads,
  cpu,
})

export const renderParameters = ({ allocations, ...numbers }: NetworkParams): NetworkParameters => ({
  ...numbers,
  allocations: allocations.map(({ account, amount }) => ({ account: toAddress(account), amount })),
})

/** Expected hashes to meet compact bits. */
export const difficultyOf = (bits: number): number => Number(workOf(fromCompact(bits).target))

/** Renders what needs the chain around it. One for each server: it keeps what is dear to work out. */
export class Renderer {
  readonly #node: Node
  readonly #facts = new Map<Hex, BodyFacts>()

  constructor(node: Node) {
    this.#node = node
  }

  /** A stored block, with its transactions; undefined where it is unknown. */
  detail(hash: Hex): BlockDetail | undefined {
    const record = this.#chain.record(hash)
    const block = record && this.#chain.block(hash)
    if (record === undefined || block === undefined) return undefined
    return {
      ...this.summary(record, block),
      transactions: block.body.transactions.map((transaction) => transactionFields(transaction)),
    }
  }

  /** @param block where the caller has it at hand; else it is read from the store */
  summary({ hash, header, work }: HeaderRecord, block?: Block): BlockSummary {
    return {
      ...renderHeader(header, hash),
      difficulty: difficultyOf(header.bits),
      work: work.toString(16),
      ...this.#factsOf(hash, block),
      best: this.#chain.isBest(hash),
    }
  }

  /** A transaction of the best chain, or a pending one; undefined where it is neither. */
  transaction(id: Hex): TransactionDetail | undefined {
    const found = this.#chain.transaction(id)
    if (found === undefined) {
      const pending = this.#node.mempool.get(id)
      if (pending === undefined) return undefined
      return { ...transactionFields(pending.transaction, id), block: null, confirmations: 0, minedInMs: this.#minedInMs(id) }
    }
    const { transaction, blockHash, height, position } = found
    const record = this.#chain.record(blockHash)
    if (record === undefined) throw new Error(`the block ${blockHash} of transaction ${id} is not in the chain's index`)
    return {
      ...transactionFields(transaction, id),
      block: { hash: blockHash, height, position, timestamp: record.header.timestamp },
      confirmations: this.#chain.tip.height - height + 1,
      minedInMs: null,
    }
  }

  pending({ id, transaction, receivedAt, bytes, ready }: Pending): PendingTransaction {
    return { ...transactionFields(transaction, id), receivedAt, bytes, ready, minedInMs: this.#minedInMs(id) }
  }

  account(account: Uint8Array): Account {
    const { balance, nonce } = this.#chain.account(account)
    const { mempool } = this.#node
    // After a reorganisation more may be pending than is there to pay it.
    const spendable = Math.max(0, balance - mempool.promisedBy(account))
    return { account: toAddress(account), balance, nonce, pending: mempool.pendingOf(account), spendable }
  }

  /**
   * What the node calls itself that an account belongs to: this node's name for its own, else as nodes have said.
   * @param key the same account's, where the caller has it at hand
   */
  nodeName(account: Address, key = fromAddress(account)): string | null {
    if (this.#node.wallet.find(account) !== undefined) return this.#node.name
    return this.#node.network.nameOf(key) ?? null
  }

  #minedInMs(id: Hex): number | null {
    return this.#node.waits.of(id)?.ms ?? null
  }

  get #chain(): Chain {
    return this.#node.chain
  }

  #factsOf(hash: Hex, given: Block | undefined): BodyFacts & Pick<BlockSummary, 'minerName'> {
    let facts = this.#facts.get(hash)
    if (facts === undefined) {
      const block = given ?? this.#chain.block(hash)
      if (block === undefined) throw new Error(`the block ${hash} is in the chain's index and not in its store`)
      facts = factsOf(block)
      this.#facts.set(hash, facts)
      const [oldest] = this.#facts.keys()
      if (this.#facts.size > MAX_FACTS && oldest !== undefined) this.#facts.delete(oldest)
    }
    return { ...facts, minerName: this.nodeName(facts.miner) }
  }
}

const factsOf = (block: Block): BodyFacts => ({
  miner: toAddress(block.body.miner),
  transactionCount: block.body.transactions.length,
  bytes: blockBytes(block),
  fees: block.body.transactions.reduce((sum, { fee }) => sum + fee, 0),
})
