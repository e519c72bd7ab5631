/** This node's account: what it has, what is on the way, and its address to give to others. */
import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { count, shortAccount } from '../format.ts'
import { usePage } from '../page.ts'
import { text } from '../strings.ts'
import { Dot } from './Dot.tsx'

const words = text.wallet

export function Account() {
  const { state } = usePage()
  const account = state.account.value
  if (account === null) return null
  return (
    <section>
      <h2>{words.heading}</h2>
      <p class="big">
        {count(account.balance)}
        {account.pending !== 0 && <small> {words.pending(signed(account.pending))}</small>}
      </p>
      <Address account={account.account} />
      {account.balance === 0 && account.pending === 0 && <p class="empty">{words.empty}</p>}
    </section>
  )
}

const signed = (change: number): string => `${change > 0 ? '+' : '−'} ${count(Math.abs(change))}`

function Address({ account }: { account: string }) {
  const copied = useSignal(false)
  const whole = useSignal(false)
  const code = useRef<HTMLElement>(null)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(account)
      copied.value = true
    } catch {
      // Browsers keep the clipboard from pages that are neither on localhost nor encrypted: show it all, ready to copy by hand.
      whole.value = true
      requestAnimationFrame(() => { if (code.current !== null) getSelection()?.selectAllChildren(code.current) })
    }
  }
  return (
    <p class="address-line">
      <Dot account={account} />
      <code ref={code} title={account} class={whole.value ? 'whole' : undefined}>
        {whole.value ? account : shortAccount(account)}
      </code>
      <button
        type="button" class="plain accent" title={words.copyTitle}
        onClick={() => void copy()} onBlur={() => { copied.value = false }}
      >
        {copied.value ? words.copied : words.copy}
      </button>
      <span class="unseen" role="status">{copied.value ? words.copied : ''}</span>
    </p>
  )
}
