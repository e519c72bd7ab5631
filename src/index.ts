/**
 * Cairn: a proof-of-work blockchain that the machines on a LAN build together.
 *
 * The map of the house, from the ground up; a room knows only the rooms above it in this list:
 *
 *   consensus/   the rules: pure functions, no I/O, no clock; PROTOCOL.md is their text
 *   chain/       the tree of headers, fork choice, and Chain: the one way in and the single writer
 *   storage/     the chain in one SQLite file
 *   mempool/     pending transactions: admission, limits, selection for a block
 *   mining/      templates, worker threads, the hash kernel
 *   wallet/      keys and accounts
 *   network/     libp2p: discovery, gossip, requests, sync, peers
 *   node/        all of the above wired together
 *   swarm/       many nodes in one process, and a model of ten thousand
 *   http/        the node's interface for programs, and its page's server
 *   swarm-http/  the same for a swarm
 *   web/         the page
 *   cli/         the command line
 *   package/     makes of these what npm installs
 *
 * How a block travels: gossip, sync or the miner hand it to `chain.add` → sanity → context → connect → one storage
 * transaction → events, of which mempool, miner, network and page hear.
 *
 * @example
 *   import { createNode } from 'cairn'
 *   const node = createNode({ network: 'class-101', dataDir: './node' })
 *   await node.start()
 *   node.chain.events.on('block:connected', ({ height, hash }) => console.log(height, hash))
 *   await node.mine(1)
 *   await node.stop()
 */
export { type Address, fromAddress, toAddress } from './consensus/account.ts'
export { ParamsError, RuleError, RULES, type RuleCode } from './consensus/errors.ts'
export { fromHex, type Hex, toHex } from './consensus/hex.ts'
export { type NetworkParams, type NetworkParamsJson, networkParams, parseParams } from './consensus/params.ts'
export { type Proof, PROOF_FORMAT } from './consensus/proof.ts'
export { type ProofCode, ProofError } from './consensus/proof-error.ts'
export { type Proven, verifyProof, type VerifyProofOptions } from './consensus/verify-proof.ts'
export type { AccountState, Block, Body, Header, Transaction } from './consensus/types.ts'
export type { AddResult, Chain, ChainEvents, HeaderRecord } from './chain/chain.ts'
export type { Clock } from './chain/clock.ts'
export type { MempoolEvents } from './mempool/mempool-events.ts'
export type { Mempool } from './mempool/pool.ts'
export type { PendingTransaction } from './mempool/queue.ts'
export { PolicyError, type PolicyCode } from './mempool/policy.ts'
export type { Miner, MinerEvents, MiningProgress } from './mining/miner.ts'
export type { Network, NetworkEvents, PeerInfo } from './network/network.ts'
export { formatNetworkKey, makeNetworkKey, parseNetworkKey } from './network/network-key.ts'
export { NetworkError } from './network/network-error.ts'
export { createNode, type Node, type Payment } from './node/node.ts'
export { NodeError } from './node/node-error.ts'
export { type NodeOptions, readNetworkFile } from './node/options.ts'
export { StorageError } from './storage/storage-error.ts'
export type { LinkConditions } from './swarm/links.ts'
export type { ClockSettings } from './swarm/node-clock.ts'
export { createSwarm } from './swarm/create-swarm.ts'
export { modelNetwork, type ModelFigures } from './swarm/model/model-network.ts'
export type { ModelOptions } from './swarm/model/options.ts'
export type { SwarmOptions } from './swarm/options.ts'
export { Random } from './swarm/random.ts'
export type { Swarm } from './swarm/swarm.ts'
export type { SwarmEvents } from './swarm/swarm-events.ts'
export { parseTopology, type Topology } from './swarm/topology.ts'
export { RunLog } from './swarm/virtual/run-log.ts'
export type { VirtualSwarm } from './swarm/virtual/swarm.ts'
export { type Wallet, type WalletAccount } from './wallet/wallet.ts'
export { WalletError } from './wallet/wallet-error.ts'
