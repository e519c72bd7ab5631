/** `cairn tx ID`: one transaction, pending or in a block. */
import type { Command } from 'commander'
import type { TransactionDetail } from '../../http/api.ts'
import { connect } from '../connection.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../failure.ts'
import { formatAge, formatCount, formatCountOf, formatDuration } from '../format.ts'
import { examples } from '../help.ts'
import { paintHash } from '../output.ts'
import { quote, stripControls } from '../text.ts'

export function configure(command: Command, context: Context): void {
  command
    .argument('<ID>', 'the transaction’s id, as send prints it')
    .addHelpText('after', examples(`cairn tx ${'3f9c51d2'.repeat(8)}`, 'cairn tx ID --json'))
    .action(async (text: string) => {
      const id = transactionKey(text)
      const { client, status } = await connect(context)
      const transaction = await client.transaction(id, { signal: context.signal })
      if (context.options.json) context.output.json(transaction)
      else print(transaction, status.time, context)
    })
}

/** An id in lower case. */
export function transactionKey(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase()
  throw new Refusal(`${quote(text)} is not a transaction’s id: an id has 64 hexadecimal digits`)
}

function print(transaction: TransactionDetail, now: number, { output }: Context): void {
  const { paint } = output
  const { block, confirmations, memo } = transaction
  const cost = `fee ${formatCount(transaction.fee)}, nonce ${transaction.nonce}`
  const confirmed = paint('green', formatCountOf(confirmations, 'confirmation'))
  output.fields([
    ['id', transaction.id],
    ['from', transaction.sender],
    ['to', transaction.recipient],
    ['amount', `${paint('bold', formatCount(transaction.amount))}  ${paint('dim', cost)}`],
    ['memo', memo === '' ? undefined : memo === null ? paint('dim', '(bytes that are no text)') : stripControls(memo)],
    ['state', block === null ? paint('yellow', pendingText(transaction)) : confirmed],
    ['block', block === null ? undefined : `${formatCount(block.height)}  ${paint('dim', formatAge(block.timestamp, now))}`],
    ['', block === null ? undefined : paintHash(block.hash, paint)],
  ])
}

function pendingText({ minedInMs }: TransactionDetail): string {
  if (minedInMs === null) return 'pending: another one of its sender must come first'
  return `pending: in a block in about ${formatDuration(minedInMs)}, as blocks come now`
}
