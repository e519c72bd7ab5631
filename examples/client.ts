/**
 * A program beside a node: it asks, pays and hears by HTTP, as the page and the command line do.
 *
 * What to watch: every change in the node is an event here a moment later; a refusal is an error with a code; without the
 * token the node answers questions and does nothing.
 *
 *   node examples/client.ts
 *
 * Real: `cairn start` in a process and a folder of its own, mining, a payment. Left out: other nodes. The client needs
 * nothing of Node, so a page may use it too; only finding the token is different there.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ApiFailure, createClient } from 'cairn/client'

const data = await mkdtemp(join(tmpdir(), 'cairn-example-'))
const cairn = fileURLToPath(new URL('../src/cli/cairn.js', import.meta.url)) // `npx cairn` in a project that installed it
const alone = ['--http', '127.0.0.1:0', '--listen', '/ip4/127.0.0.1/tcp/0', '--no-mdns']
const args = [cairn, 'start', '--json', '--log', 'error', '--network', 'local', '--data', data, ...alone]
const node = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
const ended = once(node, 'exit')
try {
  const [line] = (await once(createInterface({ input: node.stdout }), 'line')) as [string]
  const { http: url, account } = JSON.parse(line) as { http: string; account: string }
  const stranger = createClient({ url })
  const client = createClient({ url, token: (await readFile(join(data, 'token'), 'utf8')).trim() })

  const { name, network, height } = await stranger.status()
  console.log(`${name} on network ${network} is at height ${height}`)
  await stranger.mineBlocks(1).catch((error: unknown) => {
    if (!(error instanceof ApiFailure)) throw error
    console.log(`without the token it does not mine: ${error.code}`)
  })

  // Listen first, act second: whatever changes from then on is an event, also where the connection breaks meanwhile.
  const listening = Promise.withResolvers<void>()
  const hearing = (async () => {
    for await (const { event, data: what } of client.follow({ onOpen: listening.resolve })) {
      if (event === 'transaction:added') console.log(`  heard: ${what.amount} to be paid, “${what.memo}”`)
      if (event !== 'block:connected') continue
      console.log(`  heard: block ${what.height}, ${what.transactionCount} payments, fees ${what.fees}`)
      if (what.height === 3) return
    }
  })()
  await listening.promise
  await client.mineBlocks(2)
  const savings = await client.addAccount('savings')
  const { id } = await client.send({ recipient: savings.account, amount: 30, fee: 1, memo: 'for a rainy day' })
  await client.mineBlocks(1)
  await hearing

  const { block } = await client.transaction(id)
  const [first, second] = await Promise.all([client.account(account), client.account(savings.account)])
  console.log(`the payment is in block ${block?.height}; the first account has ${first.balance}, the savings ${second.balance}`)
} finally {
  node.kill('SIGINT')
  await ended
  await rm(data, { recursive: true })
}
