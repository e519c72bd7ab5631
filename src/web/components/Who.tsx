/** An account by its colour and name, as a link to it. */
import { nameOf, usePage } from '../page.ts'
import { accountLink } from '../route.ts'
import { Dot } from './Dot.tsx'

interface WhoProps {
  account: string
  /** The whole account after the name. */
  whole?: boolean
}

export function Who({ account, whole = false }: WhoProps) {
  const { state } = usePage()
  const known = state.names.value.has(account)
  return (
    <a class="party" href={accountLink(account)} title={account}>
      <Dot account={account} /> {(known || !whole) && <b>{nameOf(state, account)}</b>} {whole && <code>{account}</code>}
    </a>
  )
}
