/** Every peer with all that the node knows of it. */
import type { Peer } from '../../http/api.ts'
import { count, exactTime, oneDecimal } from '../format.ts'
import { usePage } from '../page.ts'
import { accountLink } from '../route.ts'
import { standingOf } from '../standing.ts'
import { text } from '../strings.ts'
import { Ago } from './Ago.tsx'
import { Dot } from './Dot.tsx'
import { Term } from './Term.tsx'

const words = text.network

export function PeerTable({ peers }: { peers: readonly Peer[] }) {
  const columns = words.columns
  return (
    <section>
      <h3>{words.peers}</h3>
      <table class="peers-table">
        <thead>
          <tr>
            {(['name', 'height', 'latency', 'direction', 'score', 'since'] as const).map((column) => (
              <th key={column} scope="col" class={column}><Term is={columns[column]} /></th>
            ))}
          </tr>
        </thead>
        <tbody>{peers.map((peer) => <Row key={peer.peerId} peer={peer} />)}</tbody>
      </table>
    </section>
  )
}

function Row({ peer }: { peer: Peer }) {
  const { state } = usePage()
  const { peerId, name, account, agent, address, direction, latencyMs, height, score, since } = peer
  const standing = standingOf(peer, state.view.value)
  const shown = <><Dot account={account ?? undefined} /> <b>{name ?? peerId.slice(-8)}</b></>
  return (
    <tr>
      <td class="name" title={text.peers.since(agent ?? peerId, address, exactTime(since))}>
        {account === null ? shown : <a href={accountLink(account)}>{shown}</a>}
        <code class="quiet">{address.replace(/\/p2p\/.*/, '')}</code>
      </td>
      <td class="height">
        <span>{height === null ? text.tiles.none : count(height)}</span> <i class={`tip ${standing}`} aria-hidden="true" />
        <span class="quiet">{words.standing[standing]}</span>
      </td>
      <td class="latency">{latencyMs === null ? text.tiles.none : text.peers.latency(latencyMs)}</td>
      <td class="direction">{words.direction[direction]}</td>
      <td class={score < 0 ? 'score failed' : 'score'}>{oneDecimal(score)}</td>
      <td class="since"><Ago at={since} /></td>
    </tr>
  )
}
