/** How somebody pays this node: an account of it as a QR code and as text to copy. */
import { useSignal } from '@preact/signals'
import { usePage, walletNameOf } from '../page.ts'
import { text } from '../strings.ts'
import { Choice } from './Choice.tsx'
import { Copy } from './Copy.tsx'
import { QrCode } from './QrCode.tsx'
import { Says } from './Says.tsx'

const words = text.walletView.receive

export function Receive() {
  const { state } = usePage()
  const chosen = useSignal('')
  const accounts = state.own.value
  const own = accounts.find(({ account }) => account === chosen.value) ?? accounts[0]
  if (own === undefined) return null
  return (
    <section>
      <h3>{words.heading}</h3>
      <div class="receive">
        <QrCode of={own.account} label={text.account.qr} />
        <div>
          {accounts.length > 1 && (
            <Choice label={words.to} value={own.account} onChoose={(account) => { chosen.value = account }}>
              {accounts.map(({ account }) => <option key={account} value={account}>{walletNameOf(state, account)}</option>)}
            </Choice>
          )}
          <p class="line-to-copy"><Copy whole={own.account} title={text.wallet.copyTitle} /></p>
          <p class="quiet"><Says text={words.note} /></p>
        </div>
      </div>
    </section>
  )
}
