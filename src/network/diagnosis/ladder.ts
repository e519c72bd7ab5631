/**
 * How far a peer came on the way to being one, and why no further. Pure: what is known goes in.
 *
 *   discovered → dialled → identified → same network → subscribed → in mesh → in sync
 *
 * A step counts as taken where it is not needed: who calls us need not be dialled, and a mesh that has enough peers
 * takes no more (a block reaches the others all the same).
 */
import type { CandidateInfo } from '../candidates.ts'
import type { Departure } from '../departures.ts'
import type { Peer } from '../peers.ts'
import type { Ban } from '../reputation.ts'
import type { PeerDiagnosis, Step } from './diagnosis.ts'

/** What is known of one peer; at least one of the first three is there. */
export interface PeerFacts {
  candidate?: CandidateInfo
  /** Where it is connected. */
  peer?: Pick<Peer, 'key' | 'address' | 'agent' | 'status' | 'latencyMs' | 'clockOffsetMs'>
  /** Where it is not. */
  departure?: Departure
  ban?: Ban
  /** To the topic of blocks. */
  subscribed: boolean
  inMesh: boolean
}

/** Where this node stands. */
export interface OwnFacts {
  now: number
  tip: { hash: string; height: number; work: bigint }
  /** Whether it fetches blocks now. */
  syncing: boolean
  /** Whether it has as many connections as it aims at. */
  enough: boolean
  /** Whether the mesh of the blocks' topic takes no more peers. */
  meshFull: boolean
}

type Stop = { reached: Step; code: string; message: string }

export function ladderOf(facts: PeerFacts, own: OwnFacts): PeerDiagnosis {
  const { candidate, peer, departure, ban } = facts
  const stop = stopOf(facts, own)
  const dialledAgain = peer === undefined && ban === undefined && candidate !== undefined && !candidate.dialling
  return {
    peerId: peer?.key ?? candidate?.peerId ?? departure?.peerId ?? ban?.peerId ?? null,
    name: peer?.status?.name ?? departure?.name ?? null,
    addresses: peer !== undefined ? [peer.address] : (candidate?.addresses ?? (departure ? [departure.address] : [])),
    source: candidate?.source ?? 'called',
    reached: stop?.reached ?? 'in-sync',
    stopped: stop === undefined ? null : { code: stop.code, message: stop.message },
    retryAt: dialledAgain && !own.enough ? candidate.dueAt : null,
    refusedUntil: ban?.until ?? null,
    height: peer?.status?.height ?? null,
    latencyMs: peer?.latencyMs ?? null,
    clockOffsetMs: peer?.clockOffsetMs ?? null,
  }
}

function stopOf(facts: PeerFacts, own: OwnFacts): Stop | undefined {
  const { peer, subscribed, inMesh } = facts
  if (peer === undefined) return whyNotConnected(facts, own)
  if (peer.status === undefined && peer.agent === null) {
    return { reached: 'dialled', code: 'peer-silent', message: 'is connected, and has not said yet what program it is' }
  }
  if (peer.status === undefined) {
    return { reached: 'identified', code: 'peer-silent', message: 'is connected, and has not told its status yet' }
  }
  if (!subscribed) return { reached: 'same-network', code: 'peer-not-gossiping', message: 'does not take part in gossip yet' }
  if (!inMesh && !own.meshFull) {
    return { reached: 'subscribed', code: 'peer-not-in-mesh', message: 'joins the mesh by which blocks travel within a second or two' }
  }
  const { tip, height, work } = peer.status
  if (tip === own.tip.hash) return undefined
  if (work > own.tip.work) {
    const behind = `has more work (height ${height}, ours ${own.tip.height})`
    return own.syncing
      ? { reached: 'in-mesh', code: 'fetching', message: `${behind}: its blocks are being fetched` }
      : { reached: 'in-mesh', code: 'behind', message: `${behind}, and its blocks are not being fetched` }
  }
  return { reached: 'in-mesh', code: 'peer-behind', message: `is at height ${height}, ours is ${own.tip.height}: it fetches what it lacks` }
}

/** Why there is no connection: what was found out last counts. */
function whyNotConnected({ candidate, departure, ban }: PeerFacts, own: OwnFacts): Stop {
  const minutes = (ms: number): string => `${Math.max(1, Math.ceil(ms / 60_000))} min`
  const reached = departure === undefined ? 'discovered' : stepBefore(departure)
  if (ban !== undefined) {
    const message = `broke the rules (${ban.code}) and is refused for another ${minutes(ban.until - own.now)}`
    return { reached, code: ban.code, message }
  }
  const failure = candidate?.lastFailure
  if (departure?.fault && departure.at >= (failure?.at ?? 0)) {
    const { code, found } = departure.fault
    const message =
      code === 'peer-other-network'
        ? 'is a node of another network, or no Cairn node: start both with the same --network'
        : `is gone, after this: ${withoutCode(found, code)} (${code})`
    return { reached: code === 'peer-other-network' ? 'identified' : reached, code, message }
  }
  if (failure) {
    // A status that was not good came over a connection.
    const known = failure.code === 'peer-other-network' ? 'identified' : 'discovered'
    return { reached: known, code: failure.code, message: failure.message }
  }
  if (departure !== undefined) return { reached, code: 'peer-gone', message: `left ${minutes(own.now - departure.at)} ago or less` }
  if (candidate?.dialling) return { reached: 'discovered', code: 'dialling', message: 'is being dialled now' }
  if (own.enough && candidate?.source !== 'configured') {
    return { reached: 'discovered', code: 'enough-peers', message: 'is not dialled: there are enough connections' }
  }
  return { reached: 'discovered', code: 'not-yet-dialled', message: 'is not dialled yet' }
}

const stepBefore = ({ accepted, identified }: Departure): Step =>
  accepted ? 'same-network' : identified ? 'identified' : 'dialled'

/** A fault's own message begins with its code. */
const withoutCode = (found: string, code: string): string => (found.startsWith(`${code}: `) ? found.slice(code.length + 2) : found)
