/** Every node in a row: to choose it, where it stands, whom it reaches, and what it can be told to do. */
import type { SwarmNode } from '../../swarm-http/api.ts'
import { Hash } from '../components/Hash.tsx'
import { count } from '../format.ts'
import { text } from '../strings.ts'
import { blockTint, useSwarm } from './page.ts'

const words = text.swarm.table

export function NodeTable() {
  const { state } = useSwarm()
  const mayAct = state.mayAct.value
  return (
    <section class="members">
      <h2>{words.label}</h2>
      <table>
        <thead>
          <tr>
            {mayAct && <th scope="col"><span class="unseen">{words.choose}</span></th>}
            <th scope="col">{words.node}</th>
            <th scope="col">{words.block}</th>
            <th scope="col" class="number">{words.links}</th>
            <th scope="col" class="number">{words.mined}</th>
            {mayAct && <th scope="col">{words.mining}</th>}
            {mayAct && <th scope="col"><span class="unseen">{words.act}</span></th>}
          </tr>
        </thead>
        <tbody>{state.nodes.value.map((node) => <Row key={node.node} node={node} mayAct={mayAct} />)}</tbody>
      </table>
    </section>
  )
}

function Row({ node: { node, name, running, mining, height, tip, mined }, mayAct }: { node: SwarmNode; mayAct: boolean }) {
  const { state, actions } = useSwarm()
  const chosen = state.chosen.value.has(node)
  const own = state.edges.value.filter(({ nodes }) => nodes.includes(node))
  const connected = own.filter((edge) => edge.state === 'connected').length
  const busy = state.miningOne.value.has(node)
  return (
    <tr class={[chosen && 'chosen', !running && 'off'].filter(Boolean).join(' ') || undefined}>
      {mayAct && <td><input type="checkbox" checked={chosen} aria-label={words.chooseNode(name)} onChange={() => actions.toggle(node)} /></td>}
      <th scope="row">{name}</th>
      <td class="block">
        {running
          ? <><i class={height === 0 ? 'dot unknown' : 'dot'} style={blockTint(state, tip)} aria-hidden="true" /> {count(height)} <Hash hash={tip} /></>
          : <span class="quiet">{words.off}</span>}
      </td>
      <td class="number">{words.linksOf(connected, own.length)}</td>
      <td class="number">{count(mined)}</td>
      {mayAct && (
        <td>
          <label class="switch">
            <input
              type="checkbox" role="switch" checked={mining} disabled={!running} aria-label={words.mineAt(name)}
              onChange={() => void actions.mining([node], !mining)}
            />
          </label>
        </td>
      )}
      {mayAct && (
        <td class="acts">
          {running && (
            <button type="button" class="plain accent" disabled={busy} onClick={() => void actions.mine([node])}>
              {busy ? words.miningOne : words.mine}<span class="unseen"> {name}</span>
            </button>
          )}
          <button type="button" class="plain accent" onClick={() => void (running ? actions.kill([node]) : actions.restart([node]))}>
            {running ? words.kill : words.restart}<span class="unseen"> {name}</span>
          </button>
        </td>
      )}
    </tr>
  )
}
