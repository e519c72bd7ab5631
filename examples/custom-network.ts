/**
 * A network of your own: block time, subsidy, halvings and first coins, from one JSON file.
 *
 * What to watch: the parameters are hashed into block 0, so they are the network's identity. A node with the same file is a
 * peer; one whose file differs in a single number is another network, and is turned away. A mistake in the file is named.
 *
 *   node examples/custom-network.ts
 *
 * Real: the nodes and the file. Left out: sockets (the in-memory transport). With the command line it is
 * `cairn network new` and `cairn start --network club.json`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createNode, NetworkError, type NetworkParamsJson, ParamsError, parseParams, readNetworkFile, toAddress, toHex } from 'cairn'

const folder = await mkdtemp(join(tmpdir(), 'cairn-example-'))
const file = join(folder, 'club.json')
// A node only to have an account, for the club's first coins.
const treasurer = createNode({ network: 'local', transport: 'memory' })
await treasurer.start()
const { account } = treasurer.wallet.default
await treasurer.stop()

const club: NetworkParamsJson = {
  name: 'club',
  targetBlockTimeMs: 3_000,
  initialBits: 0x207f_ffff, // two hashes a block at first, so that this is over in a moment
  limitBits: 0x207f_ffff,
  subsidy: 100,
  halvingInterval: 3,
  allocations: [{ account: toAddress(account), amount: 500 }],
}
await writeFile(file, JSON.stringify(club, undefined, 2))
const network = readNetworkFile(file)
const founder = createNode({ network, transport: 'memory', name: 'founder' })
const member = createNode({ network, transport: 'memory', name: 'member' })
const stranger = createNode({ network: parseParams({ ...club, subsidy: 101 }), transport: 'memory', name: 'stranger' })
const nodes = [founder, member, stranger]
try {
  for (const node of nodes) await node.start()
  console.log(`network ${network.name}: block 0 is ${toHex(founder.genesis.hash).slice(0, 16)}…`)
  console.log(`the treasurer owns ${founder.chain.account(account).balance} from the start`)

  await member.network.dial(founder.network.addresses[0] ?? '')
  console.log('a member has the same file: connected')
  await stranger.network.dial(founder.network.addresses[0] ?? '').catch((error: unknown) => {
    if (!(error instanceof NetworkError)) throw error
    console.log(`a stranger's says subsidy 101, so block 0 is ${toHex(stranger.genesis.hash).slice(0, 8)}…: ${error.code}`)
  })

  console.log('\nblock  pays  the miner owns')
  for (let block = 1; block <= 7; block++) {
    const before = founder.chain.account(founder.wallet.default.account).balance
    await founder.mine(1)
    const { balance } = founder.chain.account(founder.wallet.default.account)
    console.log(`${String(block).padStart(5)} ${String(balance - before).padStart(5)} ${String(balance).padStart(15)}`)
  }
  await member.untilBlock(founder.chain.tip.hash)
  console.log(`the member is at height ${member.chain.tip.height}, the stranger at ${stranger.chain.tip.height}`)

  console.log('\nmistakes are named:')
  for (const mistake of [{ subsidy: -1 }, { limitBits: 0x1f01_0000 }]) {
    try {
      parseParams({ ...club, ...mistake })
    } catch (error) {
      if (!(error instanceof ParamsError)) throw error
      console.log(`  ${JSON.stringify(mistake)}\n    ${error.message}`)
    }
  }
} finally {
  for (const node of nodes) await node.stop()
  await rm(folder, { recursive: true })
}
