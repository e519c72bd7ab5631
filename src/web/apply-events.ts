/** What each event of the node changes in the page's state. */
import type { ApiEvents } from '../http/api.ts'
import { type ChainView, connect, disconnect, holds, switched } from './chain-view.ts'
import { stillShown, switchOf } from './last-switch.ts'
import { type Happening, keyOfSent, withNews } from './news.ts'
import { withPending, withRemoved } from './payments.ts'
import { withSample } from './rate-line.ts'
import type { State } from './state.ts'

/** An event without its place in the stream, which the client keeps. */
export type PageEvent = { [Name in keyof ApiEvents]: { event: Name; data: ApiEvents[Name] } }[keyof ApiEvents]

/**
 * Applies events in order.
 * @param now by the node's clock, ms
 * @returns whether all of them fitted; if not, something was missed and the state is to be read anew
 */
export function applyEvents(state: State, events: readonly PageEvent[], now: number): boolean {
  let view: ChainView | undefined = state.view.value
  const pending = new Map(state.pending.value)
  const own = new Set(state.own.value.map(({ account }) => account))
  let payments = state.payments.value
  let lastSwitch = stillShown(state.lastSwitch.value, now)
  const happenings: Happening[] = []
  const told = new Set(state.news.value.map(({ key }) => key))
  for (const { event, data } of events) {
    if (view === undefined) return false
    switch (event) {
      case 'block:connected':
        if (!holds(view, data.hash)) happenings.push({ kind: 'mined', block: data })
        view = connect(view, data)
        break
      case 'block:disconnected':
        view = disconnect(view, data.hash)
        break
      case 'chain:reorg':
        view = switched(view, data.disconnected)
        lastSwitch = switchOf(data, now)
        happenings.push({
          kind: 'switched', out: data.disconnected.length, in: data.connected.length, miner: view.best.at(-1)?.miner ?? null,
        })
        break
      case 'transaction:added':
        // One that a switch of branches made pending again was told when it was sent.
        if (!told.has(keyOfSent(data.id))) happenings.push({ kind: 'sent', transaction: data })
        pending.set(data.id, { ...data, receivedAt: now })
        if (own.has(data.sender) || own.has(data.recipient)) payments = withPending(payments, data, now)
        break
      case 'transaction:removed':
        pending.delete(data.id)
        payments = withRemoved(payments, data.id, data.reason, now)
        if (data.reason !== 'mined') happenings.push({ kind: 'dropped', ...data })
        break
      case 'peer:connected':
        happenings.push({ kind: 'joined', peerId: data.peerId, name: data.name })
        break
      case 'peer:disconnected':
        happenings.push({ kind: 'left', ...data })
        break
      case 'mining:progress':
        state.mining.value = data
        state.rates.value = withSample(state.rates.value, { at: now, hashRate: data.hashRate })
        if (state.status.value !== null) state.status.value = { ...state.status.value, mining: data }
        break
      case 'reset':
        return false
    }
  }
  if (view === undefined) return false
  state.view.value = view
  state.lastSwitch.value = lastSwitch
  state.pending.value = pending
  state.payments.value = payments
  if (happenings.length > 0) state.news.value = withNews(state.news.value, happenings, now)
  return true
}
