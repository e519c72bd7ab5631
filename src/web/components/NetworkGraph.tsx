/**
 * This node in the middle and its peers around it, each a stone in its account's colour. The ring around a stone says where
 * its chain stands, the arrow on a line who called whom.
 */
import type { Peer } from '../../http/api.ts'
import { count } from '../format.ts'
import { layoutNetwork, type NetworkLayout, type PlacedPeer } from '../network-layout.ts'
import { usePage } from '../page.ts'
import { initialOf, tintStyle } from '../palette.ts'
import { accountLink } from '../route.ts'
import { type Standing, standingOf } from '../standing.ts'
import { stoneOutline } from '../stone.ts'
import { text } from '../strings.ts'
import { useWidth } from '../use-width.ts'

const words = text.network
const OWN_RADIUS = 27
const PEER_RADIUS = 20

export function NetworkGraph({ peers }: { peers: readonly Peer[] }) {
  const { state } = usePage()
  const { box, width } = useWidth()
  const status = state.status.value
  const layout = layoutNetwork(peers.length, width)
  const view = state.view.value
  const shown = peers.map((peer, at) => ({ peer, place: layout.peers[at], standing: standingOf(peer, view) }))
  const seen = new Set(shown.map(({ standing }) => standing))
  return (
    <section ref={box} class="graph">
      <svg width={layout.width} height={layout.height} role="group" aria-label={words.graph(peers.length)}>
        {shown.map(({ peer, place }) => place && <Line key={peer.peerId} peer={peer} place={place} centre={layout.centre} />)}
        {status && (
          <g class="peer same" style={tintStyle(status.account)} transform={`translate(${layout.centre.x} ${layout.centre.y})`}>
            <Pebble seed={status.peerId} radius={OWN_RADIUS} account={status.account} name={status.name} />
            <text y={OWN_RADIUS + 24} class="name middle">{status.name}</text>
            <text y={OWN_RADIUS + 41} class="middle">{words.thisNode} · {count(status.height)}</text>
          </g>
        )}
        {shown.map(({ peer, place, standing }) => place && <Around key={peer.peerId} peer={peer} place={place} standing={standing} />)}
      </svg>
      <ul class="legend">
        {(Object.keys(words.standing) as Standing[]).filter((standing) => seen.has(standing)).map((standing) => (
          <li key={standing}><i class={`tip ${standing}`} aria-hidden="true" />{words.standing[standing]}</li>
        ))}
      </ul>
    </section>
  )
}

/** A line, with an arrow from the one that called. */
function Line({ peer, place, centre }: { peer: Peer; place: PlacedPeer; centre: NetworkLayout['centre'] }) {
  const [dx, dy] = [place.x - centre.x, place.y - centre.y]
  const angle = (Math.atan2(dy, dx) * 180) / Math.PI + (peer.direction === 'inbound' ? 180 : 0)
  return (
    <g class="line">
      <path d={`M${centre.x} ${centre.y}L${place.x} ${place.y}`} />
      <path class="arrow" d="M-4 -5L4 0L-4 5" transform={`translate(${centre.x + dx * 0.55} ${centre.y + dy * 0.55}) rotate(${angle})`} />
    </g>
  )
}

function Around({ peer, place: { x, y, side }, standing }: { peer: Peer; place: PlacedPeer; standing: Standing }) {
  const name = peer.name ?? peer.peerId.slice(-8)
  const latency = peer.latencyMs === null ? '' : ` · ${text.peers.latency(peer.latencyMs)}`
  const says = `${peer.height === null ? text.peers.unknownHeight : count(peer.height)}${latency}`
  const label = `${name}, ${says}, ${words.standing[standing]}, ${words.direction[peer.direction]}`
  const textX = { left: -PEER_RADIUS - 14, right: PEER_RADIUS + 14, above: 0, below: 0 }[side]
  const textY = { left: -2, right: -2, above: -PEER_RADIUS - 32, below: PEER_RADIUS + 23 }[side]
  const drawn = (
    <g class={`peer ${standing}`} transform={`translate(${x} ${y})`} style={peer.account === null ? undefined : tintStyle(peer.account)}>
      {/* What is between the stone and its name leads there too. */}
      <rect
        class="between" x={Math.min(textX, -PEER_RADIUS)} y={Math.min(textY, -PEER_RADIUS)}
        width={Math.abs(textX) + PEER_RADIUS} height={Math.max(Math.abs(textY), PEER_RADIUS) + PEER_RADIUS}
      />
      <Pebble seed={peer.peerId} radius={PEER_RADIUS} account={peer.account} name={name} />
      <text x={textX} y={textY} class={`name ${side}`}>{name}</text>
      <text x={textX} y={textY + 17} class={side}>{says}</text>
    </g>
  )
  return peer.account === null ? <g><title>{label}</title>{drawn}</g> : <a href={accountLink(peer.account)}><title>{label}</title>{drawn}</a>
}

interface PebbleProps {
  /** What gives it its shape. */
  seed: string
  radius: number
  account: string | null
  name: string
}

/** A stone with its ring. */
const Pebble = ({ seed, radius, account, name }: PebbleProps) => (
  <>
    <circle class="tip" r={radius + 7} />
    <path class={account === null ? 'rock unknown' : 'rock'} d={stoneOutline(shapeOf(seed), radius)} />
    <text class="initial">{initialOf(account ?? '', name)}</text>
  </>
)

/** The bumps of a stone are read from hex digits; a peer id has others. */
const shapeOf = (peerId: string): string => [...peerId].map((letter) => (letter.charCodeAt(0) % 16).toString(16)).join('')
