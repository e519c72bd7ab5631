/** Where this node stands, and what its network is. */
import type { FastifyInstance } from 'fastify'
import { toAddress } from '../../consensus/account.ts'
import { nextBits } from '../../consensus/difficulty.ts'
import { genesisOf } from '../../consensus/genesis.ts'
import { toHex } from '../../consensus/hex.ts'
import { networkParams } from '../../consensus/params.ts'
import type { NetworkInfo, Status } from '../api.ts'
import { difficultyOf, renderMining, renderParameters } from '../render.ts'
import * as schema from '../schemas.ts'
import type { RouteContext } from './context.ts'

const status = schema.answer<Status>('where this node stands', {
  network: schema.text('the network’s name', 'lan'),
  genesis: schema.hash,
  networkKey: schema.nullable(schema.text('8 hex digits to compare keys of a private network by', '3f2a77c1')),
  name: schema.text('this node’s name', 'flint-otter'),
  peerId: schema.text('its libp2p peer id', schema.PEER_ID),
  addresses: schema.listOf(schema.text('a multiaddr that it listens on', schema.MULTIADDR)),
  height: schema.height,
  tip: schema.hash,
  work: schema.text('chain work, hex', '16a00000'),
  difficulty: schema.shown(schema.number('expected hashes to find the next block'), 1_048_576),
  peers: schema.whole(0, 65_536, 'connected peers'),
  mempool: schema.whole(0, 65_536, 'pending transactions'),
  mining: schema.miningStatus,
  sync: schema.answer<Status['sync']>('how far it has caught up', {
    state: schema.text('idle, headers or bodies', 'idle'),
    height: schema.height,
    target: schema.height,
    blocksPerSecond: schema.nullable(schema.number('how fast, blocks a second')),
    remainingMs: schema.nullable(schema.number('how long it still takes, milliseconds')),
  }),
  account: schema.account,
  time: schema.time,
})

export function statusRoutes(app: FastifyInstance, { node }: RouteContext): void {
  const genesis = toHex(node.genesis.hash)
  const byName = toHex(genesisOf(networkParams(node.params.name)).hash) === genesis

  app.get(
    '/api/v1/status',
    {
      config: { access: 'open' },
      schema: { summary: 'Where this node stands', response: { 200: status, '4xx': schema.error } },
    },
    (): Status => {
      const { chain, mempool, miner, network, wallet, clock } = node
      const { tip } = chain
      const ancestors = chain.ancestors(tip.hash)
      if (ancestors === undefined) throw new Error(`the tip ${tip.hash} is not in the chain's own index`)
      return {
        network: node.params.name,
        genesis,
        networkKey: network.keyFingerprint ?? null,
        name: node.name,
        peerId: network.peerId,
        addresses: network.addresses,
        height: tip.height,
        tip: tip.hash,
        work: tip.work.toString(16),
        difficulty: difficultyOf(nextBits(ancestors, node.params)),
        peers: network.peers().length,
        mempool: mempool.size,
        mining: renderMining(miner.progress()),
        sync: network.sync,
        account: toAddress(wallet.default.account),
        time: clock.now(),
      }
    },
  )

  app.get(
    '/api/v1/network',
    {
      config: { access: 'open', revalidate: true },
      schema: { summary: 'The network’s parameters and genesis', response: { 200: schema.networkInfo, '4xx': schema.error } },
    },
    (): NetworkInfo => ({ genesis, id: node.genesis.id, byName, parameters: renderParameters(node.params) }),
  )
}
