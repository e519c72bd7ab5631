/**
 * Attacks on a node, each from a process of its own, so that what they cost the node is not mixed with what they cost
 * the attacker:
 *
 *   node hostile-attacks.ts NAME JSON        the JSON names the node's address; prints one line of JSON at its end
 */
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { encodeBlock } from '../../../src/consensus/types.ts'
import { encodeFrame } from '../../../src/network/frames.ts'
import { encodeHashes } from '../../../src/network/messages.ts'
import { CUT_HOST_QUOTA, protocolsOf, QUOTAS, type RequestKind } from '../../../src/network/protocols.ts'
import { createBlockBuilder } from '../../support/blocks.ts'
import { createHostilePeer, type HostilePeer } from '../../support/hostile-peer.ts'
import { createRandom } from '../../support/random.ts'
import { timed } from '../figure.ts'

/** The network of all attacks: its genesis and its first block are the same in every process. */
const blocks = createBlockBuilder()
blocks.block('a1', 'genesis')
const names = protocolsOf(blocks.genesis.id)
const random = createRandom(9)
const FRAMES_A_STREAM = 500
/** A second lies between two: a node that lets nobody in for so long does not do so because of a quota. */
const MAX_ATTEMPTS = 10

const PROTOCOLS: Record<string, string> = { ...names, gossip: '/meshsub/1.2.0', ping: '/ipfs/ping/1.0.0' }

/** From another address than the node's own, at which it lets everybody in: swarms are there. */
const comeAs = (from = '127.0.0.2'): Promise<HostilePeer> => createHostilePeer(blocks, { transport: 'tcp', from })

/** Connected. Where somebody was cut lately one is let in now and then: it asks again, as often as that can take. */
async function admitted(address: string): Promise<HostilePeer> {
  for (let attempt = 1; ; attempt++) {
    const peer = await comeAs()
    try {
      await peer.connect(address)
      return peer
    } catch (error) {
      await peer.stop()
      if (attempt === MAX_ATTEMPTS) throw error
      await pause(CUT_HOST_QUOTA.perMs)
    }
  }
}

/** What is no message: a length above any limit, one that never ends, or noise under a fitting one. */
function hostileFrame(): Uint8Array {
  const noise = random.bytes(1 + random.below(150))
  const kind = random.below(4)
  if (kind === 0) return Uint8Array.of(0xff, 0xff, 0xff, 0x7f, ...noise)
  if (kind === 1) return Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, ...noise)
  return encodeFrame(noise)
}

/** So many hostile frames on a protocol, by as many peers as it takes: whoever is cut comes back as somebody else. */
async function frames({ address, protocol, count }: { address: string; protocol: string; count: number }): Promise<unknown> {
  let sent = 0
  let came = 0
  for (; sent < count; came++) {
    const peer = await comeAs()
    try {
      await peer.dial(address)
      while (sent < count) {
        const stream = await peer.open(PROTOCOLS[protocol] ?? protocol)
        for (let frame = 0; frame < FRAMES_A_STREAM && sent < count && stream.status === 'open'; frame++, sent++) {
          if (!stream.send(hostileFrame())) await stream.onDrain({ signal: AbortSignal.timeout(2_000) })
        }
        stream.abort(new Error('the next one'))
      }
    } catch {
      // It was cut.
    }
    await peer.stop()
  }
  return { sent, came }
}

/** Pings without end, none of whose answers are taken. */
async function pings({ address, ms }: { address: string; ms: number }): Promise<unknown> {
  const end = Date.now() + ms
  const [ping, more] = [new Uint8Array(32), new Uint8Array(65_536)]
  let sent = 0
  while (Date.now() < end) {
    const peer = await comeAs()
    try {
      await peer.dial(address)
      while (Date.now() < end) {
        const stream = await peer.open('/ipfs/ping/1.0.0')
        stream.addEventListener('message', () => stream.pause(), { once: true })
        for (stream.send(ping); Date.now() < end && stream.status === 'open'; sent += more.length) {
          if (!stream.send(more)) await stream.onDrain({ signal: AbortSignal.timeout(1_000) })
          await pause(0)
        }
      }
    } catch {
      // It was reset or cut.
    }
    await peer.stop()
  }
  return { sent }
}

/** How long a peer stays that sends a block whose work is wrong, each time as somebody else. */
async function badWork({ address, times }: { address: string; times: number }): Promise<unknown> {
  const cutMs: number[] = []
  for (let time = 0; time < times; time++) {
    const bad = blocks.block(`bad ${time}`, 'a1', { mined: false, miner: `eve ${time}` })
    const peer = await admitted(address)
    cutMs.push(await timed(async () => {
      await peer.publish('blocks', encodeBlock(bad.block))
      await peer.cutOff
    }))
    await peer.stop()
  }
  return { cutMs }
}

/** Requests of every kind at a hundred times the quota, from so many peers at once, until the process is ended. */
async function requests({ address, peers }: { address: string; peers: number }): Promise<unknown> {
  const hash = encodeFrame(encodeHashes([blocks.get('a1').hex]))
  const flood = async (): Promise<never> => {
    for (;;) {
      const peer = await comeAs()
      try {
        await peer.dial(address)
        for (let sent = 0; ; sent++) {
          const kind: RequestKind = sent % 2 === 0 ? 'headers' : 'mempool'
          const answer = peer.send(kind, kind === 'headers' ? hash : encodeFrame(new Uint8Array()))
          await Promise.race([answer, pause(QUOTAS.headers.perMs / QUOTAS.headers.count / 100)])
          if ((await Promise.race([peer.cutOff.then(() => true), pause(0)])) === true) break
        }
      } catch {
        // It was refused, and comes again as somebody else.
      }
      await peer.stop()
    }
  }
  console.log('{}') // it has begun
  await Promise.race(Array.from({ length: peers }, flood))
  return {}
}

/** An honest peer's requests for a body, fifty a second, one after another. */
async function honest({ address, count }: { address: string; count: number }): Promise<unknown> {
  const peer = await comeAs('127.0.0.3')
  await peer.connect(address)
  const request = encodeFrame(encodeHashes([blocks.get('a1').hex]))
  const latenciesMs: number[] = []
  let refused = 0
  for (let asked = 0; asked < count; asked++) {
    latenciesMs.push(await timed(async () => {
      if (!Array.isArray(await peer.send('bodies', request))) refused += 1
    }))
    await pause(20)
  }
  await peer.stop()
  return { latenciesMs, refused }
}

const ATTACKS: Record<string, (options: never) => Promise<unknown>> = { frames, pings, badWork, requests, honest }

const [name = '', options = '{}'] = process.argv.slice(2)
const attack = ATTACKS[name]
if (attack === undefined) throw new Error(`usage: hostile-attacks.ts ${Object.keys(ATTACKS).join('|')} JSON`)
process.stdout.write(`${JSON.stringify(await attack(JSON.parse(options) as never))}\n`) // what hostile-tasks.ts gives
if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain')
process.exit(0)
