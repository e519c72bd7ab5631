/**
 * Seven peers that stall and lie, in a process of their own: each claims more work than there is and has the true
 * headers, and with every one of them the bodies go wrong in another way.
 *
 *   node liars.ts '{ "accounts", "blocks", "transactions" }'     prints their addresses, one line of JSON, and serves
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { genesisOf } from '../../../src/consensus/genesis.ts'
import { type Hex, toHex } from '../../../src/consensus/hex.ts'
import { blockHash } from '../../../src/consensus/header.ts'
import { encodeBody, encodeHeader } from '../../../src/consensus/types.ts'
import { encodeFrame } from '../../../src/network/frames.ts'
import { decodeHashes } from '../../../src/network/messages.ts'
import { MAX_BODIES, MAX_HEADERS, MAX_LOCATOR_HASHES } from '../../../src/network/protocols.ts'
import { type Answer, createHostilePeer, type HostilePeer } from '../../support/hostile-peer.ts'
import { blocksIn, type Fixture, fixtureFile, paramsOf, sendersOf } from '../chain/fixture.ts'

export interface Liars extends AsyncDisposable {
  /** Multiaddrs. */
  addresses: string[]
}

/** Starts the process; resolves when all seven listen. */
export async function startLiars(fixture: Fixture): Promise<Liars> {
  const liars = spawn(process.execPath, [fileURLToPath(import.meta.url), JSON.stringify(fixture)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: liars.stdout }), 'line')) as [string]
  return {
    addresses: JSON.parse(line) as string[], // what `main` prints
    async [Symbol.asyncDispose]() {
      const exited = once(liars, 'exit')
      liars.kill()
      await exited
    },
  }
}

/** A body every 1.5 s: less than what counts as a stall. */
const SLOW_MS = 1_500

interface Chain {
  hashes: Hex[]
  headers: Uint8Array[]
  bodies: Map<Hex, Uint8Array>
}

/** How each spoils what an honest peer would do. */
const LIES: Record<string, (liar: HostilePeer, chain: Chain) => void> = {
  'has nothing behind its status': ({ answers }) => {
    answers.headers = () => [new Uint8Array()]
  },
  'never answers for headers': ({ answers }) => {
    answers.headers = () => undefined
  },
  'never answers for bodies': ({ answers }) => {
    answers.bodies = () => undefined
  },
  'sends the bodies of other blocks': ({ answers }, { bodies, hashes }) => {
    const others = new Map(hashes.map((hash, at) => [hash, bodies.get(hashes[at + 1] ?? '')]))
    answers.bodies = (request) => decodeHashes(request, MAX_BODIES).flatMap((hash) => others.get(hash) ?? [])
  },
  'sends garbage': ({ answers }) => {
    answers.bodies = (request) => decodeHashes(request, MAX_BODIES).map(() => crypto.getRandomValues(new Uint8Array(1_700)))
  },
  'sends a body every 1.5 s': ({ answers }, chain) => {
    answers.bodies = (request, stream) => {
      const rest = bodiesOf(chain)(request)
      const timer = setInterval(() => {
        const next = rest.shift()
        if (next === undefined || stream.status !== 'open') clearInterval(timer)
        else stream.send(encodeFrame(next))
      }, SLOW_MS)
      return undefined
    }
  },
  'resets the stream after ten bodies': ({ answers }, chain) => {
    answers.bodies = (request, stream) => {
      for (const body of bodiesOf(chain)(request).slice(0, 10)) stream.send(encodeFrame(body))
      stream.abort(new Error('enough'))
      return undefined
    }
  },
}

function headersOf({ hashes, headers }: Chain): Answer {
  const heights = new Map(hashes.map((hash, at) => [hash, at + 1]))
  return (request) => {
    const from = decodeHashes(request, MAX_LOCATOR_HASHES).map((hash) => heights.get(hash)).find((height) => height !== undefined) ?? 0
    return [Buffer.concat(headers.slice(from, from + MAX_HEADERS))]
  }
}

const bodiesOf = ({ bodies }: Chain) => (request: Uint8Array): Uint8Array[] =>
  decodeHashes(request, MAX_BODIES).flatMap((hash) => bodies.get(hash) ?? [])

async function main(fixture: Fixture): Promise<void> {
  const chain: Chain = { hashes: [], headers: [], bodies: new Map() }
  for (const { header, body } of blocksIn(fixtureFile(fixture))) {
    const hash = toHex(blockHash(header))
    chain.hashes.push(hash)
    chain.headers.push(encodeHeader(header))
    chain.bodies.set(hash, encodeBody(body))
  }
  const genesis = genesisOf(paramsOf(sendersOf(fixture)))
  const nobody = (): never => {
    throw new Error('these blocks have no names')
  }
  const addresses: string[] = []
  for (const [at, lie] of Object.values(LIES).entries()) {
    const liar = await createHostilePeer({ genesis, path: nobody, get: nobody }, { transport: 'tcp' })
    const tip = chain.hashes.at(-1) ?? liar.status.tip
    liar.status = { ...liar.status, tip, height: chain.hashes.length, work: 2n ** 60n, name: `liar ${at}` }
    liar.answers.headers = headersOf(chain)
    liar.answers.bodies = bodiesOf(chain)
    lie(liar, chain)
    addresses.push(liar.address)
  }
  console.log(JSON.stringify(addresses))
}

const [fixture] = process.argv.slice(2)
if (import.meta.main && fixture !== undefined) await main(JSON.parse(fixture) as Fixture)
