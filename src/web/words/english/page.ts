/** The words of the page as a whole and of its first view; see strings.ts. */
import { count } from '../../format.ts'
import { plural } from '../../plural.ts'

export const transactions = (number: number): string => (number === 0 ? 'empty' : plural(number, 'transaction'))

export const pageText = {
  title: 'Cairn',
  /** Of the window: a view other than the overview is named before all else, for tabs are cut at their end. */
  titleOf: (view: string | undefined, network: string, height: number): string =>
    `${view === undefined ? '' : `${view} · `}${count(height)} · ${network} · Cairn`,
  thisNode: 'this node:',
  genesisTitle: (hash: string): string => `Genesis block ${hash}: networks with the same one are the same network`,
  now: 'now',
  ago: (age: string): string => `${age} ago`,
  showMore: 'Show more',
  skip: 'Skip to the content',
  languages: 'Language',

  connection: {
    connecting: 'connecting…',
    live: 'live',
    lost: 'node not reachable',
    syncing: 'catching up:',
    reached: (height: number, target: number): string => `block ${count(height)} of ${count(target)}`,
  },
  notice: {
    lost: 'This node does not answer. What you see is its last word; the page goes on by itself when the node is back. ' +
      'To start it again: `cairn start`',
    reading: 'Reading only. To send and mine, open the address that `cairn start` printed: it carries this node’s token.',
    refused: 'The token in that address is not this node’s, so the page reads only. ' +
      'Open the address that `cairn start` printed.',
  },

  wall: {
    name: 'Wall',
    fullScreen: 'Full screen',
    leave: 'Leave',
    nothing: 'Nothing yet. Blocks, payments and peers appear here as they come.',
    alone: 'To join from another machine of this LAN:',
  },

  tiles: {
    height: 'Height',
    lastBlock: 'Last block',
    /** After its time. */
    ago: 'ago',
    blockTime: 'Block time',
    ofTarget: (target: string): string => `of ${target}`,
    ownRate: 'This node',
    networkRate: 'Network',
    networkRateTitle: 'Estimated from the work of the last blocks and the time they took',
    blockTimeTitle: (blocks: number): string => `Mean of the last ${plural(blocks, 'block')}, and what difficulty aims at`,
    difficulty: 'Difficulty',
    difficultyTitle: 'Hashes that the next block takes, on average',
    peers: 'Peers',
    pending: 'Pending',
    notMining: 'not mining',
    none: '–',
  },

  tree: {
    label: 'The chain, newest block at the right',
    keys: 'The arrow keys lead from block to block.',
    genesis: 'genesis',
    earlier: (blocks: number): string => `${count(blocks)} earlier`,
    block: (height: number, miner: string, transactionCount: number, tip: boolean, side: boolean): string =>
      `Block ${count(height)}${tip ? ', the tip' : ''}${side ? ', beside the chain' : ''}, ` +
      `by ${miner}, ${transactions(transactionCount)}`,
    genesisBlock: 'Block 0: genesis, the same for everyone on this network',
    mineNext: 'Mine the next block',
    mine: 'mine',
    mining: 'mining',
    leftFor: (miner: string): string => `left when ${miner}’s branch had more work`,
    lessWork: (blocks: number): string => (blocks === 1 ? 'less work' : `${count(blocks)} blocks, less work`),
    empty: 'Only genesis so far: the chain begins with the first block that somebody mines.',
    emptyReading: 'Only genesis so far. Mine the first block with `cairn mine`, or here, from the address that ' +
      '`cairn start` printed.',
  },

  news: {
    heading: 'What happens',
    empty: 'Nothing yet. Blocks, payments and peers appear here as they come: mine a block, and it is the first.',
    mined: (who: string, height: number, transactionCount: number): string =>
      `${who} mined block ${count(height)}, ${transactionCount === 0 ? 'empty' : `with ${transactions(transactionCount)}`}`,
    caughtUp: (blocks: number, height: number): string => `caught up ${plural(blocks, 'block')}, now at ${count(height)}`,
    switched: (out: number, into: number, miner: string): string =>
      `switched to ${miner}’s branch, which has more work: ${plural(out, 'block')} out, ${count(into)} in`,
    sent: (from: string, to: string, amount: number, fee: number): string =>
      `${from} sent ${count(amount)} to ${to}, fee ${count(fee)}`,
    dropped: (id: string, reason: string): string => `transaction ${id} is no longer pending: ${reason}`,
    joined: (who: string): string => `${who} joined`,
    left: (who: string): string => `${who} left`,
    back: (away: string): string => `this node answers again, after ${away}`,
  },

  blocks: {
    heading: 'Latest blocks',
  },

  peers: {
    heading: 'Peers',
    empty: (network: string): string =>
      `No peers yet. On another machine of this LAN run \`cairn start --network ${network}\`. ` +
      'Without multicast, add this node’s address:',
    latency: (ms: number): string => `${ms < 1 ? '< 1' : count(ms)} ms`,
    otherBranch: 'another branch',
    behind: (blocks: number): string => `${count(blocks)} behind`,
    unknownHeight: 'height unknown',
    since: (agent: string, address: string, time: string): string => `${agent} at ${address}, connected since ${time}`,
  },

  pending: {
    heading: 'Pending, best fee first',
    empty: 'Nothing waits for a block. Send something, and it waits here until a block takes it.',
    amount: (amount: number, fee: number): string => `${count(amount)}, fee ${count(fee)}`,
    more: (number: number): string => `and ${count(number)} more`,
  },

  lab: {
    heading: 'The lab',
    mine: 'Mine a block',
    mineButton: 'Mine block',
    create: 'Create a transaction',
    recipient: 'Recipient',
    amount: 'Amount',
    createButton: 'Create transaction',
    view: 'View the blockchain',
    viewButton: 'View blockchain',
    needsToken: 'Needs the token: open the address that `cairn start` printed.',
    waiting: 'Waiting for the node…',
    mineNote: 'Finds a nonce for the pending transactions.',
    createNote: 'It waits for the next block.',
    viewNote: 'Every block from the first on, as JSON.',
    more: (shown: number, all: number): string => `Show more: ${count(shown)} of ${plural(all, 'block')} so far`,
    all: (blocks: number): string => `All ${plural(blocks, 'block')}`,
    failed: (status: number): string => `The node answered with status ${status}.`,
    copy: 'Copy JSON',
  },
}
