/** The wallet over HTTP: accounts, the lock, and what no answer and no log may hold. */
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { serve, TOKEN } from './serve.ts'

// scrypt costs half a second and 128 MB on purpose, and many times that on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 })

const CAROL = toAddress(new Uint8Array(32).fill(7))
const PASSPHRASE = 'correct horse battery staple'

test('accounts are made, paid by name, and spend on their own', async () => {
  await using served = await serve()
  const { client } = served
  await client.mineBlocks(1)
  const savings = await client.addAccount('savings')
  expect(savings).toMatchObject({ name: 'savings', path: "m/44'/6513001'/1'", default: false, balance: 0, spendable: 0 })
  await client.send({ recipient: 'savings', amount: 20 })
  expect((await client.wallet()).accounts).toMatchObject([
    { name: 'main', default: true, balance: 50, pending: -20, spendable: 30 },
    { name: 'savings', balance: 0, pending: 20, spendable: 0 },
  ])
  await client.mineBlocks(1)
  expect(await client.send({ recipient: CAROL, amount: 5, sender: 'savings' })).toMatchObject({ sender: savings.account, nonce: 0 })
  expect(await client.account(savings.account)).toMatchObject({ balance: 20, pending: -5, spendable: 15 })
  await expect(client.addAccount('savings')).rejects.toMatchObject({ status: 409, code: 'wallet-name-taken' })
  await expect(client.addAccount(CAROL)).rejects.toMatchObject({ status: 400, code: 'wallet-bad-name' })
})

test('a locked wallet shows what it owns, mines, and pays nobody until it is unlocked', async () => {
  await using served = await serve()
  const { client } = served
  await client.mineBlocks(1)
  expect(await client.encryptWallet(PASSPHRASE)).toMatchObject({ encrypted: true, locked: true, unlockedUntil: null })
  await client.mineBlocks(1)
  expect((await client.wallet()).accounts).toMatchObject([{ name: 'main', balance: 100, spendable: 100 }])

  const pay = (): Promise<unknown> => client.send({ recipient: CAROL, amount: 1 })
  const locked = { status: 409, code: 'wallet-locked', message: expect.stringContaining('cairn wallet unlock') }
  await expect(pay()).rejects.toMatchObject(locked)
  await expect(client.addAccount('savings')).rejects.toMatchObject(locked)
  await expect(client.lab.newTransaction({ recipient: CAROL, amount: 1 })).rejects.toMatchObject(locked)
  await expect(client.unlockWallet({ passphrase: 'wrong' })).rejects.toMatchObject({ status: 422, code: 'wallet-wrong-passphrase' })
  await expect(pay()).rejects.toMatchObject(locked)

  const before = served.node.clock.now()
  const { locked: isLocked, unlockedUntil } = await client.unlockWallet({ passphrase: PASSPHRASE, minutes: 3 })
  expect(isLocked).toBe(false)
  expect(unlockedUntil).toBeGreaterThanOrEqual(before + 3 * 60_000)
  await expect(pay()).resolves.toMatchObject({ nonce: 0 })
  expect(await client.lockWallet()).toMatchObject({ locked: true, unlockedUntil: null })
  await expect(pay()).rejects.toMatchObject(locked)
  expect(await client.account(served.node.wallet.default.address)).toMatchObject({ pending: -1, spendable: 99 })
  await expect(client.encryptWallet('another')).rejects.toMatchObject({ status: 409, code: 'wallet-encrypted' })
})

test('the passphrase is changed by who has it, and the wallet is locked then', async () => {
  await using served = await serve()
  const { client } = served
  const change = (passphrase: string): Promise<unknown> => client.changePassphrase({ passphrase, newPassphrase: 'tr0ub4dor' })
  await expect(change(PASSPHRASE)).rejects.toMatchObject({ status: 409, code: 'wallet-not-encrypted' })
  await client.encryptWallet(PASSPHRASE)
  await expect(change('wrong')).rejects.toMatchObject({ status: 422, code: 'wallet-wrong-passphrase' })
  await client.unlockWallet({ passphrase: PASSPHRASE })
  expect(await change(PASSPHRASE)).toMatchObject({ encrypted: true, locked: true, unlockedUntil: null })
  await expect(client.unlockWallet({ passphrase: PASSPHRASE })).rejects.toMatchObject({ code: 'wallet-wrong-passphrase' })
  expect(await client.unlockWallet({ passphrase: 'tr0ub4dor' })).toMatchObject({ locked: false })
})

test('a wallet that is not encrypted has no lock', async () => {
  await using served = await serve()
  const refused = { status: 409, code: 'wallet-not-encrypted' }
  await expect(served.client.lockWallet()).rejects.toMatchObject(refused)
  await expect(served.client.unlockWallet({ passphrase: PASSPHRASE })).rejects.toMatchObject(refused)
})

test('a passphrase is in no answer and in no log, not even where it is refused', async () => {
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  await using served = await serve({ log }, { log })
  const answers: string[] = []
  const post = async (path: string, body: unknown): Promise<void> => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
    answers.push((await served.ask('POST', path, { headers, body: JSON.stringify(body) })).text)
  }
  const secret = 'hunter2'
  for (const passphrase of [[secret], secret.repeat(200), '', { secret }]) await post('/api/v1/wallet/encrypt', { passphrase })
  await post('/api/v1/wallet/encrypt', { passphrase: secret, extra: 1 })
  await post('/api/v1/wallet/encrypt', { passphrase: secret })
  await post('/api/v1/wallet/unlock', { passphrase: `${secret}x` })
  await post('/api/v1/wallet/unlock', { passphrase: secret, minutes: 0 })
  await post('/api/v1/wallet/unlock', { passphrase: secret })
  await post('/api/v1/wallet/passphrase', { passphrase: `${secret}x`, newPassphrase: secret })
  await post('/api/v1/wallet/passphrase', { passphrase: secret, newPassphrase: [secret] })
  expect(served.node.wallet.locked).toBe(false)
  expect(answers[0]).toContain('passphrase must be a text of 1 to 1024 characters')
  expect(answers[7]).toContain('minutes must be a whole number of minutes from 1 to 1440, not 0')
  expect(lines.length).toBeGreaterThan(0)
  expect([...answers, ...lines].filter((text) => text.includes(secret))).toEqual([])
})
