/** `cairn peers`: the nodes that the running node is connected to, and those that it refuses. */
import type { Command } from 'commander'
import type { BannedPeer, Peer } from '../../http/api.ts'
import { connect } from '../connection.ts'
import type { Context } from '../context.ts'
import { formatAddress, formatAge, formatCount, formatDuration } from '../format.ts'
import { examples } from '../help.ts'
import { type Column, paintHash } from '../output.ts'

export function configure(command: Command, context: Context): void {
  command.addHelpText('after', examples('cairn peers', 'cairn peers --data ./node-a --json')).action(async () => {
    const { client, status } = await connect(context)
    const answer = await client.peers({ signal: context.signal })
    const { output } = context
    if (context.options.json) return output.json(answer)
    output.table(columns(status.time), answer.peers, NONE)
    if (answer.banned.length === 0) return
    output.line()
    output.table(refused(status.time), answer.banned, NONE)
  })
}

const NONE = 'no peers: none found on this LAN yet; --peer MULTIADDR at start names one'

const columns = (now: number): Column<Peer>[] => [
  {
    title: 'name',
    value: ({ name, peerId }) => name ?? peerId,
    cut: { where: 'end', least: 8 },
    paint: (text, _peer, paint) => paint('bold', text),
  },
  { title: 'height', value: ({ height }) => (height === null ? '–' : formatCount(height)), align: 'right' },
  {
    title: 'tip',
    value: ({ tip }) => tip ?? '–',
    cut: { where: 'middle', least: 15 },
    paint: (text, _peer, paint) => paintHash(text, paint),
  },
  { title: 'latency', value: ({ latencyMs }) => (latencyMs === null ? '–' : `${Math.round(latencyMs)} ms`), align: 'right', spare: 1 },
  { title: 'since', value: ({ since }) => formatAge(since, now), align: 'right', spare: 2 },
  {
    title: 'address',
    value: ({ address, direction }) => `${direction === 'outbound' ? '→' : '←'} ${formatAddress(address)}`,
    cut: { where: 'end', least: 18 },
  },
]

const refused = (now: number): Column<BannedPeer>[] => [
  { title: 'refused', value: ({ peerId }) => peerId, cut: { where: 'middle', least: 15 } },
  { title: 'because of', value: ({ code }) => code, paint: (text, _ban, paint) => paint('red', text) },
  { title: 'for another', value: ({ until }) => formatDuration(until - now), align: 'right' },
]
