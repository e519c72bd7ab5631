/** A block in full, over the page: header fields, the hash with the zeros that its work bought, transactions. */
import { useSignal, useSignalEffect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { BlockDetail } from '../../http/api.ts'
import { messageOf } from '../actions.ts'
import { count, exactTime, hashes } from '../format.ts'
import { nameOf, usePage } from '../page.ts'
import { text, transactions } from '../strings.ts'
import { Ago } from './Ago.tsx'
import { Dot } from './Dot.tsx'
import { Hash } from './Hash.tsx'

const words = text.block
const TRANSACTIONS_AT_ONCE = 50

export function BlockDialog() {
  const { state, actions } = usePage()
  const dialog = useRef<HTMLDialogElement>(null)
  const block = useSignal<BlockDetail | null>(null)
  const failure = useSignal<string | null>(null)
  const opened = state.opened.value

  useSignalEffect(() => {
    const hash = state.opened.value
    if (hash === null) return
    const reading = new AbortController()
    void read(hash, reading.signal)
    return () => reading.abort()
  })
  const read = async (hash: string, signal: AbortSignal): Promise<void> => {
    failure.value = null
    try {
      block.value = await actions.block(hash, signal)
    } catch (error) {
      if (!signal.aborted) failure.value = messageOf(error)
    }
  }
  useEffect(() => {
    if (opened !== null) dialog.current?.showModal()
  }, [opened === null])

  const close = (): void => {
    state.opened.value = null
    block.value = null
  }
  if (opened === null) return null
  return (
    <dialog
      ref={dialog}
      aria-labelledby="block-heading"
      onClose={close}
      onClick={(event) => { if (event.target === event.currentTarget) event.currentTarget.close() }}
    >
      <div class="sheet">
        {failure.value !== null ? <p class="failed">{words.failed(failure.value)}</p>
          : block.value === null ? <p class="quiet">{words.loading}</p>
          : <Detail block={block.value} />}
        <button type="button" class="close soft" onClick={() => dialog.current?.close()}>{words.close}</button>
      </div>
    </dialog>
  )
}

function Detail({ block }: { block: BlockDetail }) {
  const { state } = usePage()
  const { best } = state.view.value
  const position = best.findIndex(({ hash }) => hash === block.hash)
  const newer = position < 0 ? undefined : best[position + 1]
  const genesis = block.height === 0
  const open = (hash: string) => (): void => { state.opened.value = hash }
  const difficulty = hashes(block.difficulty)
  const confirmations = Math.max(1, (state.tip.value?.height ?? 0) - block.height + 1)
  const standing = state.view.value.side.has(block.hash) ? words.side : words.confirmations(confirmations)
  const fields = words.fields
  return (
    <>
      <h2 id="block-heading">{words.heading(block.height)}</h2>
      <p class="quiet">{standing}</p>
      <p class="hash-line"><Hash hash={block.hash} whole /></p>
      <dl class="fields">
        {!genesis && (
          <>
            <dt>{fields.miner}</dt>
            <dd><Dot account={block.miner} /> {state.names.value.get(block.miner)} <code class="quiet">{block.miner}</code></dd>
          </>
        )}
        <dt>{fields.time}</dt><dd>{exactTime(block.timestamp)}, <Ago at={block.timestamp} /> {text.ago}</dd>
        {!genesis && (
          <>
            <dt>{fields.parent}</dt>
            <dd><button type="button" class="plain" onClick={open(block.parent)}><Hash hash={block.parent} whole /></button></dd>
          </>
        )}
        <dt>{fields.difficulty}</dt><dd>{words.expected(`${difficulty.value} ${difficulty.unit}`)}</dd>
        <dt>{fields.nonce}</dt><dd>{count(block.nonce)}</dd>
        <dt>{fields.bits}</dt><dd><code>{words.hex(block.bits)}</code></dd>
        <dt>{fields.bodyRoot}</dt><dd><code class="hash whole">{block.bodyRoot}</code></dd>
        <dt>{fields.work}</dt><dd><code>{words.hex(block.work.replace(/^0+(?=.)/, ''))}</code></dd>
        <dt>{fields.size}</dt><dd>{words.bytes(block.bytes)}</dd>
        <dt>{fields.fees}</dt><dd>{count(block.fees)}</dd>
      </dl>
      <BlockTransactions key={block.hash} block={block} />
      <p class="walk">
        {!genesis && <button type="button" class="soft" onClick={open(block.parent)}>{words.older}</button>}
        {newer && <button type="button" class="soft" onClick={open(newer.hash)}>{words.newer}</button>}
      </p>
    </>
  )
}

function BlockTransactions({ block }: { block: BlockDetail }) {
  const { state } = usePage()
  const shown = useSignal(TRANSACTIONS_AT_ONCE)
  if (block.transactionCount === 0) {
    return <p class="empty">{block.height === 0 ? words.genesisTransactions : words.noTransactions}</p>
  }
  return (
    <>
      <h3>{transactions(block.transactionCount)}</h3>
      <ol class="rows">
        {block.transactions.slice(0, shown.value).map(({ id, sender, recipient, amount, fee, memo }) => (
          <li key={id} class="row">
            <Dot account={sender} />
            <span class="who">{nameOf(state, sender)} → {nameOf(state, recipient)}{memo ? <q>{memo}</q> : null}</span>
            <Hash hash={id} />
            <span class="quiet">{text.pending.amount(amount, fee)}</span>
          </li>
        ))}
      </ol>
      {shown.value < block.transactionCount && (
        <button type="button" class="more" onClick={() => { shown.value += TRANSACTIONS_AT_ONCE }}>{text.showMore}</button>
      )}
    </>
  )
}
