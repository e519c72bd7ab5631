/**
 * Whoever sends transactions to a node that is measured, in a process of its own; everything is signed before the first
 * is sent:
 *
 *   node senders.ts NAME JSON        prints one line of JSON at its end
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { toAddress } from '../../../src/consensus/account.ts'
import { genesisOf } from '../../../src/consensus/genesis.ts'
import { toHex } from '../../../src/consensus/hex.ts'
import { encodeTransaction, type Transaction } from '../../../src/consensus/types.ts'
import { protocolsOf } from '../../../src/network/protocols.ts'
import { createBlockBuilder } from '../../support/blocks.ts'
import { gossipPacket } from '../../support/gossip-packet.ts'
import { createHostilePeer } from '../../support/hostile-peer.ts'
import { timed } from '../figure.ts'
import { networkOf, type Payments, paymentsOf } from './payments.ts'

/** A message a packet, as gossip brings them. */
async function gossip({ address, ...payments }: Payments & { address: string }): Promise<unknown> {
  const blocks = createBlockBuilder({ params: networkOf(payments) })
  const { transactions } = protocolsOf(genesisOf(networkOf(payments)).id)
  const packets = [...paymentsOf(payments)].map((payment) => gossipPacket(transactions, encodeTransaction(payment)))
  const peer = await createHostilePeer(blocks, { transport: 'tcp' })
  await peer.connect(address)
  const ms = await timed(() => peer.gossip(...packets))
  await peer.cutOff // the node stops when it has all
  await peer.stop()
  return { ms }
}

interface HttpOptions extends Payments {
  url: string
  token: string
  form: 'json' | 'ssz'
  connections: number
}

/** By plain sockets: a client that is dearer than the server would be measured instead of it. */
async function http({ url, token, form, connections, ...payments }: HttpOptions): Promise<unknown> {
  const requests = [...paymentsOf(payments)].map((payment) => requestOf(payment, form, token, url))
  const statuses: Record<string, number> = {}
  let next = 0
  const { hostname, port } = new URL(url)
  const one = async (): Promise<void> => {
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    const { promise, resolve } = Promise.withResolvers<void>()
    const send = (): void => {
      const request = requests[next++]
      if (request === undefined) resolve()
      else socket.write(request)
    }
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      const end = answer.indexOf('\r\n\r\n')
      const length = /content-length: (\d+)/i.exec(answer)?.[1]
      if (end < 0 || length === undefined || answer.length < end + 4 + Number(length)) return
      const status = answer.slice(9, 12)
      statuses[status] = (statuses[status] ?? 0) + 1
      answer = ''
      send()
    })
    send()
    await promise
    socket.end()
  }
  const ms = await timed(() => Promise.all(Array.from({ length: connections }, one)))
  return { ms, statuses }
}

function requestOf(payment: Transaction, form: 'json' | 'ssz', token: string, url: string): string {
  const { sender, recipient, amount, fee, nonce, signature } = payment
  const fields = { sender: toAddress(sender), recipient: toAddress(recipient), amount, fee, nonce, memo: '', signature: toHex(signature) }
  const body = JSON.stringify(form === 'json' ? fields : { ssz: toHex(encodeTransaction(payment)) })
  const lines = [
    'POST /api/v1/transactions HTTP/1.1', `Host: ${new URL(url).host}`, `Authorization: Bearer ${token}`,
    'Content-Type: application/json', `Content-Length: ${body.length}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

const SENDERS: Record<string, (options: never) => Promise<unknown>> = { http, gossip }

const [name = '', options = '{}'] = process.argv.slice(2)
const sender = SENDERS[name]
if (sender === undefined) throw new Error(`usage: senders.ts ${Object.keys(SENDERS).join('|')} JSON`)
process.stdout.write(`${JSON.stringify(await sender(JSON.parse(options) as never))}\n`, () => process.exit(0)) // what tasks.ts gives
