/** The network as this node knows it: a drawing of it and its peers, a table of them, and the ways for more to come. */
import { exactTime } from '../format.ts'
import { usePage } from '../page.ts'
import { text } from '../strings.ts'
import { AddPeer } from './AddPeer.tsx'
import { Advice } from './Advice.tsx'
import { Join } from './Join.tsx'
import { Json } from './Json.tsx'
import { NetworkGraph } from './NetworkGraph.tsx'
import { PeerTable } from './PeerTable.tsx'
import { View } from './View.tsx'

const words = text.network

export function NetworkView() {
  const { state } = usePage()
  const peers = state.peers.value.toSorted((a, b) => (a.name ?? a.peerId).localeCompare(b.name ?? b.peerId))
  const banned = state.banned.value
  if (state.status.value === null) return <View heading={words.heading} says={text.views.loading} />
  return (
    <View heading={words.heading}>
      {peers.length === 0 ? <Advice /> : <NetworkGraph peers={peers} />}
      {peers.length > 0 && <PeerTable peers={peers} />}
      {banned.length > 0 && (
        <section>
          <h3>{words.banned}</h3>
          <ul class="rows">
            {banned.map(({ peerId, code, until }) => (
              <li key={peerId} class="row">
                <code class="who" title={peerId}>{peerId}</code>
                <span class="quiet">{words.bannedLine(code, exactTime(until))}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <div class="ways">
        <AddPeer />
        <Join />
      </div>
      <Json route="/api/v1/peers" value={{ peers: state.peers.value, banned }} />
    </View>
  )
}
