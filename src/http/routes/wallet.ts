/**
 * This node's keys: what they own, their lock, and paying with them. All of it needs the token.
 *
 * No route gives a key or a word away. A passphrase comes in a body and is in no answer, message or log.
 */
import type { FastifyInstance } from 'fastify'
import { transactionFields } from '../../consensus/proof.ts'
import type {
  ApiTransaction, EncryptRequest, NewAccountRequest, PassphraseRequest, SendRequest, UnlockRequest, WalletAccount, WalletInfo,
} from '../api.ts'
import type { WalletAccount as OwnAccount } from '../../wallet/wallet.ts'
import { HttpError } from '../http-error.ts'
import { parseMemo, parsePayee } from '../input.ts'
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

/** What an unlocking is for where it does not say: time to pay a few people. */
const UNLOCK_MINUTES = 10
/** A day: who wants longer does not want a lock. */
const MAX_UNLOCK_MINUTES = 1440

export function walletRoutes(app: FastifyInstance, context: RouteContext): void {
  const { node, render } = context
  const account = ({ name, path, default: isDefault, account }: OwnAccount): WalletAccount => {
    return { ...render.account(account), name, path, default: isDefault }
  }
  const show = (): WalletInfo => {
    const { encrypted, locked, unlockedUntil = null } = node.wallet
    return { accounts: node.wallet.accounts().map(account), encrypted, locked, unlockedUntil }
  }
  const response = { 200: schema.wallet, '4xx': schema.error }

  app.get(
    '/api/v1/wallet',
    { config: { access: 'token' }, schema: { summary: 'This node’s accounts, and whether it can sign', response } },
    show,
  )

  app.post<{ Body: NewAccountRequest }>(
    '/api/v1/wallet/accounts',
    {
      config: { access: 'token' },
      schema: {
        summary: 'Make an account more; the wallet’s words hold its key too',
        body: schema.body<NewAccountRequest>({ name: schema.text('a name of 1 to 32 characters', 'savings') }, ['name']),
        response: { 201: schema.walletAccount, '4xx': schema.error },
      },
    },
    ({ body: { name } }, reply): WalletAccount => {
      const made = account(node.wallet.addAccount(name))
      reply.code(201)
      return made
    },
  )

  app.post<{ Body: EncryptRequest }>(
    '/api/v1/wallet/encrypt',
    {
      config: { access: 'token' },
      schema: {
        summary: 'Encrypt the keys on disk with a passphrase, and lock them',
        body: schema.body<EncryptRequest>({ passphrase: schema.passphrase }, ['passphrase']),
        response,
      },
    },
    async ({ body: { passphrase } }): Promise<WalletInfo> => {
      await node.wallet.encrypt(passphrase)
      return show()
    },
  )

  app.post<{ Body: PassphraseRequest }>(
    '/api/v1/wallet/passphrase',
    {
      config: { access: 'token' },
      schema: {
        summary: 'Encrypt the keys with another passphrase, and lock them',
        body: schema.body<PassphraseRequest>(
          { passphrase: schema.passphrase, newPassphrase: schema.passphrase },
          ['passphrase', 'newPassphrase'],
        ),
        response,
      },
    },
    async ({ body: { passphrase, newPassphrase } }): Promise<WalletInfo> => {
      await node.wallet.changePassphrase(passphrase, newPassphrase)
      return show()
    },
  )

  app.post<{ Body: UnlockRequest }>(
    '/api/v1/wallet/unlock',
    {
      config: { access: 'token' },
      schema: {
        summary: `Keep the keys in memory, so that this node can sign, for ${UNLOCK_MINUTES} minutes or as many as it says`,
        body: schema.body<UnlockRequest>(
          { passphrase: schema.passphrase, minutes: schema.whole(1, MAX_UNLOCK_MINUTES, 'minutes') },
          ['passphrase'],
        ),
        response,
      },
    },
    async ({ body: { passphrase, minutes = UNLOCK_MINUTES } }): Promise<WalletInfo> => {
      await node.wallet.unlock(passphrase, minutes * 60_000)
      return show()
    },
  )

  app.post(
    '/api/v1/wallet/lock',
    {
      config: { access: 'token' },
      schema: { summary: 'Forget the keys', body: schema.body<Record<never, never>>({}), response },
    },
    (): WalletInfo => {
      node.wallet.lock()
      return show()
    },
  )

  app.post<{ Body: SendRequest }>(
    '/api/v1/wallet/send',
    {
      config: { access: 'token' },
      schema: {
        summary: 'Sign a payment and send it',
        body: schema.body<SendRequest>(
          {
            recipient: schema.text('an account, cairn1…, or the name of one of the wallet’s', 'savings'),
            amount: schema.amount,
            fee: schema.units,
            sender: schema.text('one of the wallet’s accounts, or its name', 'main'),
            memo: schema.text('text of at most 256 bytes', 'tea'),
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
  return transactionFields(transaction, id)
}
