/** What one can do to the swarm: to the nodes that are chosen, else to everybody; and what lies between them. */
import { text } from '../strings.ts'
import { Branches } from './Branches.tsx'
import { ConditionSliders } from './ConditionSliders.tsx'
import { nameAt, useSwarm } from './page.ts'
import { Slider } from './Slider.tsx'

const words = text.swarm.act
/** Chosen nodes that are named; of more, only how many there are is said. */
const MAX_NAMED = 4
/** A minute. */
const PAYMENTS = { max: 240, step: 10 }

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
      <Paid />
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
  const link = state.edges.value.find(({ nodes }) => meant.length === 2 && meant.every(({ node }) => nodes.includes(node)))
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
        {link && <button type="button" class="soft" onClick={() => actions.openLink(link.nodes)}>{words.link}</button>}
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
  const [conditions, payments] = [state.conditions.value, state.payments.value]
  if (conditions === null || payments === null) return null
  return (
    <div>
      <ConditionSliders conditions={conditions} />
      <Slider
        {...PAYMENTS} name={words.payments} value={payments.perMinute} says={words.paymentsIs}
        set={(perMinute) => void actions.setPayments(perMinute)}
      />
    </div>
  )
}

/** What became of the payments, also for those who only read. */
function Paid() {
  const { state } = useSwarm()
  const payments = state.payments.value
  return payments !== null && payments.sent > 0 && <p class="quiet">{words.paid(payments.sent, payments.pending)}</p>
}
