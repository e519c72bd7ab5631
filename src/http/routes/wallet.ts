/** This node's keys: what they own, and paying with them. Both need the token. */
import type { FastifyInstance } from 'fastify'
import type { ApiTransaction, SendRequest, WalletInfo } from '../api.ts'
import { HttpError } from '../http-error.ts'
import { parseMemo, parsePayee } from '../input.ts'
import { renderTransaction } from '../render.ts'
import * as schema from '../schemas.ts'
import type { RouteContext } from './context.ts'

/** What to pay, as people write it; the memo is UTF-8 text. */
export interface PaymentText {
  recipient: string
  amount: number
  fee?: number
  sender?: string
  memo?: string
}

export function walletRoutes(app: FastifyInstance, context: RouteContext): void {
  const { node, render } = context

  app.get(
    '/api/v1/wallet',
    {
      config: { access: 'token' },
      schema: {
        summary: 'This node’s accounts',
        response: {
          200: schema.answer<WalletInfo>('the wallet', {
            accounts: schema.listOf(
              schema.answer<WalletInfo['accounts'][number]>('an account of the wallet', {
                ...schema.accountFields,
                name: schema.text('its name in the wallet'),
                default: schema.flag('whether it is the one that mining pays and that sends'),
              }),
            ),
            encrypted: schema.flag('whether its keys are encrypted on disk'),
          }),
          '4xx': schema.error,
        },
      },
    },
    (): WalletInfo => ({
      accounts: node.wallet
        .accounts()
        .map(({ name, account, default: isDefault }) => ({ ...render.account(account), name, default: isDefault })),
      encrypted: node.wallet.encrypted,
    }),
  )

  app.post<{ Body: SendRequest }>(
    '/api/v1/wallet/send',
    {
      config: { access: 'token' },
      schema: {
        summary: 'Sign a payment and send it',
        body: schema.body<SendRequest>(
          {
            recipient: schema.text('an account, cairn1…, or the name of one of the wallet’s'),
            amount: schema.amount,
            fee: schema.units,
            sender: schema.text('one of the wallet’s accounts, or its name'),
            memo: schema.text('text of at most 256 bytes'),
          },
          ['recipient', 'amount'],
        ),
        response: { 201: schema.transaction, '4xx': schema.error },
      },
    },
    ({ body }, reply): ApiTransaction => {
      const sent = pay(context, body)
      reply.code(201)
      return sent
    },
  )
}

/** Signs and sends a payment, or says why not; nothing is kept then. */
export function pay({ node }: RouteContext, { recipient, amount, fee, sender, memo = '' }: PaymentText): ApiTransaction {
  const from = sender === undefined ? node.wallet.default : node.wallet.find(sender)
  if (from === undefined) {
    throw new HttpError(
      422,
      'wallet-no-key',
      `this node's wallet has no account ${JSON.stringify(sender)}: it has ${node.wallet
        .accounts()
        .map(({ name }) => name)
        .join(', ')}`,
    )
  }
  parseMemo(memo)
  const to = parsePayee(recipient, node.wallet)
  const { transaction, id } = node.send({ recipient: to, amount, fee, sender: from.account, memo })
  return renderTransaction(transaction, id)
}
