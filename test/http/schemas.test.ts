/** Every answer is what its schema says, so that the schemas can be published. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { encodeBlock, encodeTransaction } from '../../src/consensus/types.ts'
import { Access } from '../../src/http/access.ts'
import { labRoutes } from '../../src/http/lab.ts'
import { Renderer } from '../../src/http/render.ts'
import { accountRoutes } from '../../src/http/routes/accounts.ts'
import { chainRoutes } from '../../src/http/routes/chain.ts'
import { diagnosisRoutes } from '../../src/http/routes/diagnosis.ts'
import { externalMiningRoutes } from '../../src/http/routes/external-mining.ts'
import { headerRoutes } from '../../src/http/routes/headers.ts'
import { mempoolRoutes } from '../../src/http/routes/mempool.ts'
import { miningRoutes } from '../../src/http/routes/mining.ts'
import { peerRoutes } from '../../src/http/routes/peers.ts'
import { proofRoutes } from '../../src/http/routes/proof.ts'
import { seriesRoutes } from '../../src/http/routes/series.ts'
import { statusRoutes } from '../../src/http/routes/status.ts'
import { walletRoutes } from '../../src/http/routes/wallet.ts'
import { Arrivals } from '../../src/http/series/arrivals.ts'
import { BlockColumns } from '../../src/http/series/block-columns.ts'
import type { Node } from '../../src/node/node.ts'
import { mine } from '../support/blocks.ts'
import { answerSchemas, faults } from './conforms.ts'
import { address, blocks, pendingId, serveDrawn, teaId } from './drawn-chain.ts'
import { serve, type Served, TOKEN } from './serve.ts'

/** A block that somebody else mined on the node's tip, as the route takes it. */
function minedBlock(node: Node): { block: string } {
  const { block } = node.miner.template(node.wallet.default.account)
  mine(block.header)
  return { block: toHex(encodeBlock(block)) }
}

let served: Served
beforeAll(async () => {
  served = await serveDrawn()
})
afterAll(() => served[Symbol.asyncDispose]())

test('every answer is what its schema says, field by field', async () => {
  const { node } = served
  const context = { node, render: new Renderer(node), stopping: new AbortController().signal }
  const schemas = answerSchemas((app) => {
    for (const add of [statusRoutes, chainRoutes, headerRoutes, proofRoutes, accountRoutes, walletRoutes, miningRoutes, peerRoutes, diagnosisRoutes, labRoutes])
      add(app, context)
    const access = new Access({ token: TOKEN, host: '127.0.0.1' })
    seriesRoutes(app, { ...context, columns: new BlockColumns({ chain: node.chain, arrivals: new Arrivals(node) }) })
    mempoolRoutes(app, context, access)
    externalMiningRoutes(app, context, access)
  })
  await using other = await serve({ network: blocks.params })
  const recipient = address('carol')
  const checks: [route: string, path: string, body?: object][] = [
    ['GET /api/v1/status', '/api/v1/status'],
    ['GET /api/v1/network', '/api/v1/network'],
    ['GET /api/v1/blocks', '/api/v1/blocks'],
    ['GET /api/v1/blocks/:heightOrHash', '/api/v1/blocks/2'],
    ['GET /api/v1/headers', '/api/v1/headers?from=1&limit=2'],
    ['GET /api/v1/series', '/api/v1/series?points=2'],
    ['GET /api/v1/transactions/:id', `/api/v1/transactions/${teaId}`],
    ['GET /api/v1/transactions/:id', `/api/v1/transactions/${pendingId}`],
    ['GET /api/v1/transactions/:id/proof', `/api/v1/transactions/${teaId}/proof`],
    ['GET /api/v1/forks', '/api/v1/forks'],
    ['GET /api/v1/mempool', '/api/v1/mempool'],
    ['GET /api/v1/mempool/estimate', '/api/v1/mempool/estimate?fee=3'],
    ['GET /api/v1/accounts/:account', `/api/v1/accounts/${address('alice')}`],
    ['GET /api/v1/accounts/:account/transactions', `/api/v1/accounts/${address('alice')}/transactions?limit=1`],
    ['GET /api/v1/wallet', '/api/v1/wallet'],
    ['POST /api/v1/wallet/accounts', '/api/v1/wallet/accounts', { name: 'savings' }],
    ['GET /chain', '/chain'],
    ['POST /api/v1/peers', '/api/v1/peers', { address: other.node.network.addresses[0] }],
    ['GET /api/v1/peers', '/api/v1/peers'],
    ['GET /api/v1/diagnosis', '/api/v1/diagnosis'],
    ['POST /api/v1/mining', '/api/v1/mining', {}],
    ['POST /api/v1/mining/submit', '/api/v1/mining/submit', minedBlock(node)],
    ['POST /api/v1/mining/blocks', '/api/v1/mining/blocks', { count: 2 }],
    ['GET /mine', '/mine'],
    ['GET /api/v1/mining/template', `/api/v1/mining/template?miner=${recipient}`],
    ['GET /api/v1/mining/template', `/api/v1/mining/template?miner=${recipient}&body=true`],
    ['POST /api/v1/wallet/send', '/api/v1/wallet/send', { recipient, amount: 1 }],
    ['POST /transactions/new', '/transactions/new', { recipient, amount: 1 }],
    ['POST /api/v1/wallet/encrypt', '/api/v1/wallet/encrypt', { passphrase: 'correct horse' }],
    ['POST /api/v1/wallet/passphrase', '/api/v1/wallet/passphrase', { passphrase: 'correct horse', newPassphrase: 'correct horse' }],
    ['POST /api/v1/wallet/unlock', '/api/v1/wallet/unlock', { passphrase: 'correct horse', minutes: 1 }],
    ['POST /api/v1/wallet/lock', '/api/v1/wallet/lock', {}],
    [
      'POST /api/v1/transactions',
      '/api/v1/transactions',
      { ssz: toHex(encodeTransaction(blocks.pay({ from: 'alice', to: 'carol', amount: 1, nonce: 2 }))) },
    ],
  ]
  for (const [route, path, body] of checks) {
    const { status, text, json } = await served.ask(body ? 'POST' : 'GET', path, {
      headers: { authorization: `Bearer ${TOKEN}`, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    })
    expect([200, 201], `${route}: ${text}`).toContain(status)
    expect(faults(schemas.get(route)!, json()), route).toEqual([])
  }
  expect(
    [...schemas.keys()].filter((route) => !checks.some(([checked]) => checked === route)),
    'routes without a check',
  ).toEqual([])
})

test('the schemas’ own check finds what is wrong', () => {
  const schema = {
    type: 'object',
    description: 'x',
    properties: { a: { type: 'integer', description: 'x', maximum: 1 } },
    required: ['a'],
  }
  expect(faults(schema, { a: 1 })).toEqual([])
  expect(faults(schema, {})).toEqual(['$.a: missing'])
  expect(faults(schema, { a: 2, b: 1 })).toEqual(['$.a: 2 is out of range', '$.b: not in the schema'])
  expect(faults(schema, { a: 0.5 })).toEqual(['$.a: 0.5 is not integer'])
})
