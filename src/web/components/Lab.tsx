/**
 * The lab's three cards, on the lab's own routes: mine a block, create a transaction, view the blockchain. What the
 * node answers is shown as JSON, as in the lab. Only the chain is read in parts: it may be of any length.
 */
import { useSignal } from '@preact/signals'
import type { ComponentChildren, TargetedSubmitEvent } from 'preact'
import { messageOf } from '../actions.ts'
import { usePage } from '../page.ts'
import { text } from '../strings.ts'
import { Field } from './Field.tsx'
import { LabChainView } from './LabChainView.tsx'
import { Says } from './Says.tsx'

const words = text.lab

type Shown =
  | { kind: 'waiting'; route: string }
  | { kind: 'answer'; route: string; json: string }
  | { kind: 'failure'; route: string; message: string }
  | { kind: 'chain'; route: string; asked: number }

const ROUTES = { mine: 'GET /mine', create: 'POST /transactions/new', view: 'GET /chain' }

export function Lab() {
  const { state, actions } = usePage()
  const shown = useSignal<Shown | null>(null)
  const recipient = useSignal('')
  const amount = useSignal('')
  const waiting = shown.value?.kind === 'waiting'
  const mayAct = state.mayAct.value && state.connection.value === 'live'

  const filled = recipient.value.trim() !== '' && amount.value.trim() !== ''

  const ask = async (route: string, call: Parameters<typeof actions.lab<unknown>>[0]): Promise<void> => {
    shown.value = { kind: 'waiting', route }
    try {
      shown.value = { kind: 'answer', route, json: JSON.stringify(await actions.lab(call), null, 2) }
    } catch (error) {
      shown.value = { kind: 'failure', route, message: messageOf(error) }
    }
  }
  const create = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void ask(ROUTES.create, (lab) => lab.newTransaction({ recipient: recipient.value.trim(), amount: amount.value.trim() }))
  }

  return (
    <section class="lab">
      <h2>{words.heading}</h2>
      <div class="cards">
        <Card title={words.mine} route={ROUTES.mine} note={words.mineNote} needsToken>
          <button
            type="button" class="soft" disabled={!mayAct || waiting}
            onClick={() => void ask(ROUTES.mine, (lab) => lab.mine())}
          >
            {words.mineButton}
          </button>
        </Card>
        <Card title={words.create} route={ROUTES.create} note={words.createNote} needsToken>
          <form onSubmit={create} noValidate aria-label={words.create}>
            <div class="pair uneven">
              <Field label={words.recipient} value={recipient} placeholder={text.send.toHint} list="known-accounts" code />
              <Field label={words.amount} value={amount} inputMode="numeric" />
            </div>
            <button type="submit" class="soft" disabled={!mayAct || waiting || !filled}>{words.createButton}</button>
          </form>
        </Card>
        <Card title={words.view} route={ROUTES.view} note={words.viewNote}>
          <button
            type="button" class="soft" disabled={state.connection.value !== 'live'}
            onClick={() => { shown.value = { kind: 'chain', route: ROUTES.view, asked: Date.now() } }}
          >
            {words.viewButton}
          </button>
        </Card>
      </div>
      <div class="lab-result" role="status">
        {shown.value !== null && <h3><code>{shown.value.route}</code></h3>}
        {shown.value?.kind === 'waiting' && <p class="quiet">{words.waiting}</p>}
        {shown.value?.kind === 'failure' && <p class="failed">{shown.value.message}</p>}
        {shown.value?.kind === 'answer' && <pre tabIndex={0}>{shown.value.json}</pre>}
      </div>
      {shown.value?.kind === 'chain' && <LabChainView key={shown.value.asked} />}
    </section>
  )
}

interface CardProps {
  title: string
  route: string
  note: string
  needsToken?: boolean
  children: ComponentChildren
}

function Card({ title, route, note, needsToken = false, children }: CardProps) {
  const { state } = usePage()
  return (
    <div class="card">
      <h3>{title}</h3>
      <p class="quiet"><code>{route}</code> <Says text={needsToken && !state.mayAct.value ? words.needsToken : note} /></p>
      {children}
    </div>
  )
}
