import {
  chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fromAddress } from '../../src/consensus/account.ts'
import { fromHex, toHex } from '../../src/consensus/hex.ts'
import { keyPair } from '../../src/consensus/signature.ts'
import { checkSignature } from '../../src/consensus/transaction.ts'
import { deriveKey } from '../../src/wallet/slip10.ts'
import { type WalletCode, WalletError } from '../../src/wallet/wallet-error.ts'
import { COIN, Wallet } from '../../src/wallet/wallet.ts'
import { createDisk, disksAvailable } from '../torture/tmpfs.ts'

const WORDS = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
/** BIP 39 seed of WORDS with an empty passphrase, computed by another implementation (OpenSSL’s PBKDF2). */
const SEED =
  '878386efb78845b3355bd15ea4d39ef97d179cb712b77d5c12b6be415fffeffe5f377ba02bf3f8544ab800b955e51fbff09828f682052a20faa6addbbddfb096'
const ENTROPY = new Uint8Array(16).fill(0x7f)
/** An account whose key nobody has. */
const OTHER = 'cairn1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqql0lnj'
const GENESIS = new Uint8Array(32).fill(9)

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-wallet-'))
  path = join(folder, 'wallet.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

const mode = (file: string): number => statSync(file).mode & 0o777

/** The code and message of the WalletError that a call throws. */
function failure(call: () => unknown): { code: WalletCode; message: string } {
  try {
    call()
  } catch (error) {
    if (error instanceof WalletError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** Writes a wallet file that differs from a good one. */
function write(changes: Record<string, unknown>): string {
  const text = JSON.stringify({ version: 1, words: WORDS, accounts: [{ name: 'main', path: "m/44'/6513001'/0'" }], ...changes })
  writeFileSync(path, text, { mode: 0o600 })
  return text
}

test('the first start makes a file of mode 0600 whose words give the account', () => {
  const wallet = Wallet.open(path)
  expect(wallet.created).toBe(true)
  expect(wallet.encrypted).toBe(false)
  expect(wallet.warnings).toEqual([])
  expect(mode(path)).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['wallet.json'])
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
    version: 2,
    words: expect.stringMatching(/^([a-z]+ ){11}[a-z]+$/),
    accounts: [{ name: 'main', path: `m/44'/${COIN}'/0'`, address: wallet.default.address }],
  })
  expect(Wallet.open(undefined).default.address).not.toBe(wallet.default.address)
})

test('the account is SLIP-0010 m/44\'/6513001\'/0\' under the words’ BIP 39 seed', () => {
  const wallet = Wallet.open(path, { entropy: ENTROPY })
  expect(JSON.parse(readFileSync(path, 'utf8')).words).toBe(WORDS)
  const { publicKey } = keyPair(deriveKey(fromHex(SEED), "m/44'/6513001'/0'"))
  expect(toHex(wallet.default.account)).toBe(toHex(publicKey))
})

test('a second start opens the same account', () => {
  const first = Wallet.open(path)
  const second = Wallet.open(path)
  expect(second.created).toBe(false)
  expect(second.accounts()).toEqual(first.accounts())
  expect(second.default).toMatchObject({ name: 'main', default: true, address: first.default.address })
})

test('without a file a wallet is in memory only', () => {
  const wallet = Wallet.open(undefined, { entropy: ENTROPY })
  expect(wallet.created).toBe(true)
  expect(wallet.default.account).toEqual(Wallet.open(path, { entropy: ENTROPY }).default.account)
})

test('the mode is 0600 whatever the umask is', () => {
  for (const umask of [0, 0o777]) {
    const before = process.umask(umask)
    try {
      rmSync(path, { force: true })
      Wallet.open(path)
    } finally {
      process.umask(before)
    }
    expect(mode(path)).toBe(0o600)
  }
})

test('a file that others could read is closed to them, with a warning', () => {
  Wallet.open(path)
  chmodSync(path, 0o644)
  expect(Wallet.open(path).warnings).toEqual([expect.stringContaining('mode 0644')])
  expect(mode(path)).toBe(0o600)
  expect(Wallet.open(path).warnings).toEqual([])
})

test('what a crash left of a write is no wallet and is replaced', () => {
  writeFileSync(`${path}.tmp`, '{"version":1,"words":"legal', { mode: 0o644 })
  expect(Wallet.open(path).created).toBe(true)
  expect(mode(path)).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['wallet.json'])
})

test('accounts keep their order; the first is the default; names and addresses find them', () => {
  write({ accounts: [{ name: 'shop', path: "m/44'/6513001'/7'" }, { name: 'main', path: "m/44'/6513001'/0'" }] })
  const wallet = Wallet.open(path)
  expect(wallet.accounts().map(({ name, default: isDefault }) => [name, isDefault])).toEqual([['shop', true], ['main', false]])
  const [shop, main] = wallet.accounts()
  expect(wallet.default).toEqual(shop)
  expect(main!.account).toEqual(Wallet.open(undefined, { entropy: ENTROPY }).default.account)
  expect(wallet.find('main')).toEqual(main)
  expect(wallet.find(shop!.address)).toEqual(shop)
  expect(wallet.find(shop!.address.toUpperCase())).toEqual(shop)
  expect(fromAddress(shop!.address)).toEqual(shop!.account)
  expect(wallet.find('nobody')).toBeUndefined()
})

const payment = (sender: Uint8Array) => {
  return { sender, recipient: new Uint8Array(32).fill(3), amount: 30, fee: 1, nonce: 0, memo: new Uint8Array() }
}

test('signs as any of its accounts, for one network', () => {
  write({ accounts: [{ name: 'main', path: "m/44'/6513001'/0'" }, { name: 'other', path: "m/44'/6513001'/1'" }] })
  for (const { account } of Wallet.open(path).accounts()) {
    const signed = Wallet.open(path).sign(payment(account), GENESIS)
    expect(signed).toMatchObject(payment(account))
    expect(() => checkSignature(signed, GENESIS)).not.toThrow()
    expect(() => checkSignature(signed, new Uint8Array(32))).toThrow('transaction-bad-signature')
  }
})

test('wallet-no-key: another sender', () => {
  const stranger = Wallet.open(undefined).default
  const { code, message } = failure(() => Wallet.open(path).sign(payment(stranger.account), GENESIS))
  expect(code).toBe('wallet-no-key')
  expect(message).toContain(stranger.address)
})

test.each<[string, Record<string, unknown>, string]>([
  ['a word too few', { words: WORDS.split(' ').slice(1).join(' ') }, '11 words'],
  ['an unknown word', { words: WORDS.replace('sausage', 'sausages') }, 'word 6 is not in the BIP 39 list'],
  ['a wrong word', { words: WORDS.replace('sausage', 'salad') }, 'checksum'],
  ['two words swapped', { words: WORDS.replace('legal winner', 'winner legal') }, 'checksum'],
  ['no words', { words: undefined }, 'no words'],
  ['no version', { version: undefined }, 'no version'],
  ['version 0', { version: 0 }, 'no version 0'],
  ['no accounts', { accounts: [] }, 'no accounts'],
  ['an account that is none', { accounts: [null] }, 'account 1 has no name'],
  ['an account with an open path', { accounts: [{ name: 'main', path: 'm/44/0' }] }, 'account 1 has no hardened path'],
  ['one name twice', { accounts: [{ name: 'a', path: "m/0'" }, { name: 'a', path: "m/1'" }] }, 'two accounts have one name'],
  ['version 2 without addresses', { version: 2 }, 'account 1 has no address'],
  ['the address of other words', { version: 2, accounts: [{ name: 'a', path: "m/0'", address: OTHER }] }, 'address of account 1'],
  ['a mistyped address', { version: 2, accounts: [{ name: 'a', path: "m/0'", address: `${OTHER}q` }] }, 'account 1 has no address'],
  ['one path twice', { accounts: [{ name: 'a', path: "m/0'" }, { name: 'b', path: "m/0'" }] }, 'two accounts have one path'],
])('wallet-damaged: %s', (_what, changes, expected) => {
  const text = write(changes)
  const { code, message } = failure(() => Wallet.open(path))
  expect(code).toBe('wallet-damaged')
  expect(message).toContain(expected)
  expect(message).toContain(path)
  expect(message).not.toMatch(/legal|sausage|salad/) // no key material in messages
  expect(readFileSync(path, 'utf8')).toBe(text)
})

test('wallet-damaged: a file cut anywhere, left as it is', () => {
  Wallet.open(path)
  const whole = readFileSync(path)
  // The last two bytes are the closing brace and the newline: without the newline nothing is lost.
  for (let length = 0; length < whole.length - 1; length += 7) {
    writeFileSync(path, whole.subarray(0, length))
    expect(failure(() => Wallet.open(path)).code).toBe('wallet-damaged')
    expect(readFileSync(path)).toEqual(whole.subarray(0, length))
  }
})

test('a file of version 1, which has no addresses, is read and left as it is', () => {
  const text = write({})
  const wallet = Wallet.open(path)
  expect(wallet.default.address).toBe(Wallet.open(undefined, { entropy: ENTROPY }).default.address)
  expect(readFileSync(path, 'utf8')).toBe(text)
})

test('wallet-newer-version: a file of format version 3', () => {
  const text = write({ version: 3, words: { encrypted: true } })
  const { code, message } = failure(() => Wallet.open(path))
  expect(code).toBe('wallet-newer-version')
  expect(message).toContain('version 3')
  expect(readFileSync(path, 'utf8')).toBe(text)
})

test('wallet-unavailable: a folder in the file’s place, and a folder that is not there', () => {
  mkdirSync(path)
  expect(failure(() => Wallet.open(path)).code).toBe('wallet-unavailable')
  const nowhere = join(folder, 'nowhere', 'wallet.json')
  const { code, message } = failure(() => Wallet.open(nowhere))
  expect(code).toBe('wallet-unavailable')
  expect(message).toContain(nowhere)
  expect(existsSync(join(folder, 'nowhere'))).toBe(false)
})

test.skipIf(!disksAvailable())('wallet-unavailable: a disk without room, which is said, and with room it can be made', () => {
  using disk = createDisk(folder, 65_536)
  const ballast = join(disk.path, 'ballast')
  const file = join(disk.path, 'wallet.json')
  writeFileSync(ballast, new Uint8Array(65_536))
  const { code, message } = failure(() => Wallet.open(file))
  expect(code).toBe('wallet-unavailable')
  expect(message).toMatch(/the disk is full, make room on it$/)
  expect(readdirSync(disk.path)).toEqual(['ballast'])
  rmSync(ballast)
  Wallet.open(file)
  expect(existsSync(file)).toBe(true)
})

test('24 words, where they are asked for', () => {
  Wallet.open(path, { entropy: new Uint8Array(32).fill(0x7f) })
  expect(JSON.parse(readFileSync(path, 'utf8')).words.split(' ')).toHaveLength(24)
  expect(Wallet.open(path).created).toBe(false)
})

test('entropy of another length is a mistake of the caller', () => {
  expect(() => Wallet.open(path, { entropy: new Uint8Array(15) })).toThrow(RangeError)
  expect(existsSync(path)).toBe(false)
})
