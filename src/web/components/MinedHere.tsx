/** The blocks that this node mined, of those that the page holds. */
import { usePage } from '../page.ts'
import { text } from '../strings.ts'
import { BlockRow } from './BlockList.tsx'

const words = text.mining
const SHOWN = 6

export function MinedHere() {
  const { state } = usePage()
  const account = state.status.value?.account
  const blocks = state.view.value.best.filter(({ height }) => height > 0)
  const own = blocks.filter(({ miner }) => miner === account)
  return (
    <section>
      <h3>{words.mined} {own.length > 0 && <small>{words.minedSome(own.length, blocks.length)}</small>}</h3>
      {own.length === 0 ? <p class="empty">{words.minedNone(blocks.length)}</p> : (
        <ol class="rows blocks">
          {own.slice(-SHOWN).toReversed().map((block) => <BlockRow key={block.hash} block={block} />)}
        </ol>
      )}
    </section>
  )
}
