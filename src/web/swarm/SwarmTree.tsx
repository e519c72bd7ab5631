/**
 * The blocks of all nodes: the branch that lies above is one that nodes stand on, and below lie the others. Under the last
 * stone of a branch it says who stands there. A stone's colour is its miner's.
 */
import { at, Fold, LinkLine, Rock, Shine } from '../components/tree-drawing.tsx'
import type { SwarmBlock } from '../../swarm-http/api.ts'
import { count } from '../format.ts'
import { text } from '../strings.ts'
import { layoutTree, type PlacedStone } from '../tree-layout.ts'
import { useWidth } from '../use-width.ts'
import { blockTint, nameAt, useSwarm } from './page.ts'

const words = text.swarm.tree
const MAX_LANES = 5
/** From a stone's centre to the words under it, px. */
const UNDER = 45

export function SwarmTree() {
  const { state } = useSwarm()
  const { box, width } = useWidth()
  const view = state.view.value
  const layout = layoutTree<SwarmBlock>(view, width, MAX_LANES)
  const stones = layout.stones.toSorted((a, b) => a.block.height - b.block.height || (a.block.hash < b.block.hash ? -1 : 1))
  const names = (hash: string): string[] => (view.standing.get(hash) ?? []).map((node) => nameAt(state, node))
  return (
    <section class="tree" ref={box} style={{ height: `${layout.height}px`, '--scale': '1' }} aria-label={words.label}>
      <Shine />
      <div class="drawing" style={{ height: `${layout.height}px` }}>
        <div class="line" style={{ left: `${layout.line.from}px`, width: `${layout.line.to - layout.line.from}px` }} />
        {layout.links.map((link) => <LinkLine key={link.key} link={link} />)}
        {layout.earlier > 0 && <Fold blocks={layout.earlier} />}
        {stones.map((stone) => <SwarmStone key={stone.block.hash} stone={stone} here={names(stone.block.hash)} />)}
        {stones.map(({ block: { hash }, x, y }) => view.standing.has(hash) && (
          <p key={hash} class="caption here" style={at(x, y + UNDER)} aria-hidden="true"><span>{shortly(names(hash))}</span></p>
        ))}
        {layout.captions.filter(({ key }) => !view.standing.has(key)).map(({ key, x, y }) => (
          <p key={key} class="caption" style={at(x, y)}><span>{words.nobody}</span></p>
        ))}
        {view.branches.map(({ tip: { hash } }) => {
          const stone = stones.find(({ block }) => block.hash === hash)
          return stone && <i key={stone.lane === 0 ? 'upper' : hash} class="ring" style={at(stone.x, stone.y)} aria-hidden="true" />
        })}
      </div>
    </section>
  )
}

/** One name, or how many there are. */
const shortly = ([first = '', ...rest]: readonly string[]): string => (rest.length === 0 ? first : text.swarm.nodes(rest.length + 1))

function SwarmStone({ stone: { block: { hash, height, node, transactionCount }, x, y, radius, lane }, here }: { stone: PlacedStone<SwarmBlock>; here: readonly string[] }) {
  const { state } = useSwarm()
  const genesis = height === 0
  const miner = node === null ? words.stranger : nameAt(state, node)
  const standing = here.length === 0 ? '' : words.here(here.join(', '), here.length)
  const says = `${genesis ? words.genesisBlock : words.block(height, miner, transactionCount)}${standing}`
  const { held, best } = state.view.value
  const lost = !held.has(hash)
  const numbered = lane === 0 || height > (best.at(-1)?.height ?? 0) // once a column
  return (
    <div
      class={['stone', lost && 'side', genesis && 'genesis'].filter(Boolean).join(' ')}
      style={{ ...at(x, y), ...(genesis ? {} : blockTint(state, hash)) }} title={says} data-block={hash}
    >
      <span class="unseen">{says}</span>
      {numbered && <span class="height" aria-hidden="true">{genesis ? text.tree.genesis : count(height)}</span>}
      <Rock hash={hash} radius={radius} letter={genesis ? '0' : miner.slice(0, 1).toUpperCase()} />
    </div>
  )
}
