/**
 * What is measured in a process of its own:
 *
 *   node sync-tasks.ts importFile '{ "file", "dataDir" }'                                prints ms
 *   node sync-tasks.ts syncFrom '{ "addresses", "dataDir", "networkFile", "height" }'    prints ms
 */
import { importChain } from '../../../src/node/import-chain.ts'
import { createNode } from '../../../src/node/node.ts'
import { readNetworkFile } from '../../../src/node/options.ts'
import { until } from '../../../src/node/until.ts'
import { timed } from '../figure.ts'

/** As `cairn import` does it. */
function importFile({ file, dataDir }: { file: string; dataDir: string }): Promise<number> {
  return timed(() => importChain({ file, dataDir }))
}

interface Sync {
  /** Multiaddrs, dialled at once and in this order. */
  addresses: string[]
  dataDir: string
  networkFile: string
  /** The last block's. */
  height: number
}

/** A fresh node, as `cairn start` makes it: from the first dial to the last block. */
async function syncFrom({ addresses, dataDir, networkFile, height }: Sync): Promise<number> {
  const node = createNode({
    network: readNetworkFile(networkFile), dataDir, mdns: false, listen: ['/ip4/127.0.0.1/tcp/0'],
  })
  await node.start()
  const ms = await timed(async () => {
    for (const address of addresses) node.network.dial(address).catch(() => {}) // a liar may leave at once
    await until([[node.chain.events, 'tip:changed']], () => node.chain.tip.height >= height)
  })
  await node.stop()
  return ms
}

const TASKS: Record<string, (options: never) => Promise<number>> = { importFile, syncFrom }

const [name = '', options = '{}'] = process.argv.slice(2)
const task = TASKS[name]
if (task === undefined) throw new Error(`usage: sync-tasks.ts ${Object.keys(TASKS).join('|')} JSON`)
console.log(await task(JSON.parse(options) as never)) // what sync.ts of the benchmarks gives
