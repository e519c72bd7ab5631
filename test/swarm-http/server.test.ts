/** A swarm's routes on real nodes: what each changes, what each refuses, who may ask, and that events say what changed. */
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { SwarmApiEvent, SwarmChange, SwarmStatus } from '../../src/swarm-http/api.ts'
import { createSwarmServer } from '../../src/swarm-http/server.ts'
import { ask, TOKEN } from '../http/serve.ts'
import { serveSwarm, type ServedSwarm } from './serve.ts'

const states = ({ edges }: SwarmStatus): Record<string, string> => Object.fromEntries(edges.map(({ nodes, state }) => [nodes.join('-'), state]))

/** All that is told from now on, laid over each other; `until` resolves once it holds. */
async function listen({ client }: ServedSwarm): Promise<{ until(holds: (all: Required<SwarmChange>) => boolean): Promise<void> }> {
  const all: Required<SwarmChange> = { nodes: [], edges: [], blocks: [], conditions: { latencyMs: -1, jitterMs: 0, loss: 0, bytesPerSecond: null }, payments: { perMinute: -1, sent: 0, pending: 0 } }
  const ending = new AbortController()
  onTestFinished(() => ending.abort())
  const opened = Promise.withResolvers<void>()
  let check = (): void => {}
  const apply = ({ event, data }: SwarmApiEvent): void => {
    if (event === 'reset') return
    for (const node of data.nodes ?? []) all.nodes[node.node] = node
    all.edges.push(...data.edges ?? [])
    all.blocks.push(...data.blocks ?? [])
    all.conditions = data.conditions ?? all.conditions
    all.payments = data.payments ?? all.payments
    check()
  }
  const hear = async (): Promise<void> => {
    for await (const event of client.follow({ signal: ending.signal, onOpen: opened.resolve })) apply(event)
  }
  hear().catch(() => {}) // it ends with the test
  await opened.promise
  return {
    until: (holds) => new Promise((resolve) => {
      check = () => { if (holds(all)) resolve() }
      check()
    }),
  }
}

describe('three nodes in a line', () => {
  let served: ServedSwarm
  beforeAll(async () => { served = await serveSwarm({ nodes: 3, topology: 'line' }) })
  afterAll(() => served[Symbol.asyncDispose]())

  test('the story that it is made for: part, mine on both sides, see two branches, heal, and see one', async () => {
    const { client, swarm } = served
    const heard = await listen(served)
    const first = await client.status()
    expect(first).toMatchObject({ network: 'local', seed: '7', conditions: { latencyMs: 0, jitterMs: 0, loss: 0, bytesPerSecond: null } })
    expect(first.nodes.map(({ node, name, running, mining, height, mined }) => [node, name, running, mining, height, mined]))
      .toEqual(swarm.nodes.map(({ name }, at) => [at, name, true, false, 0, 0]))
    expect(states(first)).toEqual({ '0-1': 'connected', '1-2': 'connected' })
    expect((await client.blocks()).blocks).toMatchObject([{ hash: first.genesis, height: 0, node: null }])

    expect(states(await client.partition([[0, 1], [2]]))).toEqual({ '0-1': 'connected', '1-2': 'cut' })
    const { blocks: [lost] } = await client.mine({ node: 0 })
    const { blocks: won } = await client.mine({ node: 2, count: 3 })
    await swarm.until(() => swarm.nodes[1]!.chain.tip.height === 1)
    await heard.until(({ nodes }) => nodes[1]?.tip === lost!.hash && nodes[2]?.tip === won[2]!.hash)
    const { blocks } = await client.blocks()
    // Beside them there may be some that a thread found in the instant of another's find.
    const mined = [first.genesis, lost!.hash, ...won.map(({ hash }) => hash)]
    expect(blocks.filter(({ hash }) => mined.includes(hash)).map(({ height, node }) => [height, node]).sort())
      .toEqual([[0, null], [1, 0], [1, 2], [2, 2], [3, 2]])
    expect(blocks.find(({ hash }) => hash === won[0]!.hash)).toMatchObject({
      parent: first.genesis, miner: first.nodes[2]!.account, transactionCount: 0,
      work: swarm.nodes[2]!.chain.record(won[0]!.hash)!.work.toString(16),
    })

    expect(states(await client.heal())).toEqual({ '0-1': 'connected', '1-2': 'connected' })
    await swarm.converged()
    await heard.until(({ nodes }) => [0, 1, 2].every((at) => nodes[at]?.tip === won[2]!.hash))
    await heard.until((all) => all.blocks.length >= 4 && all.edges.some(({ state }) => state === 'cut'))
    const { nodes } = await client.status()
    expect(nodes.map(({ height }) => height)).toEqual([3, 3, 3])
    expect(nodes.map((node, at) => node.mined >= [1, 0, 3][at]!)).toEqual([true, true, true])
    expect(nodes[1]?.mined).toBe(0)
  })

  test('conditions: those that are given are set, the others stay; one link may have its own', async () => {
    const { client, swarm } = served
    const heard = await listen(served)
    await client.links({ latencyMs: 20, loss: 0.1 })
    expect((await client.links({ latencyMs: 5, bytesPerSecond: 1_000_000 })).conditions)
      .toEqual({ latencyMs: 5, jitterMs: 0, loss: 0.1, bytesPerSecond: 1_000_000 })
    await heard.until(({ conditions }) => conditions.bytesPerSecond === 1_000_000)
    const { conditions, edges } = await client.links({ between: [1, 2], latencyMs: 50 })
    expect(conditions.latencyMs).toBe(5)
    const own = { ...conditions, latencyMs: 50 }
    expect(edges.map((edge) => edge.conditions)).toEqual([null, own])
    await heard.until((all) => all.edges.some((edge) => edge.conditions?.latencyMs === 50))
    expect((await client.links({ between: [1, 2], latencyMs: 5 })).edges[1]?.conditions, 'as every link again').toBeNull()
    await client.links({ between: [1, 2], latencyMs: 50 })
    expect([swarm.links.between(1, 2), swarm.links.between(2, 1)]).toMatchObject([{ latencyMs: 50 }, { latencyMs: 50 }])
    expect((await client.links({ latencyMs: 0, loss: 0, bytesPerSecond: null })).conditions.bytesPerSecond).toBeNull()
    expect(swarm.links.between(0, 1).bytesPerSecond).toBe(Infinity)
  })

  test('one link is cut, and healed', async () => {
    const { client } = served
    expect(states(await client.cut(1, 0))).toEqual({ '0-1': 'cut', '1-2': 'connected' })
    expect(states(await client.heal([0, 1]))).toEqual({ '0-1': 'connected', '1-2': 'connected' })
    expect(states(await client.partition([[0], [1], [2]]))).toEqual({ '0-1': 'cut', '1-2': 'cut' })
    expect(states(await client.heal([2, 1])), 'a link between two parts').toEqual({ '0-1': 'cut', '1-2': 'connected' })
    expect(states(await client.heal())).toEqual({ '0-1': 'connected', '1-2': 'connected' })
  })

  test('payments are made as often as is asked, told, mined, and no longer made', async () => {
    const { client, swarm } = served
    const heard = await listen(served)
    expect((await client.status()).payments).toEqual({ perMinute: 0, sent: 0, pending: 0 })
    expect((await client.payments({ perMinute: 600 })).payments.perMinute).toBe(600)
    await heard.until(({ payments }) => payments.perMinute === 600)
    await client.mine({ node: 0 })
    await heard.until(({ payments: { sent, pending } }) => sent > 0 && pending > 0)
    expect((await client.payments({ perMinute: 0 })).payments.perMinute).toBe(0)
    const { sent } = swarm.payments
    do {
      await client.mine({ node: 0 }) // what was still on its way to the miner is in the next block
      await swarm.converged()
    } while ((await client.status()).payments.pending > 0)
    await heard.until(({ blocks, payments: { pending } }) => blocks.some(({ transactionCount }) => transactionCount > 0) && pending === 0)
    expect(swarm.payments.sent).toBe(sent)
  })

  test('a killed node is said not to run, mines not, and comes back under its name', async () => {
    const { client, post, swarm } = served
    const heard = await listen(served)
    const { nodes, edges } = await client.kill(2)
    expect(nodes[2]).toMatchObject({ running: false, mining: false })
    expect(edges[1]?.state).not.toBe('connected')
    expect(await post('mine', { node: 2 })).toMatchObject({ status: 409 })
    expect((await post('mining', { nodes: [0, 2], running: true })).json().error.code).toBe('swarm-node-stopped')
    expect(swarm.nodes[0]!.miner.progress().running).toBe(false)
    const back = await client.restart(2)
    expect(back.nodes[2]).toMatchObject({ running: true, name: nodes[2]!.name, account: nodes[2]!.account })
    await swarm.converged()
    await heard.until((all) => all.nodes[2]?.running === true && all.nodes[2].tip === swarm.nodes[0]!.chain.tip.hash)
  })

  test('mining without end is told, also where somebody else begins it', async () => {
    const { client, swarm } = served
    const heard = await listen(served)
    expect((await client.mining({ nodes: [1], running: true })).nodes.map(({ mining }) => mining)).toEqual([false, true, false])
    await heard.until(({ blocks }) => blocks.length >= 2)
    expect((await client.mining({ nodes: [1], running: false })).nodes[1]?.mining).toBe(false)
    swarm.nodes[0]!.miner.run(swarm.nodes[0]!.wallet.default.account)
    await heard.until(({ nodes }) => nodes[0]?.mining === true)
    await swarm.nodes[0]!.miner.pause()
    await heard.until(({ nodes }) => nodes[0]?.mining === false)
    // Both may have found as many blocks: of branches with equal work each keeps its own, and one block more decides.
    await swarm.until(() => new Set(swarm.nodes.map(({ chain }) => chain.tip.work)).size === 1)
    await client.mine({ node: 0 })
    await swarm.converged()
  })

  test('a node joins, is connected, and has the chain of the others', async () => {
    const { client, post, swarm } = served
    const answer = (await post('join', { neighbours: [0] })).json() as SwarmStatus
    expect(answer.nodes).toHaveLength(4)
    expect(states(answer)).toMatchObject({ '0-3': 'connected' })
    await swarm.converged()
    expect((await client.status()).nodes[3]?.tip).toBe(swarm.nodes[0]!.chain.tip.hash)
  })

  test.each([
    ['mine', {}, 400, 'node is missing: it must be a whole number from 0 to 199'],
    ['mine', { node: 9 }, 404, 'there is no node 9: they are 0 to 3'],
    ['mine', { node: 0, count: 0 }, 400, 'count must be a whole number of blocks from 1 to 1000, not 0'],
    ['mine', { node: '0' }, 400, 'node must be a whole number from 0 to 199, not "0"'],
    ['mining', { nodes: [], running: true }, 400, 'nodes must be a list of node numbers, not []'],
    ['mining', { nodes: [0] }, 400, 'running is missing: it must be true or false'],
    ['partition', { groups: [] }, 400, 'groups must be a list of groups, each a list of node numbers, not []'],
    ['partition', { groups: [[0], [0, 1]] }, 400, 'partition: node 0 is in two groups, a node can be in one'],
    ['partition', { groups: [[0], [8]] }, 404, 'there is no node 8: they are 0 to 3'],
    ['partition', { parts: [[0]] }, 400, 'groups is missing: it must be a list of groups, each a list of node numbers'],
    ['cut', { between: [0] }, 400, 'between must be a list of two node numbers, not [0]'],
    ['cut', { between: [0, 0] }, 400, 'between must be a list of two node numbers, not [0,0]'],
    ['cut', { between: [0, 2] }, 404, 'there is no link between 0 and 2: GET /api/v1/swarm lists those there are, as edges'],
    ['heal', { between: [0, 2] }, 404, 'there is no link between 0 and 2: GET /api/v1/swarm lists those there are, as edges'],
    ['links', { between: [0, 2], latencyMs: 1 }, 404, 'there is no link between 0 and 2: GET /api/v1/swarm lists those there are, as edges'],
    ['heal', { all: true }, 400, '"all" is not known here: there is between'],
    ['payments', {}, 400, 'perMinute is missing: it must be a whole number of payments a minute from 0 to 600'],
    ['payments', { perMinute: 601 }, 400, 'perMinute must be a whole number of payments a minute from 0 to 600, not 601'],
    ['payments', { perMinute: 1.5 }, 400, 'perMinute must be a whole number of payments a minute from 0 to 600, not 1.5'],
    ['kill', { node: -1 }, 400, 'node must be a whole number from 0 to 199, not -1'],
    ['restart', { node: 77 }, 404, 'there is no node 77: they are 0 to 3'],
    ['join', { neighbours: [5] }, 404, 'there is no node 5: they are 0 to 3'],
    ['links', { loss: 1 }, 400, 'loss must be a share of packets from 0 to 0.99, not 1'],
    ['links', { latencyMs: -1 }, 400, 'latencyMs must be a number of milliseconds that a message takes, from 0 to 60000, not -1'],
    ['links', { bytesPerSecond: 0 }, 400, 'bytesPerSecond must be a whole number of bytes from 1, or null for no limit, not 0'],
    ['links', { speed: 3 }, 400, '"speed" is not known here: there are between, latencyMs, jitterMs, loss, bytesPerSecond'],
  ])('%s %j is refused: %i, %s', async (what, body, status, message) => {
    const before = await served.client.status()
    const answer = await served.post(what, body)
    expect([answer.status, answer.json().error.message]).toEqual([status, message])
    expect({ ...await served.client.status(), time: 0 }).toEqual({ ...before, time: 0 })
  })

  test('whatever changes something needs the token; what only reads does not', async () => {
    const { url } = served.server
    for (const what of ['mine', 'mining', 'partition', 'cut', 'heal', 'kill', 'restart', 'join', 'links', 'payments']) {
      const path = `/api/v1/swarm/${what}`
      const json = { 'content-type': 'application/json' }
      const none = await ask(url, 'POST', path, { headers: json, body: '{}' })
      expect([none.status, none.json().error.code], what).toEqual([401, 'token-missing'])
      expect(none.json().error.message).toContain('in the address that cairn swarm prints')
      const wrong = await ask(url, 'POST', path, { headers: { ...json, authorization: `Bearer ${'0'.repeat(64)}` }, body: '{}' })
      expect([wrong.status, wrong.json().error.code], what).toEqual([401, 'token-wrong'])
    }
    for (const path of ['/api/v1/swarm', '/api/v1/swarm/blocks?limit=1']) expect((await ask(url, 'GET', path)).status).toBe(200)
    expect((await served.client.status()).nodes.every(({ running }) => running)).toBe(true)
  })

  test('other sites and other names are turned away, and a path that is not there says what is', async () => {
    const { url } = served.server
    const status = async (headers: Record<string, string>): Promise<number> => (await ask(url, 'GET', '/api/v1/swarm', { headers })).status
    expect(await status({ host: 'evil.example' })).toBe(403)
    expect(await status({ origin: 'http://evil.example' })).toBe(403)
    const heal = { headers: { authorization: `Bearer ${TOKEN}`, origin: 'http://evil.example', 'content-type': 'application/json' }, body: '{}' }
    expect((await ask(url, 'POST', '/api/v1/swarm/heal', heal)).status).toBe(403)
    const missing = await ask(url, 'GET', '/api/v1/status')
    expect([missing.status, missing.json().error.message])
      .toEqual([404, 'there is no /api/v1/status here: /docs lists what there is'])
    expect((await ask(url, 'GET', '/api/v1/swarm/heal')).headers.allow).toBe('POST')
    expect((await ask(url, 'GET', '/api/v1/swarm/blocks?limit=0')).status).toBe(400)
  })
})

test('blocks of before are read, and a request that waits is answered when the server stops', async () => {
  const served = await serveSwarm({ nodes: 2 })
  onTestFinished(() => served[Symbol.asyncDispose]())
  await served.swarm.nodes[0]!.mine(5)
  await served.swarm.converged()
  await served.server.stop()
  const log = served.swarm.nodes[0]!.log
  const later = await createSwarmServer(served.swarm, { host: '127.0.0.1', port: 0, explicitPort: true, token: TOKEN, log })
  await later.start()
  const { blocks } = (await ask(later.url, 'GET', '/api/v1/swarm/blocks?limit=3')).json()
  expect(blocks.map(({ height }: { height: number }) => height)).toEqual([3, 4, 5])
  // Latency of a minute: healing cannot be done in time.
  served.swarm.links.partition([[0], [1]])
  served.swarm.links.setAll({ latencyMs: 60_000 })
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
  const healed = once(served.swarm.events, 'links:changed')
  const healing = ask(later.url, 'POST', '/api/v1/swarm/heal', { headers, body: '{}' })
  await healed
  await later.stop()
  expect((await healing).json().error.code).toBe('swarm-stopping')
})
