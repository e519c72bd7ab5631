/** This node's account: what it has, what is on the way, and its address to give to others. */
import { count, shortAccount, signed } from '../format.ts'
import { usePage } from '../page.ts'
import { accountLink, linkTo } from '../route.ts'
import { text } from '../strings.ts'
import { Copy } from './Copy.tsx'
import { Dot } from './Dot.tsx'

const words = text.wallet

export function Account() {
  const { state } = usePage()
  const account = state.account.value
  if (account === null) return null
  const others = state.own.value.slice(1)
  const inOthers = others.reduce((sum, { spendable }) => sum + spendable, 0)
  return (
    <section>
      <h2><a href={accountLink(account.account)}>{words.heading}</a></h2>
      <p class="big">
        {count(account.balance)}
        {account.pending !== 0 && <small> {words.pending(signed(account.pending))}</small>}
      </p>
      <p class="address-line">
        <Dot account={account.account} />
        <Copy whole={account.account} short={shortAccount(account.account)} title={words.copyTitle} />
      </p>
      {others.length > 0 && <p><a class="link" href={linkTo({ view: 'wallet' })}>{words.others(others.length, inOthers)}</a></p>}
      {account.balance === 0 && account.pending === 0 && <p class="empty">{words.empty}</p>}
    </section>
  )
}
