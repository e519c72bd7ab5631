/**
 * A link in the drawing of the network: a line, or loose ends where it is cut; a click anywhere near it opens its menu. And
 * what it is like where it has conditions of its own, to be drawn over all the links.
 */
import type { SwarmConditions, SwarmEdge } from '../../swarm-http/api.ts'
import { text } from '../strings.ts'
import type { GraphLayout } from './graph-layout.ts'
import { nameAt, useSwarm } from './page.ts'

const words = text.swarm.link
/** Length of a loose end beyond the stone, px. */
const LOOSE = 20

interface LinkProps {
  edge: SwarmEdge
  layout: GraphLayout
}

export function Link({ edge: { nodes: between, state: how, conditions }, layout: { nodes, radius } }: LinkProps) {
  const { state, actions } = useSwarm()
  const [a, b] = between
  const [from, to] = [nodes.get(a), nodes.get(b)]
  if (from === undefined || to === undefined) return null
  const isOpen = state.link.value?.nodes.join() === between.join()
  const whole = `M${from.x} ${from.y}L${to.x} ${to.y}`
  const share = Math.min(0.4, (radius + LOOSE) / Math.hypot(to.x - from.x, to.y - from.y))
  const [dx, dy] = [(to.x - from.x) * share, (to.y - from.y) * share]
  const ends = `M${from.x} ${from.y}l${dx} ${dy}M${to.x} ${to.y}l${-dx} ${-dy}`
  return (
    <>
      <path class={['edge', how, conditions && 'own', isOpen && 'open'].filter(Boolean).join(' ')} d={how === 'cut' ? ends : whole} />
      {state.mayAct.value && (
        <path class="near" d={whole} data-link={between.join('-')} onClick={() => actions.openLink(between)}>
          <title>{words.open(nameAt(state, a), nameAt(state, b))}</title>
        </path>
      )}
    </>
  )
}

export function LinkSays({ edge: { nodes: [a, b], state: how, conditions }, layout: { nodes } }: LinkProps) {
  const [from, to] = [nodes.get(a), nodes.get(b)]
  if (from === undefined || to === undefined || conditions === null || how === 'cut') return null
  return <text class="own" x={(from.x + to.x) / 2} y={(from.y + to.y) / 2}>{saying(conditions)}</text>
}

const saying = ({ latencyMs, loss }: SwarmConditions): string =>
  [text.swarm.act.latencyIs(latencyMs), ...(loss > 0 ? [text.swarm.act.lossIs(Math.round(loss * 100))] : [])].join(', ')
