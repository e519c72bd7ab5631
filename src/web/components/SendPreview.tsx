/** What a payment will do, before it is sent: who gets what, what the miner gets and when, and what is left. */
import type { MinedEstimate } from '../../http/api.ts'
import { count, shortAccount, signed, span } from '../format.ts'
import type { OwnAccount } from '../own-accounts.ts'
import { usePage, walletNameOf } from '../page.ts'
import type { CheckedPayment } from '../payment-check.ts'
import { text } from '../strings.ts'
import { Dot } from './Dot.tsx'

const words = text.send.preview

interface SendPreviewProps {
  checked: CheckedPayment
  payer: OwnAccount
  estimate: MinedEstimate | undefined
  /** Fee of a pending payment of the same account that pays less and is mined first, if there is one. */
  behind: number | undefined
}

export function SendPreview({ checked: { recipient, amount, fee, left }, payer, estimate, behind }: SendPreviewProps) {
  const { state } = usePage()
  if (amount === undefined || fee === undefined || left === undefined) return null
  const wait = estimate && span(estimate.minedInMs)
  return (
    <dl class="fields preview">
      <div>
        <dt>{words.gets}</dt>
        <dd>
          <b>{count(amount)}</b>{' '}
          {recipient !== undefined && <>{words.to} <Dot account={recipient} /> {walletNameOf(state, recipient)} <code class="quiet">{shortAccount(recipient)}</code></>}
          {recipient === payer.account && <span class="quiet">, {words.itself}</span>}
        </dd>
      </div>
      <div>
        <dt>{words.fee}</dt>
        <dd>
          {count(fee)}
          {wait && estimate && <span class="quiet">, {text.send.minedIn(`${wait.value} ${wait.unit}`, estimate.blocks)}{behind !== undefined && <>, {words.behind(behind)}</>}</span>}
        </dd>
      </div>
      <div>
        <dt>{words.left}</dt>
        <dd class={left < 0 ? 'failed' : undefined}>{left < 0 ? signed(left) : count(left)}</dd>
      </div>
    </dl>
  )
}
