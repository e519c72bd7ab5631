import { expect, test } from 'vitest'
import type { SignatureVerifier } from '../../src/chain/signature-verifier.ts'
import { encodeTransaction, type Transaction } from '../../src/consensus/types.ts'
import { TransactionIntake } from '../../src/network/transaction-intake.ts'
import { builder, createSetting, type Setting } from '../mempool/setting.ts'

interface Intake {
  setting: Setting
  intake: TransactionIntake
  /** How many it was asked at once, call by call. */
  asked: number[]
}

/** @param answer of the threads: index of the first bad signature; nothing where all are good */
function createIntake(answer: () => Promise<number | undefined> = () => Promise.resolve(undefined)): Intake {
  const setting = createSetting()
  const asked: number[] = []
  const verifier: SignatureVerifier = {
    firstBad: (encoded) => {
      asked.push(encoded.length)
      return answer()
    },
  }
  return { setting, asked, intake: new TransactionIntake({ mempool: setting.pool, verifier, genesisHash: builder.genesis.hash }) }
}

const NAMES = ['alice', 'carol', 'dave', 'erin', 'frank', 'gina']
const verdicts = async (intake: TransactionIntake, transactions: Transaction[]): Promise<string[]> => {
  const all = await Promise.allSettled(transactions.map((transaction) => intake.add(encodeTransaction(transaction))))
  return all.map((each) => (each.status === 'fulfilled' ? 'added' : String((each.reason as { code?: string }).code)))
}

test('one alone is pending when the call returns, and no thread is asked', async () => {
  const { setting: { fund, pay, pool }, intake, asked } = createIntake()
  fund('alice', 100)
  const added = intake.add(encodeTransaction(pay('alice', 0)))
  expect(pool.size).toBe(1)
  await added
  expect(asked).toEqual([])
})

test('those that come with it are verified together; what the pool does not want is not', async () => {
  const { setting: { fund, pay, pool }, intake, asked } = createIntake()
  for (const name of NAMES) fund(name, 100)
  const all = [...NAMES.map((name) => pay(name, 0)), pay('poor', 0), pay('alice', 0)]
  expect(await verdicts(intake, all)).toEqual([...NAMES.map(() => 'added'), 'transaction-insufficient-balance', 'transaction-known'])
  expect([asked, pool.size]).toEqual([[5], 6])
})

test('the nonces of one sender may come together, and the same one twice', async () => {
  const { setting: { fund, pay }, intake } = createIntake()
  fund('alice', 100)
  const all = [0, 1, 2, 3, 4, 5, 5].map((nonce) => pay('alice', nonce))
  expect(await verdicts(intake, all)).toEqual([...all.slice(1).map(() => 'added'), 'transaction-known'])
})

test.each([
  ['a bad signature among them', () => Promise.resolve(2)],
  ['threads that die', () => Promise.reject(new Error('the verifier is stopped'))],
])('%s: each is verified here, and only the bad one is refused', async (_what, answer) => {
  const { setting: { fund, pay, pool }, intake } = createIntake(answer)
  for (const name of NAMES) fund(name, 100)
  const all = NAMES.map((name) => pay(name, 0))
  all[3] = { ...all[3]!, signature: pay('alice', 9).signature }
  expect(await verdicts(intake, all)).toEqual(NAMES.map((_, at) => (at === 3 ? 'transaction-bad-signature' : 'added')))
  expect(pool.size).toBe(5)
})

test('a full batch goes to the threads while others still come', async () => {
  const { setting: { fund, pay }, intake, asked } = createIntake()
  fund('alice', 1_000)
  void intake.add(encodeTransaction(pay('alice', 0)))
  const waiting = encodeTransaction(pay('alice', 1))
  const added = Array.from({ length: 2 * 256 + 10 }, () => intake.add(waiting).catch(() => {}))
  expect(asked).toEqual([256, 256])
  await Promise.all(added)
  expect(asked).toEqual([256, 256]) // the pool has it by then, and does not want the last ten
})

test('batches are admitted in the order in which they came, whichever is verified first', async () => {
  const answers = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
  let next = 0
  const { setting: { fund, pay, pool }, intake } = createIntake(() => answers[next++]!.promise)
  for (const name of NAMES) fund(name, 100)
  const order: number[] = []
  pool.events.on('transaction:added', ({ pending }) => order.push(pending.transaction.nonce))
  const added = [0, ...Array.from({ length: 256 }, () => 1), ...Array.from({ length: 256 }, () => 2)]
    .map((nonce) => intake.add(encodeTransaction(pay('alice', nonce))).catch(() => {}))
  answers[1]!.resolve(undefined)
  answers[0]!.resolve(undefined)
  await Promise.all(added)
  expect(order).toEqual([0, 1, 2])
})

test('more than may wait are taken at once', async () => {
  const never = Promise.withResolvers<undefined>()
  const { setting: { fund, pay, pool }, intake, asked } = createIntake(() => never.promise)
  fund('alice', 1_000)
  fund('carol', 1_000)
  const waiting = encodeTransaction(pay('alice', 1)) // the same again and again: all of them wait
  void intake.add(encodeTransaction(pay('alice', 0)))
  const added = Array.from({ length: 4_096 }, () => intake.add(waiting).catch(() => {}))
  expect(pool.size).toBe(1)
  await intake.add(encodeTransaction(pay('carol', 0)))
  expect(pool.size).toBe(2)
  never.resolve(undefined)
  await Promise.all(added)
  expect(pool.size).toBe(3)
  expect(asked.length).toBeLessThanOrEqual(1 + Math.ceil(4_096 / 256))
})

test('what is no transaction is refused', async () => {
  const { intake } = createIntake()
  await expect(intake.add(new Uint8Array(413))).rejects.toMatchObject({ code: 'transaction-bad-encoding' })
  await expect(intake.add(new Uint8Array(3))).rejects.toMatchObject({ code: 'transaction-bad-encoding' })
})
