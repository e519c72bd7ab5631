/** The branches that nodes stand on: each with its last block, how long it is, and who is there. */
import { text } from '../strings.ts'
import { blockTint, nameAt, useSwarm } from './page.ts'

const words = text.swarm.act
/** Nodes that are named; of more, only how many there are is said. */
const MAX_NAMED = 6

export function Branches() {
  const { state } = useSwarm()
  const { branches } = state.view.value
  return (
    <div class="branches">
      <h2>{words.branches}</h2>
      <ol class="rows">
        {branches.map(({ tip: { hash, height, node }, nodes, fork }) => (
          <li key={hash} class="row">
            <i class={height === 0 ? 'dot unknown' : 'dot'} style={blockTint(state, hash)} aria-hidden="true" />
            <span>
              <b>{height === 0 ? words.genesis : words.branch(height, node === null ? text.swarm.tree.stranger : nameAt(state, node))}</b>
              {branches.length > 1 && <span class="quiet">, {words.longer(height - fork, fork)}</span>}
              <span class="quiet names">{nodes.length > MAX_NAMED ? text.swarm.nodes(nodes.length) : nodes.map((at) => nameAt(state, at)).join(', ')}</span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}
