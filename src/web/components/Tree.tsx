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
import { layoutTree } from '../tree-layout.ts'
import { useTreeWalk } from '../use-tree-walk.ts'
import { useWidth } from '../use-width.ts'
import { Says } from './Says.tsx'
import { Stone } from './Stone.tsx'
import { at, Fold, LinkLine, Shine } from './tree-drawing.tsx'

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
