/** The wallet: what this node's accounts own, paying from them, being paid, and how each payment stands. */
import { usePage } from '../page.ts'
import { text } from '../strings.ts'
import { AccountTable } from './AccountTable.tsx'
import { PaymentList } from './PaymentList.tsx'
import { Receive } from './Receive.tsx'
import { Says } from './Says.tsx'
import { SendForm } from './SendForm.tsx'
import { Unanswered, View } from './View.tsx'
import { WalletLock } from './WalletLock.tsx'

const words = text.walletView

export function WalletView() {
  const { state } = usePage()
  if (state.own.value.length === 0) return <Unanswered heading={words.heading} failure={undefined} />
  return (
    <View heading={words.heading}>
      <div class="quiet says"><WalletLock /></div>
      <div class="wallet">
        <div>
          <AccountTable />
          {state.mayAct.value ? <SendForm whole /> : <NeedsToken />}
        </div>
        <div>
          <Receive />
          <PaymentList />
        </div>
      </div>
    </View>
  )
}

/** Where the form to send would be. */
const NeedsToken = () => (
  <section>
    <h3>{text.send.heading}</h3>
    <p class="empty"><Says text={words.needsToken} /></p>
  </section>
)
