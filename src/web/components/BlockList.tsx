/** The newest blocks of the best branch, and further back on demand. */
import { useSignal } from '@preact/signals'
import type { BlockSummary } from '../../http/api.ts'
import { count } from '../format.ts'
import { nameOf, usePage } from '../page.ts'
import { blockLink } from '../route.ts'
import { text, transactions } from '../strings.ts'
import { Ago } from './Ago.tsx'
import { Dot } from './Dot.tsx'
import { Hash } from './Hash.tsx'

const AT_FIRST = 8
const STEP = 20

export function BlockList() {
  const { state, actions } = usePage()
  const shown = useSignal(AT_FIRST)
  const { best } = state.view.value
  const blocks = best.slice(-shown.value).toReversed()
  const more = shown.value < best.length || (best[0]?.height ?? 0) > 0
  const showMore = async (): Promise<void> => {
    shown.value += STEP
    if (shown.value > best.length) await actions.readOlder()
  }
  return (
    <section>
      <h2>{text.blocks.heading}</h2>
      <ol class="rows blocks">
        {blocks.map((block) => <BlockRow key={block.hash} block={block} />)}
      </ol>
      {more && <button type="button" class="more" onClick={() => void showMore()}>{text.showMore}</button>}
    </section>
  )
}

/** A block in a list of class `rows blocks`. */
export function BlockRow({ block }: { block: BlockSummary }) {
  const { state } = usePage()
  return (
    <li>
      <a class="row" href={blockLink(block.hash)}>
        <Dot account={block.height === 0 ? undefined : block.miner} />
        <b>{count(block.height)}</b>
        <span class="who">{block.height === 0 ? text.tree.genesis : nameOf(state, block.miner)}</span>
        <Hash hash={block.hash} />
        <span class="quiet">{transactions(block.transactionCount)}</span>
        {block.height > 0 && <Ago at={block.timestamp} />}
      </a>
    </li>
  )
}
