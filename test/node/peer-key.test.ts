import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { generateKeyPairFromSeed, privateKeyFromProtobuf } from '@libp2p/crypto/keys'
import { expect, onTestFinished, test } from 'vitest'
import { loadPeerKey } from '../../src/node/peer-key.ts'
import { quickFolder } from '../support/quick-folder.ts'

const SEED = Uint8Array.from({ length: 32 }, (_, at) => at)
const MESSAGE = new TextEncoder().encode('who is who')

test('a seed gives the key that libp2p makes of it, and the same signatures', async () => {
  const [ours, theirs] = [loadPeerKey(undefined, SEED), await generateKeyPairFromSeed('Ed25519', SEED)]
  expect(ours.raw).toEqual(theirs.raw)
  expect(ours.publicKey.equals(theirs.publicKey)).toBe(true)
  const signature = await theirs.sign(MESSAGE)
  expect(Uint8Array.from(await ours.sign(MESSAGE))).toEqual(Uint8Array.from(signature)) // Ed25519 draws nothing
})

test('without a seed each key is another', () => {
  expect(loadPeerKey(undefined).raw).not.toEqual(loadPeerKey(undefined).raw)
})

test('a file keeps the key, and what it signs is verified by its public half', async () => {
  const folder = quickFolder('peer-key')
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'peer.key')
  const first = loadPeerKey(file)
  expect(privateKeyFromProtobuf(readFileSync(file)).raw).toEqual(first.raw)
  const again = loadPeerKey(file, SEED)
  expect(again.raw).toEqual(first.raw)
  expect(await first.publicKey.verify(MESSAGE, await again.sign(MESSAGE))).toBe(true)
})
