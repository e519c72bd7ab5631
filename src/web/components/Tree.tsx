/**
 * The chain as a line of stones that grows to the right, losing branches below it; the outline at the end of the line
 * is the next block, and mines it.
 *
 * A stone keeps its element while it lives, in an order that never changes (height, then hash), so that the style
 * sheet can move it: to the left as the chain grows, down when its branch loses, up when it wins.
 */
import { count } from '../format.ts'
import { nameOf, usePage } from '../page.ts'
import { text } from '../strings.ts'
import { layoutTree, type Link } from '../tree-layout.ts'
import { useTreeWalk } from '../use-tree-walk.ts'
import { useWidth } from '../use-width.ts'
import { Says } from './Says.tsx'
import { Stone } from './Stone.tsx'

interface TreeProps {
  /** Times its usual size. @default 1 */
  scale?: number
  /** Nothing to click. @default false */
  still?: boolean
}

export function Tree({ scale = 1, still = false }: TreeProps) {
  const { state } = usePage()
  const { box, width } = useWidth()
  const view = state.view.value
  const layout = layoutTree(view, width / scale)
  const stones = layout.stones.toSorted((a, b) => a.block.height - b.block.height || (a.block.hash < b.block.hash ? -1 : 1))
  const { stop, ...walk } = useTreeWalk(box, stones)
  const tip = stones.find((stone) => stone.isTip)
  const empty = tip?.block.height === 0
  const mayAct = state.mayAct.value && !still
  return (
    <section
      class={empty ? 'tree empty-chain' : 'tree'} ref={box} {...walk}
      style={{ height: `${layout.height * scale}px`, '--scale': String(scale) }} aria-label={text.tree.label}
    >
      <Shine />
      {tip && (
        <div class="drawing" style={{ height: `${layout.height}px` }}>
          {!still && <p class="unseen">{text.tree.keys}</p>}
          <div class="line" style={{ left: `${layout.line.from}px`, width: `${layout.line.to - layout.line.from}px` }} />
          {layout.links.map((link) => <LinkLine key={link.key} link={link} />)}
          {layout.earlier > 0 && <Fold blocks={layout.earlier} />}
          {layout.captions.map(({ key, x, y, leftFor, blocks }) => (
            <p key={key} class="caption" style={at(x, y)}>
              <span>{leftFor === null ? text.tree.lessWork(blocks) : text.tree.leftFor(nameOf(state, leftFor))}</span>
            </p>
          ))}
          <i class="ring" style={at(tip.x, tip.y)} aria-hidden="true" />
          {stones.map((stone) => <Stone key={stone.block.hash} stone={stone} isStop={stone.block.hash === stop} still={still} />)}
          {empty && (
            <p class="empty" style={{ left: `${layout.next.x + (mayAct ? 60 : -30)}px` }}>
              <Says text={mayAct || still ? text.tree.empty : text.tree.emptyReading} />
            </p>
          )}
          <Next x={layout.next.x} y={layout.next.y} height={tip.block.height + 1} still={still} />
        </div>
      )}
    </section>
  )
}

const at = (x: number, y: number) => ({ transform: `translate(${x}px, ${y}px)` })

function LinkLine({ link: { x, y, dx, dy } }: { link: Link }) {
  const bend = dx * 0.5
  return (
    <svg class="link" width={dx} height={dy + 2} style={at(x, y - 1)} aria-hidden="true">
      <path d={`M0 1C${bend} 1 ${dx - bend} ${dy + 1} ${dx} ${dy + 1}`} />
    </svg>
  )
}

interface NextProps {
  x: number
  y: number
  height: number
  still: boolean
}

/** Where the next block will lie. */
function Next({ x, y, height, still }: NextProps) {
  const { state, actions } = usePage()
  const mining = state.miningOne.value || state.status.value?.mining.running === true
  const mayAct = state.mayAct.value && !still
  if (!mayAct && !mining) return null
  const says = mining ? text.tree.mining : text.tree.mineNext
  return (
    <button
      type="button"
      class={mining ? 'next mining' : 'next'}
      style={at(x, y)}
      disabled={!mayAct || state.miningOne.value || state.connection.value !== 'live'}
      title={says}
      onClick={() => void actions.mineOne()}
    >
      <span class="unseen">{says}</span>
      <span class="height" aria-hidden="true">{count(height)}</span>
      <span class="word" aria-hidden="true">{mining ? text.tree.mining : text.tree.mine}</span>
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
