/** How a node stands now, as metrics: nothing is counted for them, each is looked at when it is asked for. */
import { nextBits } from '../../consensus/difficulty.ts'
import type { Node } from '../../node/node.ts'
import { VERSION } from '../../node/version.ts'
import { difficultyOf } from '../render.ts'
import { looked, type Metric } from './tally.ts'

/** @param eventStreams how many listen now */
export function gaugesOf(node: Node, eventStreams: () => number): Metric[] {
  const { chain, mempool, miner, network, storage, params } = node
  const peersBy = (direction: 'inbound' | 'outbound'): number => network.peers().filter((peer) => peer.direction === direction).length
  return [
    looked('gauge', 'cairn_build_info', 'This program; always 1', () => [[{ version: VERSION, network: params.name }, 1]]),
    looked('gauge', 'cairn_chain_height', 'Height of the best block', () => chain.tip.height),
    looked('gauge', 'cairn_chain_work', 'Work of the best chain, expected hashes', () => Number(chain.tip.work)),
    looked('gauge', 'cairn_chain_difficulty', 'Expected hashes to find the next block', () => {
      const ancestors = chain.ancestors(chain.tip.hash)
      return ancestors === undefined ? Number.NaN : difficultyOf(nextBits(ancestors, params))
    }),
    looked('gauge', 'cairn_chain_tip_timestamp_seconds', 'Time of the best block, since the Unix epoch', () => chain.tip.header.timestamp / 1_000),
    looked('gauge', 'cairn_mempool_transactions', 'Pending transactions', () => mempool.size),
    looked('gauge', 'cairn_mempool_bytes', 'Encoded size of the pending transactions', () => mempool.bytes),
    looked('gauge', 'cairn_mining_running', 'Whether this node mines without end: 1 or 0', () => Number(miner.progress().running)),
    looked('gauge', 'cairn_mining_hashes_per_second', 'Hash rate of this node', () => miner.progress().hashRate),
    looked('gauge', 'cairn_mining_threads', 'Threads that mining uses', () => miner.progress().threads),
    looked('gauge', 'cairn_network_peers', 'Connected peers of this network, by who dialled', () => [
      [{ direction: 'inbound' }, peersBy('inbound')],
      [{ direction: 'outbound' }, peersBy('outbound')],
    ]),
    looked('gauge', 'cairn_network_banned_peers', 'Peers that are refused because they broke the rules', () => network.bans().length),
    looked('gauge', 'cairn_network_syncing', 'Whether this node is catching up: 1 or 0', () => Number(network.sync.state !== 'idle')),
    looked('gauge', 'cairn_network_sync_height', 'Height reached by catching up', () => network.sync.height),
    looked('gauge', 'cairn_network_sync_target_height', 'Height aimed at by catching up; the height reached when idle', () => network.sync.target),
    looked('counter', 'cairn_network_received_bytes_total', 'Bytes received on connections, inside their encryption', () => network.traffic.receivedBytes),
    looked('counter', 'cairn_network_sent_bytes_total', 'Bytes sent on connections, inside their encryption', () => network.traffic.sentBytes),
    looked('gauge', 'cairn_storage_file_bytes', 'Sizes of the chain’s file and of its log; 0 in memory', () =>
      Object.entries(storage.fileBytes()).map(([file, bytes]) => [{ file }, bytes] as const),
    ),
    looked('gauge', 'cairn_http_event_streams', 'Event streams that are open', eventStreams),
  ]
}
