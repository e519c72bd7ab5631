/** What one can do to the swarm: to the nodes that are chosen, else to everybody; and what lies between them. */
import { useSignal } from '@preact/signals'
import { text } from '../strings.ts'
import { Branches } from './Branches.tsx'
import { nameAt, useSwarm } from './page.ts'

const words = text.swarm.act
/** The slider's end and steps, ms; a network that is slower shows its own number. */
const LATENCY = { max: 2_000, step: 10 }
/** Chosen nodes that are named; of more, only how many there are is said. */
const MAX_NAMED = 4
/** Percent. */
const LOSS = { max: 50, step: 1 }

export function Controls() {
  const { state } = useSwarm()
  return (
    <section class="controls" aria-label={words.label}>
      {state.mayAct.value && (
        <>
          {state.chosen.value.size === 0 ? <ForAll /> : <ForChosen />}
          <p class="failed result" role="alert">{state.failure.value}</p>
          <Conditions />
        </>
      )}
      <Branches />
    </section>
  )
}

function ForAll() {
  const { state, actions } = useSwarm()
  const nodes = state.nodes.value
  const running = nodes.filter((node) => node.running).map(({ node }) => node)
  const full = nodes.length >= (state.status.value?.maxNodes ?? 0)
  return (
    <div>
      <h2>{words.everybody}</h2>
      <div class="buttons">
        <button type="button" title={words.mineOneTitle} disabled={running.length === 0} onClick={() => void actions.mineSomewhere()}>
          {words.mineOne}
        </button>
        <MineOn nodes={running} />
        <button type="button" class="soft" disabled={nodes.length < 2} onClick={() => void actions.halve()}>{words.halve}</button>
        <Heal />
        <button type="button" class="soft" disabled={full} onClick={() => void actions.join()}>{words.join}</button>
      </div>
    </div>
  )
}

function ForChosen() {
  const { state, actions } = useSwarm()
  const meant = state.meant.value
  const running = meant.filter((node) => node.running).map(({ node }) => node)
  const stopped = meant.filter((node) => !node.running).map(({ node }) => node)
  const all = meant.length === state.nodes.value.length
  return (
    <div>
      <h2>{words.chosen(meant.length > MAX_NAMED ? text.swarm.nodes(meant.length) : meant.map(({ node }) => nameAt(state, node)).join(', '))}</h2>
      <div class="buttons">
        <button type="button" disabled={all} onClick={() => void actions.partChosen()}>{words.part}</button>
        <Heal />
        <button type="button" class="soft" disabled={running.length === 0} onClick={() => void actions.mine(running)}>
          {running.length > 1 ? words.mineEach : words.mineOne}
        </button>
        <MineOn nodes={running} />
        {running.length > 0 && <button type="button" class="soft" onClick={() => void actions.kill(running)}>{words.kill}</button>}
        {stopped.length > 0 && <button type="button" class="soft" onClick={() => void actions.restart(stopped)}>{words.restart}</button>}
        <button type="button" class="plain accent" onClick={() => actions.choose([])}>{words.choose}</button>
      </div>
    </div>
  )
}

/** Begins to mine without end, or where some of them do, ends it. */
function MineOn({ nodes }: { nodes: readonly number[] }) {
  const { state, actions } = useSwarm()
  const mining = nodes.filter((node) => state.nodes.value[node]?.mining)
  return mining.length > 0
    ? <button type="button" class="soft" onClick={() => void actions.mining(mining, false)}>{words.stopMining}</button>
    : <button type="button" class="soft" disabled={nodes.length === 0} onClick={() => void actions.mining(nodes, true)}>{words.mineOn}</button>
}

function Heal() {
  const { state, actions } = useSwarm()
  const isCut = state.isCut.value
  return <button type="button" class={isCut ? undefined : 'soft'} disabled={!isCut} onClick={() => void actions.heal()}>{words.heal}</button>
}

function Conditions() {
  const { state, actions } = useSwarm()
  const conditions = state.conditions.value
  if (conditions === null) return null
  return (
    <div class="conditions">
      <Slider
        {...LATENCY} name={words.latency} value={conditions.latencyMs} says={words.latencyIs}
        set={(latencyMs) => void actions.setLinks({ latencyMs })}
      />
      <Slider
        {...LOSS} name={words.loss} value={Math.round(conditions.loss * 100)} says={words.lossIs}
        set={(percent) => void actions.setLinks({ loss: percent / 100 })}
      />
    </div>
  )
}

interface SliderProps {
  name: string
  value: number
  max: number
  step: number
  says: (value: number) => string
  /** Called when the slider is let go. */
  set: (value: number) => void
}

function Slider({ name, value, max, step, says, set }: SliderProps) {
  /** While it is held. */
  const held = useSignal<number | null>(null)
  const shown = held.value ?? value
  return (
    <label>
      <span>{name}</span>
      <input
        type="range" min={0} max={max} step={step} value={Math.min(shown, max)} aria-valuetext={says(shown)}
        onInput={(event) => { held.value = event.currentTarget.valueAsNumber }}
        onChange={(event) => {
          held.value = null
          set(event.currentTarget.valueAsNumber)
        }}
      />
      <output>{says(shown)}</output>
    </label>
  )
}
