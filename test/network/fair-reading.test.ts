import { setImmediate as turn } from 'node:timers/promises'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { ConnectionEncrypter, MessageStream, SecuredConnection, Transport } from '@libp2p/interface'
import { AbstractMessageStream, multiaddrConnectionPair } from '@libp2p/utils'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { CairnLibp2p, Libp2pOptions } from '../../src/network/cairn-libp2p.ts'
import { fair } from '../../src/network/fair-reading.ts'
import { createCairnLibp2p } from '../../src/network/libp2p.ts'
import { protocolsOf } from '../../src/network/protocols.ts'

const PIECE_BYTES = 65_536

/** Encrypts nothing; the handshake is whatever `shake` does. */
const plain = (shake: () => Promise<void> = async () => {}) => (): ConnectionEncrypter => {
  const secure = async (connection: MessageStream): Promise<SecuredConnection> => {
    await shake()
    return { connection } as SecuredConnection // nothing else is looked at here
  }
  return { protocol: '/plain', secureInbound: secure, secureOutbound: secure }
}

/** One end of a connection, with what its own transport would call. */
const createEnd = (): AbstractMessageStream => multiaddrConnectionPair()[0] as unknown as AbstractMessageStream // the type hides it

/** One end of a connection, and what happens to it in order. */
async function createConnection(direction: 'secureInbound' | 'secureOutbound' = 'secureInbound') {
  const connection = createEnd()
  const happened: string[] = []
  Object.assign(connection, { sendPause: () => happened.push('pause'), sendResume: () => happened.push('resume') })
  const arrives = (bytes: number): void => {
    connection.onData(new Uint8Array(bytes))
  }
  await fair(plain())()[direction](connection)
  return { connection, happened, arrives }
}

test.each(['secureInbound', 'secureOutbound'] as const)('a piece that may have more behind it is the last of its turn: %s', async (direction) => {
  const { happened, arrives } = await createConnection(direction)
  arrives(PIECE_BYTES)
  expect(happened).toEqual(['pause'])
  await turn()
  expect(happened).toEqual(['pause', 'resume'])
  arrives(PIECE_BYTES)
  await turn()
  expect(happened).toEqual(['pause', 'resume', 'pause', 'resume'])
})

test('a shorter one is all there was: nothing pauses', async () => {
  const { happened, arrives } = await createConnection()
  for (let count = 0; count < 100; count++) arrives(PIECE_BYTES - 1)
  await turn()
  expect(happened).toEqual([])
})

test.each(['abort', 'onTransportClosed'] as const)('a connection that ends while it is paused stays ended: %s', async (end) => {
  const { connection, happened, arrives } = await createConnection()
  arrives(PIECE_BYTES)
  connection[end](new Error('the other side is gone'))
  const { status } = connection
  await turn()
  expect([connection.status, happened]).toEqual([status, ['pause']])
})

test('one that is being closed is read to its end', async () => {
  const { connection, happened, arrives } = await createConnection()
  arrives(PIECE_BYTES)
  connection.status = 'closing'
  await turn()
  expect(happened).toEqual(['pause', 'resume'])
})

test('the handshake is not listened to', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const connection = createEnd()
  const secured = fair(plain(() => promise))().secureInbound(connection)
  connection.onData(new Uint8Array(PIECE_BYTES))
  await turn()
  expect([connection.listenerCount('message'), connection.readBufferLength]).toEqual([0, PIECE_BYTES])
  resolve()
  await secured
  expect(connection.listenerCount('message')).toBe(1)
})

const optionsWith = async (differently: Partial<Libp2pOptions>): Promise<Libp2pOptions> => ({
  privateKey: await generateKeyPair('Ed25519'),
  protocols: protocolsOf('01234567'),
  transport: 'tcp', listen: ['/ip4/127.0.0.1/tcp/0'], agent: 'test', maxPeers: 4, maxBlockBytes: 1_048_576, gater: {},
  score: () => 0, judge: () => {}, traffic: { receivedBytes: 0, sentBytes: 0 }, now: () => performance.now(),
  ...differently,
})

const PROTOCOL = '/test/1'

test.each([
  ['over TCP', true, {}, undefined],
  ['over TCP, on a private network', true, { networkKey: new Uint8Array(32).fill(7) }, undefined],
  ['over TCP, where something stands in between', false, {}, (transport: Transport) => transport],
  ['in memory', false, { transport: 'memory', listen: ['/memory/fair-reading'] }, undefined],
] satisfies [string, boolean, Partial<Libp2pOptions>, ((transport: Transport) => Transport)?][])('what is long comes whole %s, and connections pause: %s', async (_where, pauses, differently, around) => {
  const pause = vi.spyOn(AbstractMessageStream.prototype, 'pause')
  onTestFinished(() => pause.mockRestore())
  const create = async (changed: Partial<Libp2pOptions>): Promise<CairnLibp2p> => {
    const libp2p = await createCairnLibp2p(await optionsWith({ ...differently, ...changed }), around)
    await libp2p.start()
    onTestFinished(() => void libp2p.stop())
    return libp2p
  }
  const [here, there] = [await create({ listen: [] }), await create({})]
  const { promise, resolve } = Promise.withResolvers<Buffer>()
  await there.handle(PROTOCOL, (stream) => {
    const pieces: Uint8Array[] = []
    stream.addEventListener('message', ({ data }) => void pieces.push(data.subarray()))
    stream.addEventListener('remoteCloseWrite', () => resolve(Buffer.concat(pieces)))
  })
  const stream = await (await here.dial(there.getMultiaddrs())).newStream(PROTOCOL)
  const sent = Buffer.from(Uint32Array.from({ length: 1_048_576 }, (_, at) => at).buffer)
  for (let at = 0; at < sent.length; at += PIECE_BYTES) {
    if (!stream.send(sent.subarray(at, at + PIECE_BYTES))) await stream.onDrain()
  }
  await stream.close()
  expect((await promise).equals(sent)).toBe(true)
  expect(pause.mock.calls.length > 0).toBe(pauses)
})
