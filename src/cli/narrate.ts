/**
 * Tells what happens in a node as it happens, in one sentence each: blocks found and received, branches won and lost,
 * peers that come and go. For the log, and for scripts as JSON.
 *
 * While the node catches up, its blocks are not told one by one: thousands may come in a second.
 */
import { toAddress } from '../consensus/account.ts'
import type { Node } from '../node/node.ts'
import { formatAddress, formatCount, formatCountOf } from './format.ts'
import type { LoggedEvent } from './log-lines.ts'
import { cutMiddle } from './text.ts'

/**
 * Hears of one thing that happened.
 * @param event as in the event stream
 * @param fields what programs need of it
 * @param text what people need of it
 */
export type Listener = (event: LoggedEvent, fields: Record<string, unknown>, text: string) => void

/** The parts of a node that are listened to. */
export interface Sources {
  chain: Pick<Node['chain'], 'events'>
  network: Pick<Node['network'], 'events' | 'nameOf' | 'peers'>
}

/** Begins to tell, until the node's parts stop. */
export function narrate({ chain, network }: Sources, listener: Listener): void {
  chain.events.on('block:connected', ({ block, hash, height, origin }) => {
    if (origin === 'sync' || origin === 'store') return
    const { miner, transactions } = block.body
    const contents = transactions.length === 0 ? '' : `, ${formatCountOf(transactions.length, 'transaction')}`
    const name = network.nameOf(miner)
    const what = origin === 'local' ? 'found' : name === undefined ? 'received' : `${name} mined`
    listener(
      'block:connected',
      { hash, height, origin, miner: toAddress(miner), transactionCount: transactions.length },
      `${what} block ${formatCount(height)}  ${cutMiddle(hash, 17)}${contents}`,
    )
  })
  chain.events.on('chain:reorg', ({ ancestorHeight, disconnected, connected }) => {
    listener(
      'chain:reorg',
      { ancestor: ancestorHeight, disconnected, connected },
      `switched to the branch with more work: ${formatCountOf(disconnected.length, 'block')} above height ` +
        `${formatCount(ancestorHeight)} left, ${connected.length} joined`,
    )
  })
  const joined = ({ peerId, name, address }: ReturnType<typeof network.peers>[number]): void =>
    listener('peer:connected', { peerId, name, address }, `${name ?? peerId} joined  ${formatAddress(address)}`)
  network.peers().forEach(joined) // they were quicker than the banner
  network.events.on('peer:connected', joined)
  network.events.on('peer:disconnected', ({ peerId, name }) => {
    listener('peer:disconnected', { peerId, name }, `${name ?? peerId} left`)
  })
  let catchingUp = false
  let aim = 0
  network.events.on('sync:progress', ({ state, height, target }) => {
    const begins = state !== 'idle' && !catchingUp && target > height + 1
    const ends = state === 'idle' && catchingUp
    const [from, to] = [formatCount(height), formatCount(target)]
    if (begins) listener('sync:progress', { state, height, target }, `catching up from height ${from} to ${to}`)
    const missing = `stopped catching up at height ${from} of ${formatCount(aim)}: goes on when a peer has the rest`
    if (ends) listener('sync:progress', { state, height, target }, height < aim ? missing : `caught up at height ${from}`)
    aim = target
    catchingUp = begins || (catchingUp && !ends)
  })
}
