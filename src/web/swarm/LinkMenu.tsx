/**
 * What one can do to a single link, beside it in the drawing (below the drawing on a phone): cut it, heal it, give it a
 * latency and a loss of its own. It takes the keyboard when it opens, and gives it back when it closes; Escape closes it.
 */
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { SwarmEdge } from '../../swarm-http/api.ts'
import { text } from '../strings.ts'
import { ConditionSliders } from './ConditionSliders.tsx'
import type { GraphLayout } from './graph-layout.ts'
import { nameAt, useSwarm } from './page.ts'

const words = text.swarm.link
/** Half of its width, and how far from its link it lies, px; see swarm.css. */
const HALF = 150
const GAP = 16

export function LinkMenu({ edge: { nodes: between, state: how, conditions }, layout }: { edge: SwarmEdge; layout: GraphLayout }) {
  const { state, actions } = useSwarm()
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const before = document.activeElement
    box.current?.focus()
    return () => {
      if (box.current?.contains(document.activeElement) && before instanceof HTMLElement) before.focus()
    }
  }, [])
  useEffect(() => {
    const leave = ({ key }: KeyboardEvent): void => { if (key === 'Escape') actions.openLink(null) }
    addEventListener('keydown', leave)
    return () => removeEventListener('keydown', leave)
  }, [])
  const all = state.conditions.value
  const [from, to] = between.map((node) => layout.nodes.get(node))
  if (from === undefined || to === undefined || all === null) return null
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2]
  const isLow = y > layout.height / 2
  const likeAll = (): void => {
    box.current?.focus() // its button goes
    void actions.setLinks({ ...all, between })
  }
  const [one, other] = [nameAt(state, between[0]), nameAt(state, between[1])]
  return (
    <div
      class={isLow ? 'link-menu low' : 'link-menu'} role="group" aria-label={words.label(one, other)} tabIndex={-1} ref={box}
      style={{ left: `${Math.max(HALF, Math.min(layout.width - HALF, x))}px`, top: `${isLow ? y - GAP : y + GAP}px` }}
    >
      <h2>{words.label(one, other)}</h2>
      <p class="quiet">{words.state[how]}</p>
      <ConditionSliders conditions={conditions ?? all} between={between} />
      <div class="buttons">
        {how === 'cut'
          ? <button type="button" onClick={() => void actions.heal(between)}>{words.heal}</button>
          : <button type="button" onClick={() => void actions.cut(between)}>{words.cut}</button>}
        {conditions && <button type="button" class="soft" onClick={likeAll}>{words.same}</button>}
        <button type="button" class="plain accent" onClick={() => actions.openLink(null)}>{words.close}</button>
      </div>
    </div>
  )
}
