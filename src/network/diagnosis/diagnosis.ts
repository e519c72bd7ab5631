/**
 * What `cairn doctor` finds: the shape of `GET /api/v1/diagnosis`, JSON as it stands. Times in ms since the Unix epoch.
 *
 *   ladder.ts       how far each peer came, and why no further      interfaces.ts   this machine's ways to the LAN
 *   multicast.ts    whether a packet to everybody arrives           nearby.ts       whoever else announces itself
 *   verdict.ts      what of all that is wrong, and what to do       doctor.ts       asks them all
 */

/** What a peer must do, in this order, to be one. */
export const STEPS = ['discovered', 'dialled', 'identified', 'same-network', 'subscribed', 'in-mesh', 'in-sync'] as const
export type Step = (typeof STEPS)[number]

/** A peer, or somebody who could be one. */
export interface PeerDiagnosis {
  /** Null for an address where nobody has answered yet. */
  peerId: string | null
  name: string | null
  /** Multiaddrs. */
  addresses: string[]
  /** How it was come by; `called`: it connected to us. */
  source: 'configured' | 'remembered' | 'found' | 'told' | 'called'
  /** The last step of the ladder that it took. */
  reached: Step
  /** Why it did not take the next; null on the last. */
  stopped: { code: string; message: string } | null
  /** When it is dialled again, where it will be. */
  retryAt: number | null
  /** Until when it is refused, where it is: it broke the rules. */
  refusedUntil: number | null
  height: number | null
  latencyMs: number | null
  /** Its clock minus ours, within half the latency. */
  clockOffsetMs: number | null
}

/** An address of this machine. */
export interface InterfaceDiagnosis {
  name: string
  /** IPv4, which is what mDNS is spoken on here; null where it has IPv6 alone. */
  address: string | null
  /** By its name: `virtual` is a bridge of containers or virtual machines. */
  kind: 'lan' | 'vpn' | 'virtual' | 'loopback'
  /** Whether a multicast packet that is sent there is heard there; null: not tried. */
  multicast: boolean | null
}

/** A network of which something was heard by mDNS. */
export interface NearbyNetwork {
  /** 8 hex digits: of a network's genesis hash, or of a private network's service tag. */
  id: string
  private: boolean
  /** Whether it is this node's own. */
  own: boolean
  /** As its nodes say; null where they do not. */
  name: string | null
  /** Whether that name alone is enough to join: it gives this very id. */
  joinable: boolean
  nodes: NearbyNode[]
}

export interface NearbyNode {
  /** Null for one that was heard asking and did not answer. */
  peerId: string | null
  /** IP addresses. */
  addresses: string[]
  /** Whether it is on this machine. */
  local: boolean
}

/** One thing that is wrong, or that nothing is. */
export interface Advice {
  code: AdviceCode
  /** One sentence. */
  message: string
  /** What to do, a line each; may be commands. */
  todo: string[]
}

export type AdviceCode =
  | 'all-well'
  | 'no-node'
  | 'no-lan'
  | 'listens-on-loopback'
  | 'port-taken'
  | 'mdns-off'
  | 'mdns-port-taken'
  | 'multicast-blocked'
  | 'vpn'
  | 'nobody-found'
  | 'other-network-nearby'
  | 'private-network-nearby'
  | 'peers-unreachable'
  | 'peers-of-other-network'
  | 'peers-refused'
  | 'peer-unreachable'
  | 'not-in-sync'
  | 'waiting'
  | 'clock-differs'

/** What was found, before anybody judges it. */
export interface Findings {
  time: number
  /** Null where no node runs, and the machine was looked at by itself. */
  node: {
    network: string
    /** First 8 hex digits of its genesis hash. */
    networkId: string
    /** Fingerprint of a private network's key. */
    networkKey: string | null
    name: string
    peerId: string
    /** Multiaddrs that it listens on. */
    addresses: string[]
    mdns: boolean
    height: number
  } | null
  peers: PeerDiagnosis[]
  interfaces: InterfaceDiagnosis[]
  /** Why no multicast could be tried at all; null where it could. */
  mdnsProblem: string | null
  nearby: NearbyNetwork[]
  clock: {
    /** The peers' clocks minus ours, their median; null without peers that were asked. */
    offsetMs: number | null
    /** How many it is the median of. */
    peers: number
    /** How far a block may be ahead of a clock. */
    maxFutureMs: number
  }
}

export interface Diagnosis extends Findings {
  /** Most probable first; never empty. */
  advice: Advice[]
}
