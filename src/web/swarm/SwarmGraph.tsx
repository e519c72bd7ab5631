/**
 * The network: nodes, each in the colour of the block that it stands on, so that one sees a block spread and who is on
 * which branch; links between them, those that are cut with loose ends. The parts of a parted network lie apart.
 *
 * A click chooses a node or opens a link's menu, a line parts the network, a box chooses many. All of that is in the table and in the buttons
 * too, so the drawing itself is a picture to those who do not see it or have no mouse.
 */
import type { SwarmNode } from '../../swarm-http/api.ts'
import { stoneOutline } from '../stone.ts'
import { text } from '../strings.ts'
import { useWidth } from '../use-width.ts'
import { insideOf, leftOf, type Stroke } from './divide.ts'
import { type GraphLayout, layoutGraph, type PlacedNode } from './graph-layout.ts'
import { Link, LinkSays } from './Link.tsx'
import { LinkMenu } from './LinkMenu.tsx'
import { blockTint, useSwarm } from './page.ts'
import { dividedBy } from './parts.ts'
import { useStroke } from './use-stroke.ts'

const words = text.swarm.graph
/** Whether one points by finger, and has no key to hold meanwhile. */
const byFinger = matchMedia('(pointer: coarse)').matches

export function SwarmGraph() {
  const { state, actions } = useSwarm()
  const { box, width } = useWidth()
  const parts = state.parts.value
  const layout = layoutGraph(parts, width)
  const mayAct = state.mayAct.value
  const { stroke, handlers } = useStroke((drawn) => {
    if (drawn.kind === 'box') return actions.choose(insideOf(drawn, layout))
    const left = leftOf(drawn, layout)
    if (dividedBy((node) => left.has(node), parts).length > parts.length) void actions.divide((node) => left.has(node))
  }, mayAct)
  const nodes = state.nodes.value
  const link = state.link.value
  return (
    <section ref={box} class="graph network">
      <svg
        width={layout.width} height={layout.height} role="img" aria-label={words.label(nodes.length, parts.length)}
        class={mayAct ? 'to-cut' : undefined} {...handlers}
      >
        <rect width={layout.width} height={layout.height} class="ground" onClick={() => actions.openLink(null)} />
        {state.edges.value.map((edge) => <Link key={edge.nodes.join()} edge={edge} layout={layout} />)}
        {state.edges.value.map((edge) => <LinkSays key={edge.nodes.join()} edge={edge} layout={layout} />)}
        {nodes.map((node) => {
          const place = layout.nodes.get(node.node)
          return place && <Member key={node.node} node={node} place={place} layout={layout} />
        })}
        {stroke && <StrokeMark stroke={stroke} layout={layout} />}
      </svg>
      {link && mayAct && <LinkMenu key={link.nodes.join()} edge={link} layout={layout} />}
      <Legend />
      {mayAct && <p class="quiet hint">{byFinger ? words.hintByFinger : words.hint}</p>}
    </section>
  )
}

interface MemberProps {
  node: SwarmNode
  place: PlacedNode
  layout: GraphLayout
}

function Member({ node: { node, name, account, height, tip, running, mining }, place: { x, y, side }, layout: { radius, named } }: MemberProps) {
  const { state, actions } = useSwarm()
  const chosen = state.chosen.value.has(node)
  const busy = mining || state.miningOne.value.has(node)
  const says = running ? words.node(name, height) : words.stopped(name)
  const gap = radius + 9
  const [textX, textY] = { left: [-gap, 0], right: [gap, 0], above: [0, -gap - 4], below: [0, gap + 4] }[side] as [number, number] // two numbers each
  return (
    <g
      class={['member', chosen && 'chosen', !running && 'off', busy && 'busy', height === 0 && 'at-genesis'].filter(Boolean).join(' ')}
      style={{ transform: `translate(${x}px, ${y}px)`, ...(running ? blockTint(state, tip) : {}) }}
      data-node={name} onClick={() => actions.toggle(node)}
    >
      <title>{says}</title>
      <circle class="around" r={radius + 5} />
      <path class="rock" d={stoneOutline(shapeOf(account), radius)} />
      {radius > 10 && <text class="initial">{name.slice(0, 1).toUpperCase()}</text>}
      {named && <text x={textX} y={textY} class={`name ${side}`}>{name}</text>}
    </g>
  )
}

/** The bumps of a stone are read from hex digits; an account has others. */
const shapeOf = (account: string): string => [...account].map((letter) => (letter.charCodeAt(0) % 16).toString(16)).join('')

/** What is being drawn, and what it would do. */
function StrokeMark({ stroke, layout }: { stroke: Stroke; layout: GraphLayout }) {
  const { state } = useSwarm()
  const { kind, from, to } = stroke
  if (kind === 'box') {
    const [x, y] = [Math.min(from.x, to.x), Math.min(from.y, to.y)]
    return (
      <g class="stroke">
        <rect x={x} y={y} width={Math.abs(to.x - from.x)} height={Math.abs(to.y - from.y)} />
        <text x={to.x + 12} y={to.y}>{words.box(insideOf(stroke, layout).size)}</text>
      </g>
    )
  }
  const left = leftOf(stroke, layout)
  const groups = dividedBy((node) => left.has(node), state.parts.value)
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const [dx, dy] = [((to.x - from.x) / length) * 4_000, ((to.y - from.y) / length) * 4_000] // beyond every screen
  return (
    <g class="stroke">
      <path class="on" d={`M${from.x - dx} ${from.y - dy}L${to.x + dx} ${to.y + dy}`} />
      <path d={`M${from.x} ${from.y}L${to.x} ${to.y}`} />
      {groups.length > state.parts.value.length && (
        <text x={to.x + 14} y={to.y - 10}>{words.cut(groups.map((group) => group.length).join(' | '))}</text>
      )}
    </g>
  )
}

function Legend() {
  const { state } = useSwarm()
  const nodes = state.nodes.value
  return (
    <ul class="legend">
      <li>{words.legend.here}</li>
      {nodes.some(({ mining }) => mining) && <li><i class="key mining" aria-hidden="true" />{words.legend.mining}</li>}
      {state.isCut.value && <li><i class="key cut" aria-hidden="true" />{words.legend.cut}</li>}
      {nodes.some(({ running }) => !running) && <li><i class="key off" aria-hidden="true" />{words.legend.off}</li>}
    </ul>
  )
}
