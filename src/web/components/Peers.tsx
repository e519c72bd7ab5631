/** Who this node is connected to, how far away, and where their chain stands. */
import type { Peer } from '../../http/api.ts'
import { count, exactTime } from '../format.ts'
import { addressForOthers } from '../join.ts'
import { usePage } from '../page.ts'
import { linkTo } from '../route.ts'
import { standingOf } from '../standing.ts'
import type { State } from '../state.ts'
import { text } from '../strings.ts'
import { Dot } from './Dot.tsx'
import { Says } from './Says.tsx'

export function Peers() {
  const { state } = usePage()
  const peers = state.peers.value.toSorted((a, b) => (a.name ?? a.peerId).localeCompare(b.name ?? b.peerId))
  return (
    <section>
      <h2><a href={linkTo({ view: 'network' })}>{text.peers.heading}</a></h2>
      {peers.length === 0 && state.status.value && <NoPeers />}
      <ol class="rows">
        {peers.map((peer) => (
          <li
            key={peer.peerId} class="row"
            title={text.peers.since(peer.agent ?? peer.peerId, peer.address, exactTime(peer.since))}
          >
            <Dot account={peer.account ?? undefined} />
            <span class="who">{peer.name ?? peer.peerId.slice(-8)}</span>
            <span class="quiet">
              {peer.latencyMs !== null && `${text.peers.latency(peer.latencyMs)} · `}{standing(state, peer)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** A peer's height, and whether it is behind or elsewhere. */
function standing(state: State, peer: Peer): string {
  const { height } = peer
  if (height === null) return text.peers.unknownHeight
  const own = state.tip.value
  switch (standingOf(peer, state.view.value)) {
    case 'behind': return `${count(height)}, ${text.peers.behind((own?.height ?? height) - height)}`
    case 'other': return `${count(height)}, ${text.peers.otherBranch}`
    default: return count(height)
  }
}

function NoPeers() {
  const { state } = usePage()
  const status = state.status.value
  if (status === null) return null
  const outside = addressForOthers(status.addresses) ?? status.addresses[0]
  return (
    <p class="empty">
      <Says text={text.peers.empty(status.network)} />
      {outside !== undefined && <code class="address">{`--peer ${outside}`}</code>}
    </p>
  )
}
