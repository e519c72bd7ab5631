/**
 * `GET /chain` as JSON, a few blocks at a time. Each "show more" asks for the chain again and stops reading where
 * enough is shown, so neither the page nor the node ever holds more of it than that.
 */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { messageOf } from '../actions.ts'
import { type LabBlock, labBlocks, textOf } from '../lab-chain.ts'
import { usePage } from '../page.ts'
import { text } from '../strings.ts'

const words = text.lab
const BLOCKS_AT_ONCE = 20

export function LabChainView() {
  const { state } = usePage()
  const wanted = useSignal(BLOCKS_AT_ONCE)
  const blocks = useSignal<readonly LabBlock[]>([])
  const complete = useSignal(false)
  const failure = useSignal<string | null>(null)
  const limit = wanted.value

  useEffect(() => {
    const reading = new AbortController()
    void read(reading.signal)
    return () => reading.abort()
  }, [limit])
  const read = async (signal: AbortSignal): Promise<void> => {
    try {
      const answer = await readChain(limit, signal)
      blocks.value = answer.blocks
      complete.value = answer.complete
    } catch (error) {
      if (!signal.aborted) failure.value = messageOf(error)
    }
  }

  const shown = blocks.value.length
  const length = complete.value ? shown : Math.max(shown, (state.tip.value?.height ?? 0) + 1)
  if (failure.value !== null) return <p role="alert" class="failed">{failure.value}</p>
  if (shown === 0) return <p class="quiet">{words.waiting}</p>
  const more = (
    <button type="button" class="soft" disabled={shown < wanted.value} onClick={() => { wanted.value += BLOCKS_AT_ONCE }}>
      {words.more(shown, length)}
    </button>
  )
  return (
    <>
      <div class="json" tabIndex={0} aria-label={words.view}>
        <pre>{'{\n  "chain": ['}</pre>
        {blocks.value.map((block, at) => (
          <pre key={at} class="element">{indented(block)}{complete.value && at === shown - 1 ? '' : ','}</pre>
        ))}
        <pre>{complete.value ? `  ],\n  "length": ${length}\n}` : '    …'}</pre>
      </div>
      <p>{complete.value ? <span class="quiet">{words.all(length)}</span> : more}</p>
    </>
  )
}

/** A block as it stands inside of the array. */
const indented = (block: LabBlock): string => JSON.stringify(block, null, 2).replace(/^/gm, '    ')

/** The first blocks of the chain, and whether these are all. */
async function readChain(limit: number, signal: AbortSignal): Promise<{ blocks: LabBlock[]; complete: boolean }> {
  const response = await fetch('/chain', { signal })
  if (!response.ok) throw new Error(words.failed(response.status))
  const blocks: LabBlock[] = []
  for await (const block of labBlocks(textOf(response))) {
    if (blocks.length === limit) return { blocks, complete: false }
    blocks.push(block)
  }
  return { blocks, complete: true }
}
