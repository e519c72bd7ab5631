/** Accounts to choose from while typing: this node's other ones, who mined lately, and what peers say is theirs. */
import { nameOf, usePage } from '../page.ts'
import { text } from '../strings.ts'

const words = text.send

/** @param payer the account that pays, which nobody means to pay */
export function KnownAccounts({ payer }: { payer: string }) {
  const { state } = usePage()
  const own = state.own.value.filter(({ account }) => account !== payer)
  const known = new Set([payer, ...own.map(({ account }) => account)])
  const miners = [...state.miners.value].filter(([account]) => !known.has(account))
  for (const [account] of miners) known.add(account)
  const peers = state.peers.value.filter(({ account }) => account !== null && !known.has(account))
  return (
    <datalist id="known-accounts">
      {own.map(({ account }) => <option key={account} value={account}>{words.ownAccount(nameOf(state, account))}</option>)}
      {miners.map(([account, height]) => (
        <option key={account} value={account}>{words.minerOf(nameOf(state, account), height)}</option>
      ))}
      {peers.map(({ account, name, peerId }) => (
        <option key={peerId} value={account ?? ''}>{words.peerOf(name ?? peerId.slice(-8))}</option>
      ))}
    </datalist>
  )
}
