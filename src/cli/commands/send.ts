/**
 * `cairn send TO AMOUNT`: signs a payment and sends it.
 *
 * In order: every argument is checked → on a terminal, what will happen is shown and asked → the node signs, admits and
 * gossips it → with --wait, its confirmations are counted. Where nobody can be asked, --yes or --json says that a script
 * means what it says; without, nothing is sent. A locked wallet is unlocked for this payment alone, by its passphrase.
 */
import type { Command } from 'commander'
import type { SendRequest } from '../../http/api.ts'
import type { Client } from '../../http/client.ts'
import { findAccount } from '../account-option.ts'
import { parseAmount, parseWhole } from '../amounts.ts'
import { confirm } from '../confirm.ts'
import { untilConfirmed } from '../confirmations.ts'
import { type Connection, connect } from '../connection.ts'
import type { Context } from '../context.ts'
import { Interrupted, Refusal } from '../failure.ts'
import { formatChange, formatCount, formatCountOf, formatDuration } from '../format.ts'
import { examples } from '../help.ts'
import { createOutput, layFields } from '../output.ts'
import { addPassphraseOption, type PassphraseOptions, whileUnlocked } from '../passphrase.ts'
import { createProgressLine } from '../progress.ts'
import { isInteractive } from '../terminal.ts'
import { stripControls } from '../text.ts'

/** What fits into a transaction, bytes of UTF-8. */
const MAX_MEMO_BYTES = 256

interface Options extends PassphraseOptions {
  fee: string
  from?: string
  memo?: string
  wait?: string
  yes?: boolean
}

export function configure(command: Command, context: Context): void {
  addPassphraseOption(command)
    .argument('<TO>', 'the account to pay: cairn1…, or the name of one of this node’s')
    .argument('<AMOUNT>', 'how many units, a whole number')
    .option('--fee <N>', 'units for the miner: the best-paying go first (default: 0)', '0')
    .option('--from <ACCOUNT>', 'pay from this account of the node’s, by address or name')
    .option('--memo <TEXT>', `a note that everybody can read, at most ${MAX_MEMO_BYTES} bytes`)
    .option('--wait <CONFIRMATIONS>', 'return when it is this many blocks deep')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', examples(
      'cairn send cairn1… 30 --fee 1 --memo "for the pizza"',
      'cairn send cairn1… 30 --yes --wait 1 --json',
    ))
    .action(async (to: string, amount: string, options: Options) => {
      const values = parse(amount, options)
      const recipient = await findAccount(to, context)
      const confirmations = options.wait === undefined ? 0 : parseWhole('--wait', options.wait, 1, 1_000_000)
      const sender = await findAccount(options.from, context)
      const connection = await connect(context)
      const { client, status } = connection
      const request = { ...values, recipient: await recipient(client, status), sender: await sender(client, status) }

      if (!options.yes && isInteractive()) await ask(request, connection, context)
      else if (!options.yes && !context.options.json) {
        throw new Refusal('not sent: nobody can be asked here; add --yes where it is meant without asking')
      }
      await send(request, confirmations, options, connection, context)
    })
}

function parse(amount: string, { fee, memo }: Options): Pick<SendRequest, 'amount' | 'fee' | 'memo'> {
  if (memo !== undefined && Buffer.byteLength(memo) > MAX_MEMO_BYTES) {
    throw new Refusal(`--memo: ${Buffer.byteLength(memo)} bytes do not fit; shorten it to ${MAX_MEMO_BYTES}`)
  }
  return { amount: parseAmount('AMOUNT', amount), fee: parseWhole('--fee', fee, 0), memo }
}

/** Shows what will happen and asks. */
async function ask(request: SendRequest, { client }: Connection, { signal }: Context): Promise<void> {
  const { recipient, sender = '', amount, fee = 0, memo } = request
  const [{ spendable: before }, names, wait] = await Promise.all([
    client.account(sender, { signal }), namesOf(client, signal), client.estimate(fee, { signal }),
  ])
  const { line, paint } = createOutput(process.stderr)
  const after = before - amount - fee
  const named = (account: string): string => {
    const name = names.get(account)
    return name === undefined ? account : `${account}  ${paint('bold', stripControls(name))}`
  }
  const fields: [string, string | undefined][] = [
    ['from', named(sender)],
    ['to', named(recipient)],
    ['amount', paint('bold', formatCountOf(amount, 'unit'))],
    ['fee', fee < wait.minimumFee ? paint('red', `${formatCount(fee)}: this node takes no less than ${formatCount(wait.minimumFee)} now`) : formatCount(fee)],
    ['mined', `in about ${formatDuration(wait.minedInMs)}, as blocks come now`],
    ['memo', memo === undefined ? undefined : stripControls(memo)],
    ['spendable', `${formatCount(before)} → ${paint(after < 0 ? 'red' : 'bold', formatChange(after).replace('+', ''))}`],
  ]
  for (const text of layFields(fields, paint)) line(text)
  if (!(await confirm('Send it?', signal))) throw new Refusal('not sent: you did not confirm it')
}

/** What accounts are called: those of the wallet, and those that peers say their mining pays. */
async function namesOf(client: Client, signal: AbortSignal): Promise<Map<string, string>> {
  const [{ accounts }, { peers }] = await Promise.all([client.wallet({ signal }), client.peers({ signal })])
  const names = new Map<string, string>()
  for (const { account, name } of peers) if (account !== null && name !== null) names.set(account, `${name} (as a peer says)`)
  for (const { account, name } of accounts) names.set(account, name)
  return names
}

async function send(
  request: SendRequest,
  confirmations: number,
  passphrase: PassphraseOptions,
  { client }: Connection,
  context: Context,
): Promise<void> {
  const { options, output, signal } = context
  const { id } = await whileUnlocked(client, passphrase, context, () => client.send(request, { signal }))
  if (!options.json) {
    output.line(`sent ${output.paint('bold', formatCountOf(request.amount, 'unit'))}, pending until a block has it`)
    output.fields([['id', id]])
  }
  if (confirmations > 0) await wait(id, confirmations, client, context)
  if (options.json) output.json({ id })
}

async function wait(id: string, confirmations: number, client: Client, context: Context): Promise<void> {
  const { options, output, signal } = context
  const progress = createProgressLine(process.stderr)
  try {
    const { block } = await untilConfirmed(client, id, confirmations, signal, (reached) =>
      progress.show(reached === 0 ? 'waiting for a block …' : `${reached} of ${formatCountOf(confirmations, 'confirmation')} …`),
    )
    progress.clear()
    if (options.json) return
    const reached = output.paint('green', formatCountOf(confirmations, 'confirmation'))
    output.line(`${reached}  in block ${formatCount(block?.height ?? 0)}`)
  } catch (error) {
    progress.clear()
    if (error instanceof Interrupted) throw new Interrupted(`interrupted: the transaction ${id} is sent, but not confirmed yet`)
    throw error
  }
}
