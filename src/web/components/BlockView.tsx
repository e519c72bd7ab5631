/** A block: its hash beside the target that it met, the fields of its header with their meanings, its transactions. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { BlockDetail } from '../../http/api.ts'
import { count, exactTime, hashes, significant, splitHash } from '../format.ts'
import { nameOf, usePage } from '../page.ts'
import { tintStyle } from '../palette.ts'
import { blockLink, isAt, linkTo, transactionLink } from '../route.ts'
import { stoneOutline, stoneRadius } from '../stone.ts'
import { text, transactions } from '../strings.ts'
import { luckOf, targetOf } from '../target.ts'
import { useAnswer } from '../use-answer.ts'
import { Against } from './Against.tsx'
import { Ago } from './Ago.tsx'
import { Dot } from './Dot.tsx'
import { Fact } from './Fact.tsx'
import { Hash } from './Hash.tsx'
import { Json } from './Json.tsx'
import { Unanswered, View } from './View.tsx'
import { Who } from './Who.tsx'

const words = text.block
const TRANSACTIONS_AT_ONCE = 50

/** @param asked a height or a hash */
export function BlockView({ asked }: { asked: string }) {
  const { state } = usePage()
  const { value: block, failure } = useAnswer(asked, (client, signal) => client.block(asked, { signal }))
  const hash = block?.hash
  // By its height it may be another block after a switch of branches: the address that one copies names this one.
  useEffect(() => {
    if (hash !== undefined && hash !== asked && isAt({ view: 'block', block: asked })) history.replaceState(null, '', blockLink(hash))
  }, [hash])
  if (block === undefined) return <Unanswered heading={text.views.block} failure={failure} />

  const { best, side } = state.view.value
  const isBest = !side.has(block.hash) && (block.best || best.some((each) => each.hash === block.hash))
  const genesis = block.height === 0
  const difficulty = hashes(block.difficulty)
  const target = targetOf(block.bits)
  const fields = words.fields
  return (
    <View
      heading={<><Pebble block={block} />{words.heading(block.height)}</>}
      says={isBest ? words.confirmations(Math.max(1, (state.tip.value?.height ?? 0) - block.height + 1)) : words.side}
    >
      <Against hash={block.hash} target={target} says={saying(block, target)} />
      <dl class="fields">
        {!genesis && <Fact is={fields.miner}><Who account={block.miner} whole /></Fact>}
        <Fact is={fields.time}>{exactTime(block.timestamp)}, <Ago at={block.timestamp} says={text.ago} /></Fact>
        {!genesis && <Fact is={fields.parent}><a href={blockLink(block.parent)}><Hash hash={block.parent} whole /></a></Fact>}
        <Fact is={fields.difficulty}>{words.expected(`${difficulty.value} ${difficulty.unit}`)}</Fact>
        <Fact is={fields.nonce}>{count(block.nonce)}</Fact>
        <Fact is={fields.bits}><code>{words.hex(block.bits)}</code></Fact>
        <Fact is={fields.bodyRoot}><code class="hash whole">{block.bodyRoot}</code></Fact>
        <Fact is={fields.work}><code>{words.hex(block.work.replace(/^0+(?=.)/, ''))}</code></Fact>
        <Fact is={fields.size}>{words.bytes(block.bytes)}</Fact>
        <Fact is={fields.fees}>{count(block.fees)}</Fact>
        <Fact is={fields.version}>{count(block.version)}</Fact>
      </dl>
      <BlockTransactions block={block} />
      <p class="walk">
        {!genesis && <a class="button soft" href={blockLink(block.parent)}>{words.older}</a>}
        {isBest && block.height < (state.tip.value?.height ?? 0) && (
          <a class="button soft" href={blockLink(String(block.height + 1))}>{words.newer}</a>
        )}
        {!genesis && <a class="button soft" href={linkTo({ view: 'mining', block: block.hash })}>{text.trying.link}</a>}
      </p>
      <Json route={`/api/v1/blocks/${block.hash}`} value={block} />
    </View>
  )
}

/** The block’s own stone, as it lies in the tree. */
const Pebble = ({ block }: { block: BlockDetail }) => (
  <svg
    class="pebble" viewBox="-40 -40 80 80" aria-hidden="true"
    style={block.height === 0 ? undefined : tintStyle(block.miner)}
  >
    <path class={block.height === 0 ? 'rock genesis' : 'rock'} d={stoneOutline(block.hash, stoneRadius(block.transactionCount))} />
  </svg>
)

/** What the work bought, in numbers. */
function saying(block: BlockDetail, target: string): string {
  if (block.height === 0) return words.noWork
  const difficulty = hashes(block.difficulty)
  const luck = luckOf(block.hash, target)
  return words.below(significant(luck), splitHash(block.hash).zeros.length, `${difficulty.value} ${difficulty.unit}`)
}

function BlockTransactions({ block }: { block: BlockDetail }) {
  const { state } = usePage()
  const shown = useSignal(TRANSACTIONS_AT_ONCE)
  if (block.transactionCount === 0) {
    return <p class="empty">{block.height === 0 ? words.genesisTransactions : words.noTransactions}</p>
  }
  return (
    <section>
      <h3>{transactions(block.transactionCount)}</h3>
      <ol class="rows">
        {block.transactions.slice(0, shown.value).map(({ id, sender, recipient, amount, fee, memo }) => (
          <li key={id}>
            <a class="row" href={transactionLink(id)}>
              <Dot account={sender} />
              <span class="who">{nameOf(state, sender)} → {nameOf(state, recipient)}{memo ? <q>{memo}</q> : null}</span>
              <Hash hash={id} />
              <span class="quiet">{text.pending.amount(amount, fee)}</span>
            </a>
          </li>
        ))}
      </ol>
      {shown.value < block.transactionCount && (
        <button type="button" class="more" onClick={() => { shown.value += TRANSACTIONS_AT_ONCE }}>{text.showMore}</button>
      )}
    </section>
  )
}
