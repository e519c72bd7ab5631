/**
 * The connections between a swarm's nodes, as their links are: each is held up as the link says, none is made over a
 * link that is cut, and those that are there end when it is cut.
 *
 * This is all that stands between the nodes and the real libp2p: `carrier` makes it as `createCairnLibp2p` does, with the
 * transport's `dial` and what comes of it changed.
 */
import { ConnectionFailedError, type MultiaddrConnection, type Transport, type Upgrader } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { CreateCairnLibp2p } from '../network/cairn-libp2p.ts'
import { createCairnLibp2p } from '../network/libp2p.ts'
import { Cable } from './cable.ts'
import type { Links } from './links.ts'

export interface CablesComponents {
  links: Links
  /** The number of the node that has a peer id. */
  nodeOf: (peerId: string) => number | undefined
}

interface Laid {
  cable: Cable
  ends: readonly [number, number]
}

export class Cables {
  readonly #components: CablesComponents
  readonly #laid = new Set<Laid>()

  constructor(components: CablesComponents) {
    this.#components = components
    const { links } = components
    links.onChange(() => this.#end(({ ends: [a, b] }) => links.isCut(a, b), 'the link is cut'))
  }

  /** Makes libp2p for a node. */
  carrier(node: number): CreateCairnLibp2p {
    return (options) => createCairnLibp2p(options, (transport) => this.#around(node, transport))
  }

  /** Ends a node's connections with no word to the others: it is dead. */
  tear(node: number): void {
    this.#end(({ ends }) => ends.includes(node), 'the node is dead')
  }

  #end(which: (laid: Laid) => boolean, why: string): void {
    for (const laid of [...this.#laid].filter(which)) laid.cable.abort(new ConnectionFailedError(why))
  }

  #around(from: number, transport: Transport): Transport {
    const { links, nodeOf } = this.#components
    const dial = transport.dial.bind(transport)
    transport.dial = async (address, options) => {
      const to = nodeOf(peerIdOf(address) ?? '')
      if (to === undefined) return dial(address, options) // nobody of this swarm: nothing is known of the way there
      if (links.isCut(from, to)) throw new ConnectionFailedError(`the link from node ${from} to node ${to} is cut`)
      const upgradeOutbound: Upgrader['upgradeOutbound'] = (connection: MultiaddrConnection, settings) =>
        options.upgrader.upgradeOutbound(this.#lay(connection, from, to), settings)
      // Everything else as it is: the upgrader's own methods find its own fields by the prototype.
      const upgrader = Object.assign(Object.create(options.upgrader) as Upgrader, { upgradeOutbound })
      return dial(address, { ...options, upgrader })
    }
    return transport
  }

  #lay(connection: MultiaddrConnection, from: number, to: number): Cable {
    const { links } = this.#components
    const cable = new Cable({
      connection,
      out: (bytes) => links.delayMs(from, to, bytes, performance.now()),
      back: (bytes) => links.delayMs(to, from, bytes, performance.now()),
    })
    const laid: Laid = { cable, ends: [from, to] }
    this.#laid.add(laid)
    cable.addEventListener('close', () => this.#laid.delete(laid))
    return cable
  }
}

const peerIdOf = (address: Multiaddr): string | undefined => address.getComponents().findLast(({ name }) => name === 'p2p')?.value
