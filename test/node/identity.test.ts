import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createNode } from '../../src/node/node.ts'
import type { Identity, NodeOptions } from '../../src/node/options.ts'
import { until } from '../../src/node/until.ts'

const identity = (byte: number): Identity => ({ peerSeed: new Uint8Array(32).fill(byte), walletEntropy: new Uint8Array(16).fill(byte) })

/** What others know a node by. */
async function keysOf(options: NodeOptions): Promise<{ peerId: string; name: string; address: string }> {
  const node = createNode({ network: 'local', transport: 'memory', ...options })
  await node.start()
  const { network: { peerId }, name, wallet } = node
  await node.stop()
  return { peerId, name, address: wallet.default.address }
}

test('a node with an identity has the same keys each time, and another identity gives others', async () => {
  const first = await keysOf({ identity: identity(1) })
  expect(await keysOf({ identity: identity(1) })).toEqual(first)
  const other = await keysOf({ identity: identity(2) })
  expect(other.peerId).not.toBe(first.peerId)
  expect(other.address).not.toBe(first.address)
})

test('a folder keeps the keys that it has, whatever identity a node is given later', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cairn-identity-'))
  const first = await keysOf({ dataDir, identity: identity(1) })
  expect(first).toEqual(await keysOf({ identity: identity(1) }))
  expect(await keysOf({ dataDir, identity: identity(2) })).toEqual(first)
  rmSync(dataDir, { recursive: true })
})

test('a node that aims at no peers dials nobody that it hears of', async () => {
  await using disposing = new AsyncDisposableStack()
  const start = async (options: NodeOptions) => {
    const node = createNode({ network: 'local', mdns: false, listen: ['/ip4/127.0.0.1/tcp/0'], ...options })
    disposing.defer(() => node.stop())
    await node.start()
    return node
  }
  const [first, second] = [await start({ targetPeers: 0 }), await start({})]
  const third = await start({ targetPeers: 0, peers: first.network.addresses })
  await until([[first.network.events, 'peer:connected']], () => first.network.peers().length === 1)
  // The second asks the first for others, and dials the third; the third would dial the second if it might.
  await second.network.dial(first.network.addresses[0]!)
  await until([[second.network.events, 'peer:connected']], () => second.network.peers().length === 2)
  expect(second.network.peers().find(({ peerId }) => peerId === third.network.peerId)?.direction).toBe('outbound')
})
