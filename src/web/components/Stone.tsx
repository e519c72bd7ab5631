/** A block as a stone of the tree: in its miner's colour, with the miner's initial, and a link to the block. */
import { count } from '../format.ts'
import { nameOf, usePage } from '../page.ts'
import { initialOf, tintStyle } from '../palette.ts'
import { blockLink } from '../route.ts'
import { text } from '../strings.ts'
import type { PlacedStone } from '../tree-layout.ts'
import { Rock } from './tree-drawing.tsx'

interface StoneProps {
  stone: PlacedStone
  /** Whether the tab key stops here. */
  isStop: boolean
  /** Nothing to click: on the wall. */
  still: boolean
}

export function Stone({ stone: { block, x, y, radius, lane, isTip }, isStop, still }: StoneProps) {
  const { state } = usePage()
  const genesis = block.height === 0
  const name = nameOf(state, block.miner)
  const says = genesis ? text.tree.genesisBlock : text.tree.block(block.height, name, block.transactionCount, isTip, lane > 0)
  const moved = state.lastSwitch.value.moved.get(block.hash)
  const looks = {
    class: ['stone', lane > 0 && 'side', genesis && 'genesis', moved?.way].filter(Boolean).join(' '),
    style: {
      transform: `translate(${x}px, ${y}px)`,
      ...(moved && { '--order': String(moved.order) }),
      ...(genesis ? {} : tintStyle(block.miner)),
    },
  }
  const drawn = (
    <>
      <span class="unseen">{says}</span>
      <span class="height" aria-hidden="true">{genesis ? text.tree.genesis : count(block.height)}</span>
      <Rock hash={block.hash} radius={radius} letter={genesis ? '0' : initialOf(block.miner, state.names.value.get(block.miner) ?? null)} />
    </>
  )
  return still ? <div {...looks}>{drawn}</div> : (
    <a {...looks} href={blockLink(block.hash)} data-block={block.hash} tabIndex={isStop ? 0 : -1} title={says}>{drawn}</a>
  )
}
