/**
 * The chain as a line of stones that grows to the right, losing branches below it; the outline at the end of the line
 * is the next block, and mines it.
 *
 * A stone keeps its element while it lives, in an order that never changes (height, then hash), so that the style
 * sheet can move it: to the left as the chain grows, down when its branch loses, up when it wins.
 */
import { count } from '../format.ts'
import { nameOf, usePage } from '../page.ts'
import { initialOf, tintStyle } from '../palette.ts'
import { blockLink } from '../route.ts'
import { stoneOutline } from '../stone.ts'
import { text } from '../strings.ts'
import { layoutTree, type Link, type PlacedStone } from '../tree-layout.ts'
import { useWidth } from '../use-width.ts'
import { Says } from './Says.tsx'

export function Tree() {
  const { state } = usePage()
  const { box, width } = useWidth()
  const view = state.view.value
  const layout = layoutTree(view, width)
  const tip = layout.stones.find((stone) => stone.isTip)
  const empty = tip?.block.height === 0
  const mayAct = state.mayAct.value
  const stones = layout.stones.toSorted((a, b) => a.block.height - b.block.height || (a.block.hash < b.block.hash ? -1 : 1))
  return (
    <section
      class={empty ? 'tree empty-chain' : 'tree'} ref={box}
      style={{ height: `${layout.height}px` }} aria-label={text.tree.label}
    >
      <Shine />
      {tip && (
        <>
          <div class="line" style={{ left: `${layout.line.from}px`, width: `${layout.line.to - layout.line.from}px` }} />
          <svg class="links" aria-hidden="true">{layout.links.map((link) => <LinkLine key={link.key} link={link} />)}</svg>
          {layout.earlier > 0 && <Fold blocks={layout.earlier} />}
          {layout.captions.map(({ key, x, y, leftFor, blocks }) => (
            <p key={key} class="caption" style={at(x, y)}>
              <span>{leftFor === null ? text.tree.lessWork(blocks) : text.tree.leftFor(nameOf(state, leftFor))}</span>
            </p>
          ))}
          <i class="ring" style={at(tip.x, tip.y)} aria-hidden="true" />
          {stones.map((stone) => <Stone key={stone.block.hash} stone={stone} />)}
          {empty && (
            <p class="empty" style={{ left: `${layout.next.x + (mayAct ? 60 : -30)}px` }}>
              <Says text={mayAct ? text.tree.empty : text.tree.emptyReading} />
            </p>
          )}
          <Next x={layout.next.x} y={layout.next.y} height={tip.block.height + 1} />
        </>
      )}
    </section>
  )
}

const at = (x: number, y: number) => ({ transform: `translate(${x}px, ${y}px)` })

function Stone({ stone: { block, x, y, radius, lane, isTip } }: { stone: PlacedStone }) {
  const { state } = usePage()
  const genesis = block.height === 0
  const name = nameOf(state, block.miner)
  const label = genesis ? text.tree.genesisBlock : text.tree.block(block.height, name, block.transactionCount, isTip, lane > 0)
  const outline = stoneOutline(block.hash, radius)
  return (
    <a
      href={blockLink(block.hash)}
      class={`stone${lane > 0 ? ' side' : ''}${genesis ? ' genesis' : ''}`}
      style={{ ...at(x, y), ...(genesis ? {} : tintStyle(block.miner)) }}
      aria-label={label}
      title={label}
    >
      <span class="height">{genesis ? text.tree.genesis : count(block.height)}</span>
      <svg viewBox="-40 -40 80 80" aria-hidden="true">
        <path class="rock" d={outline} />
        <path class="shine" d={outline} />
        <text>{genesis ? '0' : initialOf(block.miner, state.names.value.get(block.miner) ?? null)}</text>
      </svg>
    </a>
  )
}

function LinkLine({ link: { x, y, dx, dy } }: { link: Link }) {
  const bend = dx * 0.5
  return <path d={`M0 0C${bend} 0 ${dx - bend} ${dy} ${dx} ${dy}`} style={at(x, y)} />
}

/** Where the next block will lie. */
function Next({ x, y, height }: { x: number; y: number; height: number }) {
  const { state, actions } = usePage()
  const mining = state.miningOne.value || state.status.value?.mining.running === true
  if (!state.mayAct.value && !mining) return null
  return (
    <button
      type="button"
      class={mining ? 'next mining' : 'next'}
      style={at(x, y)}
      disabled={!state.mayAct.value || state.miningOne.value || state.connection.value !== 'live'}
      aria-label={mining ? text.tree.mining : text.tree.mineNext}
      title={mining ? text.tree.mining : text.tree.mineNext}
      onClick={() => void actions.mineOne()}
    >
      <span class="height">{count(height)}</span>
      <span class="word">{mining ? text.tree.mining : text.tree.mine}</span>
    </button>
  )
}

/** The blocks that do not fit, stacked. */
const Fold = ({ blocks }: { blocks: number }) => (
  <div class="fold">
    <svg viewBox="0 0 44 46" aria-hidden="true">
      <path d="M3 38c0-4.4 8-6.6 19-6.6S41 33.5 41 38s-8 6.5-19 6.5S3 42.3 3 38z" />
      <path d="M9 25.5c0-3.7 5.7-6 13.4-6S35 21.7 35 25.4s-5.5 6-13 6-13-2.3-13-5.9z" />
      <path d="M14.5 13.6c0-3.5 3.5-5.9 8-5.9s7.2 2.2 7.2 5.7-3.1 5.8-7.5 5.8-7.7-2.3-7.7-5.6z" />
    </svg>
    <span>{text.tree.earlier(blocks)}</span>
  </div>
)

/** The light on every stone, from above. */
const Shine = () => (
  <svg class="definitions" aria-hidden="true">
    <radialGradient id="shine" cx="0.4" cy="0.2" r="0.95">
      <stop offset="0" class="bright" />
      <stop offset="0.55" class="clear" />
      <stop offset="1" class="dark" />
    </radialGradient>
  </svg>
)
