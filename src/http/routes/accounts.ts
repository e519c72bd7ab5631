/** Accounts: what they own, and what touched them. */
import type { FastifyInstance } from 'fastify'
import type { Chain } from '../../chain/chain.ts'
import type { Place } from '../../chain/store.ts'
import { equalBytes } from '../../consensus/hex.ts'
import type { Account, AccountHistory } from '../api.ts'
import { parseAccount } from '../input.ts'
import * as schema from '../schemas.ts'
import type { RouteContext } from './context.ts'

const params = schema.body<{ account: string }>({ account: schema.account })

export function accountRoutes(app: FastifyInstance, { node, render }: RouteContext): void {
  app.get<{ Params: { account: string } }>(
    '/api/v1/accounts/:account',
    {
      config: { access: 'open' },
      schema: {
        summary: 'An account; one that nobody ever paid owns 0',
        params,
        response: { 200: schema.answer<Account>('an account', schema.accountFields), '4xx': schema.error },
      },
    },
    ({ params }): Account => render.account(parseAccount(params.account)),
  )

  app.get<{ Params: { account: string }; Querystring: { before?: string; limit: number } }>(
    '/api/v1/accounts/:account/transactions',
    {
      config: { access: 'open' },
      schema: {
        summary: 'What touched an account, newest first',
        params,
        querystring: schema.body<{ before?: string; limit?: number }>({
          before: { type: 'string', pattern: '^\\d{1,10}\\.\\d{1,5}$', examples: ['20.3'], description: 'the "next" of the page before' },
          limit: schema.limit(100, 20),
        }),
        response: {
          200: schema.answer<AccountHistory>('a page', {
            pending: schema.listOf(schema.pendingTransaction, 'not in a block yet; on the first page only'),
            transactions: schema.listOf(schema.historyTransaction),
            next: schema.nullable(schema.text('the "before" of the next page', '20.3')),
          }),
          '4xx': schema.error,
        },
      },
    },
    ({ params, query: { before, limit } }): AccountHistory => {
      const account = parseAccount(params.account)
      const [height = 0, position = 0] = before?.split('.').map(Number) ?? []
      // One more than asked for tells whether there is a next page.
      const found = node.chain.history(account, {
        before: before === undefined ? undefined : { height, position },
        limit: limit + 1,
      })
      const page = found.slice(0, limit)
      const last = page.at(-1)
      const touches = ({ sender, recipient }: { sender: Uint8Array; recipient: Uint8Array }): boolean =>
        equalBytes(sender, account) || equalBytes(recipient, account)
      return {
        pending:
          before === undefined
            ? node.mempool
                .list()
                .filter(({ transaction }) => touches(transaction))
                .map((pending) => render.pending(pending))
            : [],
        transactions: page.flatMap(({ id, ...place }) => {
          const transaction = render.transaction(id)
          return transaction === undefined ? [] : { ...transaction, balance: balanceAfter(node.chain, account, place) }
        }),
        next: last !== undefined && found.length > limit ? `${last.height}.${last.position}` : null,
      }
    },
  )
}

/** What an account had right after a transaction that touched it: as before the block, and then by each up to that one. */
function balanceAfter(chain: Chain, account: Uint8Array, { height, position }: Place): number {
  const hash = chain.hashAt(height)
  const block = hash === undefined ? undefined : chain.block(hash)
  const before = hash === undefined ? undefined : chain.accountBefore(hash, account)
  if (block === undefined || before === undefined) throw new Error(`the block of height ${height} did not touch the account`)
  return block.body.transactions.slice(0, position + 1).reduce(
    (balance, { sender, recipient, amount, fee }) =>
      balance - (equalBytes(sender, account) ? amount + fee : 0) + (equalBytes(recipient, account) ? amount : 0),
    before.balance,
  )
}
