/** The key behind a node's peer id: made once, kept in the data folder, as libp2p's protobuf of an Ed25519 key. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { privateKeyFromProtobuf, privateKeyFromRaw, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { keyPair, sign } from '../consensus/signature.ts'
import { writeWhole } from './data-folder.ts'
import { NodeError } from './node-error.ts'

/**
 * The key in a file; made there where there is none. Without a file: a new one each time.
 * @param seed what a new one is made of, 32 bytes. @default random ones
 * @throws NodeError `peer-key-damaged`
 */
export function loadPeerKey(file: string | undefined, seed?: Uint8Array): PrivateKey {
  const make = (): PrivateKey => signing(privateKeyFromRaw(keyPair(seed ?? randomBytes(32)).secretKey))
  if (file === undefined) return make()
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new NodeError('peer-key-damaged', `${file} cannot be read (${(error as Error).message}): mend its permissions`, { cause: error })
    }
    const key = make()
    writeWhole(file, privateKeyToProtobuf(key))
    return key
  }
  try {
    return signing(privateKeyFromProtobuf(bytes))
  } catch (error) {
    throw new NodeError('peer-key-damaged', `${file} holds no key: remove it, and the node gets a new peer id (accounts are not affected)`, { cause: error })
  }
}

/** libp2p imports its key anew for each signature, which takes longer than to sign; libsodium takes the bytes as they are. */
function signing(key: PrivateKey): PrivateKey {
  if (key.type !== 'Ed25519') return key
  const keys = { publicKey: key.publicKey.raw, secretKey: key.raw }
  return Object.assign(key, { sign: (message: Parameters<PrivateKey['sign']>[0]) => sign(message.subarray(), keys) })
}
