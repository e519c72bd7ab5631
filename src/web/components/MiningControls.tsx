/** Mining: one block now, or on and on with as much of the machine as it may take. Shown to whoever has the token. */
import { useSignal } from '@preact/signals'
import type { MiningRequest } from '../../http/api.ts'
import { messageOf } from '../actions.ts'
import { hashRate, span } from '../format.ts'
import { usePage } from '../page.ts'
import type { MinedOne } from '../state.ts'
import { text } from '../strings.ts'

const words = text.mining
const MAX_THREADS = 64

export function MiningControls() {
  const { state, actions } = usePage()
  const failure = useSignal<string | null>(null)
  const status = state.status.value
  if (!state.mayAct.value || status === null) return null
  const { running, waiting, threads, cpu } = status.mining
  const busy = state.miningOne.value
  const offline = state.connection.value !== 'live'
  const set = async (request: MiningRequest): Promise<void> => {
    failure.value = null
    try {
      await actions.setMining(request)
    } catch (error) {
      failure.value = messageOf(error)
    }
  }
  const outcome = state.minedOne.value
  const says = failure.value ?? (outcome === null ? '' : saying(outcome))
  return (
    <>
      <div class="mining-controls">
        <button
          type="button" class={state.account.value?.balance === 0 ? undefined : 'soft'} disabled={offline}
          onClick={() => (busy ? actions.cancelMining() : void actions.mineOne())}
        >
          {busy ? words.cancel : words.one}
        </button>
        <label class="switch">
          <input
            type="checkbox" role="switch" checked={running} disabled={offline}
            onChange={(event) => void set({ running: event.currentTarget.checked })}
          />
          <span>{words.continuous}</span>
        </label>
        <label class="amount">
          <span>{words.threads}</span>
          <input
            type="number" min="1" max={MAX_THREADS} value={threads} disabled={offline}
            onChange={(event) => {
              const asked = Math.round(event.currentTarget.valueAsNumber)
              if (asked >= 1 && asked <= MAX_THREADS) void set({ threads: asked })
              else event.currentTarget.value = String(threads)
            }}
          />
        </label>
        <label class="amount">
          <span>{words.cpu}</span>
          <input
            type="range" min="5" max="100" step="5" value={cpu} disabled={offline} aria-valuetext={words.percent(cpu)}
            onChange={(event) => void set({ cpu: event.currentTarget.valueAsNumber })}
          />
          <output>{words.percent(cpu)}</output>
        </label>
      </div>
      {(running || busy) && <p class="quiet progress">{progress()}</p>}
      <p role="status" class={failure.value !== null || outcome?.outcome === 'failed' ? 'result failed' : 'result'}>{says}</p>
    </>
  )

  function progress(): string {
    if (waiting) return words.waiting
    const mining = state.mining.value
    if (mining === null || mining.hashRate === 0) return words.starting
    const { value, unit } = hashRate(mining.hashRate)
    const expected = mining.expectedMs === null ? undefined : span(mining.expectedMs)
    return expected === undefined ? `${value} ${unit}` : words.progress(`${value} ${unit}`, `${expected.value} ${expected.unit}`)
  }
}

function saying(mined: MinedOne): string {
  switch (mined.outcome) {
    case 'found': return words.found(mined.height)
    case 'cancelled': return words.cancelled
    case 'failed': return mined.message
  }
}
