/** What a proof shows, for people and for programs; and what it does not, which matters as much. */
import { toAddress } from '../consensus/account.ts'
import type { NetworkParams } from '../consensus/params.ts'
import { showTransaction } from '../consensus/proof.ts'
import type { Proven } from '../consensus/verify-proof.ts'
import { formatCount, formatCountOf, formatDuration, formatMetric, formatTime } from './format.ts'
import { layFields, type Paint, paintHash } from './output.ts'
import { stripControls } from './text.ts'

type Fields = [name: string, value: string | undefined][]

/** Hashes a second of one thread of an ordinary machine. */
const ORDINARY_RATE = 10_000_000

/** The payment, and where it is. */
export function layPayment({ id, transaction, block, claimedConfirmations }: Proven, paint: Paint): Fields {
  const { sender, recipient, amount, fee, nonce, memo } = showTransaction(transaction)
  const cost = `fee ${formatCount(fee)}, nonce ${nonce}`
  return [
    ['id', id],
    ['from', sender],
    ['to', recipient],
    ['amount', `${paint('bold', formatCount(amount))}  ${paint('dim', cost)}`],
    ['memo', memo === '' ? undefined : memo === null ? paint('dim', '(bytes that are no text)') : stripControls(memo)],
    ['state', paint('green', formatCountOf(claimedConfirmations, 'confirmation'))],
    ...layBlock(block, paint),
  ]
}

const layBlock = ({ hash, height, timestamp, position, transactionCount }: Proven['block'], paint: Paint): Fields => [
  ['block', `${formatCount(height)}  ${paint('dim', `${formatTime(timestamp)}, transaction ${position + 1} of ${transactionCount}`)}`],
  ['', paintHash(hash, paint)],
]

/** The lines of a verdict. */
export function layVerdict(proven: Proven, known: { params?: NetworkParams; block?: string }, paint: Paint): string[] {
  const { block, network, confirmations, claimedConfirmations, last, work } = proven
  const effort = `${formatMetric(Number(work))} hashes`
  const duration = formatDuration((Number(work) / ORDINARY_RATE) * 1000)
  const fields = layPayment(proven, paint).filter(([name]) => name !== 'state')
  const claim = `the word of whoever made this; its headers show ${formatCount(confirmations)}`
  return [
    `${paint('green', '■')} ${paint('bold', 'proved')}: its sender signed this payment, and it is in block ${formatCount(block.height)}`,
    '',
    ...layFields(
      [
        ...fields,
        ['miner', toAddress(block.miner)],
        ['shown', `${formatCountOf(confirmations, 'confirmation')}, by ${effort} in all  ${paint('dim', `about ${duration} for one thread`)}`],
        ['claimed', claimedConfirmations > confirmations ? `${formatCount(claimedConfirmations)}: ${claim}` : undefined],
        ['last', confirmations > 1 ? paintHash(last, paint) : undefined],
        ['network', `${paint('bold', network.name)}  ${paint('dim', whence(network))}`],
        ['genesis', network.genesis],
      ],
      paint,
    ),
    '',
    ...notProved(proven, known.block, paint),
  ]
}

const whence = ({ known, parameters }: Proven['network']): string =>
  known === 'asked' ? 'the one that was asked for' : parameters ? 'its genesis is what the name gives' : 'so the document says'

function notProved({ network, last }: Proven, block: string | undefined, paint: Paint): string[] {
  const title = `${paint('yellow', 'Not proved:')} `
  const lines =
    block === undefined
      ? [
          `${title}that its chain is the one with the most work. To forge a proof takes the work shown,`,
          'and no more. Compare the last block with a node that you trust, or ask for more headers:',
          `  ${paint('cyan', `cairn block ${last}`)}`,
        ]
      : [`${title}that its blocks break no rule of the ledger; but block ${block.slice(0, 8)}…, which you know, is on them.`]
  if (network.known !== 'no') return lines
  return [
    ...lines,
    '',
    `${title}which network it is of. Only the document names it: compare the genesis, or name the`,
    `network by ${paint('cyan', '--network NAME|FILE')}; its parameters also say how hard its blocks must be.`,
  ]
}

/** The verdict as JSON: `work` is hex, as everywhere. */
export const verdictDocument = ({ transaction, block, work, ...rest }: Proven): Record<string, unknown> => ({
  ...rest,
  transaction: showTransaction(transaction),
  block: { ...block, miner: toAddress(block.miner) },
  work: work.toString(16),
})
