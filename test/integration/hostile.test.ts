/** A hostile peer against the real command, over TCP: what its user sees. */
import { expect, test } from 'vitest'
import { encodeBlock } from '../../src/consensus/types.ts'
import { cairn, startNode, temporaryFolder } from '../cli/program.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createHostilePeer } from '../support/hostile-peer.ts'

test('whoever sends an invalid block is shown as refused, with the reason and for how long', async () => {
  const blocks = createBlockBuilder()
  const hostile = await createHostilePeer(blocks, { transport: 'tcp' })
  const node = await startNode(temporaryFolder(), ['--name', 'luna'])
  const [address = ''] = node.ready.addresses
  await hostile.connect(address)
  await hostile.publish('blocks', encodeBlock(blocks.block('bad', 'genesis', { mined: false }).block))
  await hostile.cutOff

  const { stdout } = await cairn(['peers', '--data', node.folder])
  expect(stdout).toMatch(new RegExp(`^no peers[^\\n]*\\n\\nrefused +because of +for another\\n${hostile.peerId}  block-bad-pow +(30|29) min`))
  const { stdout: json } = await cairn(['peers', '--data', node.folder, '--json'])
  expect(JSON.parse(json)).toEqual({
    peers: [], banned: [{ peerId: hostile.peerId, code: 'block-bad-pow', until: expect.any(Number) as number }],
  })
  // It cannot come back: it is refused at once, or when the node has heard who it is.
  const connection = await hostile.dial(address).catch(() => undefined)
  if (connection?.status === 'open') await new Promise((resolve) => connection.addEventListener('close', resolve))
  await hostile.stop()
  const { stderr } = await node.end()
  expect(stderr).toContain(hostile.peerId)
  expect(stderr).toMatch(/"code":"block-bad-pow".*"msg":"banned a peer"/)
})
