/** The key behind a node's peer id: made once, kept in the data folder, as libp2p's protobuf of an Ed25519 key. */
import { readFileSync } from 'node:fs'
import { generateKeyPair, generateKeyPairFromSeed, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { writeWhole } from './data-folder.ts'
import { NodeError } from './node-error.ts'

/**
 * The key in a file; made there where there is none. Without a file: a new one each time.
 * @param seed what a new one is made of, 32 bytes. @default random ones
 * @throws NodeError `peer-key-damaged`
 */
export async function loadPeerKey(file: string | undefined, seed?: Uint8Array): Promise<PrivateKey> {
  const make = (): Promise<PrivateKey> => (seed === undefined ? generateKeyPair('Ed25519') : generateKeyPairFromSeed('Ed25519', seed))
  if (file === undefined) return make()
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new NodeError('peer-key-damaged', `${file} cannot be read (${(error as Error).message}): mend its permissions`, { cause: error })
    }
    const key = await make()
    writeWhole(file, privateKeyToProtobuf(key))
    return key
  }
  try {
    return privateKeyFromProtobuf(bytes)
  } catch (error) {
    throw new NodeError('peer-key-damaged', `${file} holds no key: remove it, and the node gets a new peer id (accounts are not affected)`, { cause: error })
  }
}
