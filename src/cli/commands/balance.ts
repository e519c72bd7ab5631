/** `cairn balance [ACCOUNT]`: what an account has. */
import type { Command } from 'commander'
import { findAccount } from '../account-option.ts'
import { connect } from '../connection.ts'
import type { Context } from '../context.ts'
import { formatChange, formatCount, formatCountOf } from '../format.ts'
import { examples } from '../help.ts'

export function configure(command: Command, context: Context): void {
  command
    .argument('[ACCOUNT]', 'an account (cairn1…) or the name of one of this node’s (default: the one that mining pays)')
    .addHelpText('after', examples('cairn balance', 'cairn balance cairn1… --json'))
    .action(async (which: string | undefined) => {
      const { output, options } = context
      const address = await findAccount(which, context)
      const { client, status } = await connect(context)
      const { account, balance, pending, nonce, spendable } = await client.account(await address(client, status), { signal: context.signal })
      if (options.json) return output.json({ account, confirmed: balance, pending, spendable, nonce })
      const { paint } = output
      output.fields([
        ['account', account],
        ['confirmed', `${paint('bold', formatCount(balance))} ${balance === 1 ? 'unit' : 'units'}`],
        ['pending', pending === 0 ? '0' : `${formatChange(pending)}  ${paint('dim', `${formatCount(balance + pending)} then`)}`],
        ['spendable', paint('bold', formatCount(spendable))],
        ['sent', formatCountOf(nonce, 'transaction')],
      ])
    })
}
