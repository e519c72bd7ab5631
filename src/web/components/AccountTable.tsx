/** This node's accounts with what they own, and a way to make one more. */
import { count, shortAccount, signed } from '../format.ts'
import { usePage, walletNameOf } from '../page.ts'
import { accountLink } from '../route.ts'
import { text } from '../strings.ts'
import { Copy } from './Copy.tsx'
import { Dot } from './Dot.tsx'
import { NewAccount } from './NewAccount.tsx'
import { Says } from './Says.tsx'
import { Term } from './Term.tsx'

const words = text.walletView

export function AccountTable() {
  const { state } = usePage()
  const accounts = state.own.value
  const sumOf = (of: 'balance' | 'pending' | 'spendable'): number => accounts.reduce((sum, account) => sum + account[of], 0)
  const { account: name, balance, pending, spendable } = text.account.fields
  const isEmpty = accounts.every((account) => account.balance === 0 && account.pending === 0)
  return (
    <section>
      <h3>{words.accounts}</h3>
      <div class="wide-table">
        <table class="accounts">
          <thead>
            <tr>
              {[name, balance, pending, spendable].map((is) => <th key={is.term} scope="col"><Term is={is} /></th>)}
            </tr>
          </thead>
          <tbody>
            {accounts.map((own) => (
              <tr key={own.account}>
                <th scope="row">
                  <a class="party" href={accountLink(own.account)}>
                    <Dot account={own.account} /> <b>{walletNameOf(state, own.account)}</b>
                  </a>
                  {own.default && <span class="quiet"> {words.isDefault}</span>}
                  <span class="address-line"><Copy whole={own.account} short={shortAccount(own.account)} title={text.wallet.copyTitle} /></span>
                </th>
                <td>{count(own.balance)}</td>
                <td>{own.pending === 0 ? <span class="quiet">{text.tiles.none}</span> : signed(own.pending)}</td>
                <td><b>{count(own.spendable)}</b></td>
              </tr>
            ))}
          </tbody>
          {accounts.length > 1 && (
            <tfoot>
              <tr>
                <th scope="row">{words.together}</th>
                <td>{count(sumOf('balance'))}</td>
                <td>{signed(sumOf('pending'))}</td>
                <td><b>{count(sumOf('spendable'))}</b></td>
              </tr>
            </tfoot>
          )}
        </table>
      </div>
      {isEmpty && <p class="empty"><Says text={state.mayAct.value ? words.empty : words.emptyReading} /></p>}
      {state.mayAct.value && <NewAccount />}
    </section>
  )
}
