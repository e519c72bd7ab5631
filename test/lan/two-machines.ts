/**
 * The main story of Cairn, told by real processes that find each other by mDNS. Run inside a network namespace of its
 * own by two-machines.test.ts, so that nothing leaves the machine and nobody else answers:
 *
 *   unshare -n sh -c 'ip link set lo up && node test/lan/two-machines.ts'
 *
 * Prints a line of JSON a chapter: `{ "chapter", "ok", "ms", "found"? }`.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cairn, type RealNode, startNode } from '../support/real-node.ts'

const root = mkdtempSync(join(tmpdir(), 'cairn-lan-'))
const network = `story-${process.pid}`
const running = new Set<RealNode>()
const start = async (name: string, options: { args?: string[]; npm?: boolean; network?: string } = {}): Promise<RealNode> => {
  const args = ['--network', options.network ?? network, '--name', name, ...(options.args ?? [])]
  const node = await startNode({ data: join(root, name), args, npm: options.npm })
  running.add(node)
  return node
}

let failures = 0
async function chapter(name: string, tell: () => Promise<object | void>): Promise<void> {
  const began = performance.now()
  try {
    const found = await tell()
    console.log(JSON.stringify({ chapter: name, ok: true, ms: Math.round(performance.now() - began), ...found }))
  } catch (error) {
    failures += 1
    console.log(JSON.stringify({ chapter: name, ok: false, error: String(error instanceof Error ? error.stack : error) }))
  }
}

const balance = async (node: RealNode, of: RealNode): Promise<number> => (await node.client.account(of.ready.account)).balance
const json = async (...args: string[]): Promise<Record<string, unknown>> => {
  const { code, stdout, stderr } = await cairn(...args, '--json')
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout) as Record<string, unknown>
}

let fox!: RealNode
let owl!: RealNode
try {
  await chapter('two nodes start by npm start and print where they serve', async () => {
    ;[fox, owl] = await Promise.all([start('fox', { npm: true }), start('owl', { npm: true })])
    assert.equal(fox.ready.genesis, owl.ready.genesis)
    assert.equal(fox.ready.network, network)
    return { startedInMs: [fox, owl].map((node) => Math.round(node.startedInMs)) }
  })

  await chapter('they find each other by mDNS, no address given', async () => {
    await Promise.all([fox, owl].map((node) => node.until('it has a peer', ({ peers }) => peers >= 1)))
  })

  await chapter('three blocks mined on one are on both', async () => {
    const { blocks } = (await json('mine', '3', '--data', fox.data)) as { blocks: { height: number; hash: string }[] }
    assert.deepEqual(blocks.map(({ height }) => height), [1, 2, 3])
    const began = performance.now()
    await owl.until('it has the third block', ({ tip }) => tip === blocks[2]?.hash)
    return { afterTheLastBlockMs: Math.round(performance.now() - began) }
  })

  await chapter('a payment sent on one is mined by the other', async () => {
    const { id } = (await json('send', owl.ready.account, '30', '--fee', '1', '--data', fox.data)) as { id: string }
    await owl.until('it heard of the payment', ({ mempool }) => mempool === 1)
    const { blocks } = (await json('mine', '1', '--data', owl.data)) as { blocks: { hash: string }[] }
    await fox.until('it has the block', ({ tip }) => tip === blocks[0]?.hash)
    for (const node of [fox, owl]) {
      assert.equal(await balance(node, fox), 3 * 50 - 31)
      assert.equal(await balance(node, owl), 30 + 50 + 1)
      assert.equal((await node.client.transaction(id)).block?.height, 4)
    }
  })

  await chapter('a third node that starts later catches up', async () => {
    const elk = await start('elk')
    const { tip } = await fox.client.status()
    await elk.until('it has the same tip', (status) => status.tip === tip)
  })

  await chapter('a node killed while mining comes back with what it acknowledged, and catches up', async () => {
    await owl.client.mining({ running: true })
    const before = await owl.until('it mined on', ({ height }) => height >= 6)
    await owl.kill()
    running.delete(owl)
    await json('mine', '1', '--data', fox.data)
    owl = await start('owl')
    const after = await owl.client.status()
    assert.ok(after.height >= before.height, `height ${after.height} after ${before.height} was acknowledged`)
    const { tip } = await fox.client.status()
    await owl.until('it has fox’s tip', (status) => status.tip === tip)
  })

  await chapter('a node of another network sees none of them', async () => {
    const wren = await start('wren', { network: `${network}-b` })
    await assert.rejects(wren.client.dial(fox.ready.addresses[0] ?? ''), { code: 'peer-other-network' })
    const { peers, height } = await wren.client.status()
    assert.deepEqual({ peers, height }, { peers: 0, height: 0 })
  })

  await chapter('two that never met, with 2 and 5 blocks, both have the 5 after one POST /peers', async () => {
    const apart = { network: 'local', args: ['--no-mdns'] }
    const [hare, pike] = await Promise.all([start('hare', apart), start('pike', apart)])
    await hare.client.mineBlocks(1)
    const { id } = await hare.client.send({ recipient: pike.ready.account, amount: 20, fee: 1 })
    await hare.client.mineBlocks(1)
    await pike.client.mineBlocks(5)
    const { tip } = await pike.client.status()
    await hare.client.dial(pike.ready.addresses[0] ?? '')
    await hare.until('it has the longer chain', (status) => status.tip === tip)
    assert.equal((await pike.client.status()).tip, tip)
    assert.equal((await hare.client.transaction(id)).block, null, 'the payment of the lost branch is pending again')
  })

  await chapter('Ctrl-C ends each with status 0', async () => {
    const codes = await Promise.all([...running].map((node) => node.stop()))
    assert.ok(codes.every((code) => code === 0), `exit codes ${codes.join(' ')}`)
    running.clear()
  })
} finally {
  await Promise.all([...running].map((node) => node.kill()))
  rmSync(root, { recursive: true, force: true })
}
process.exitCode = failures === 0 ? 0 : 1
