/** A wallet under a passphrase: what is on disk, what a locked one knows and refuses, and when it locks itself. */
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDecipheriv, scryptSync } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { checkSignature } from '../../src/consensus/transaction.ts'
import { Wallet } from '../../src/wallet/wallet.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'

// scrypt costs half a second and 128 MB on purpose, and many times that on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 })

const WORDS = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
const ENTROPY = new Uint8Array(16).fill(0x7f)
const GENESIS = new Uint8Array(32).fill(9)
const PASSPHRASE = 'corréct horse'
const MINUTE = 60_000

let folder: string
let path: string
let clock: ManualClock
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-wallet-'))
  path = join(folder, 'wallet.json')
  clock = createManualClock(1_000_000)
})
afterEach(() => rmSync(folder, { recursive: true }))

const payment = (sender: Uint8Array) => {
  return { sender, recipient: new Uint8Array(32).fill(3), amount: 30, fee: 1, nonce: 0, memo: new Uint8Array() }
}
/** Whether a wallet signs now, as an account by its name. */
function signs(wallet: Wallet, name = 'main'): boolean {
  const { account } = wallet.find(name)!
  try {
    checkSignature(wallet.sign(payment(account), GENESIS), GENESIS)
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'wallet-locked' })
    return false
  }
}
/** What is on disk of a wallet that was encrypted, made once. */
let encrypted: string | undefined
async function createEncrypted(): Promise<Wallet> {
  if (encrypted === undefined) {
    await Wallet.open(path, { entropy: ENTROPY, clock }).encrypt(PASSPHRASE)
    encrypted = readFileSync(path, 'utf8')
  }
  writeFileSync(path, encrypted, { mode: 0o600 })
  return Wallet.open(path, { clock })
}

test('the file is what its format says: anybody with the passphrase can read it by the standards alone', async () => {
  const wallet = await createEncrypted()
  const { ciphertext, checksum, ...header } = JSON.parse(readFileSync(path, 'utf8'))
  expect(header).toEqual({
    version: 2,
    accounts: [{ name: 'main', path: "m/44'/6513001'/0'", address: wallet.default.address }],
    encryption: {
      kdf: 'scrypt', n: 131_072, r: 8, p: 1, salt: expect.stringMatching(/^[0-9a-f]{64}$/),
      cipher: 'aes-256-gcm', nonce: expect.stringMatching(/^[0-9a-f]{24}$/),
    },
  })
  expect(checksum).toMatch(/^[0-9a-f]{16}$/)
  const { n, r, p, salt, nonce } = header.encryption
  const key = scryptSync(PASSPHRASE.normalize('NFKD'), Buffer.from(salt, 'hex'), 32, { N: n, r, p, maxmem: 2 ** 28 })
  const bytes = Buffer.from(ciphertext, 'hex')
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'hex'))
  decipher.setAAD(Buffer.from(JSON.stringify(header))).setAuthTag(bytes.subarray(16))
  expect(Buffer.concat([decipher.update(bytes.subarray(0, 16)), decipher.final()])).toEqual(Buffer.from(ENTROPY))
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('encrypting leaves no word in the folder, and overwrites the bytes of the file and of its backup', async () => {
  const wallet = Wallet.open(path, { entropy: ENTROPY, clock })
  wallet.addAccount('savings')
  expect(readFileSync(`${path}.bak`, 'utf8')).toContain(WORDS)
  const old = [path, `${path}.bak`].map((name) => openSync(name, 'r'))
  await wallet.encrypt(PASSPHRASE)
  expect(readdirSync(folder)).toEqual(['wallet.json'])
  expect(readFileSync(path, 'latin1')).not.toMatch(/legal|sausage|7f7f7f7f/)
  for (const descriptor of old) {
    const bytes = Buffer.alloc(4096)
    const length = readSync(descriptor, bytes, 0, bytes.length, 0)
    expect(length).toBeGreaterThan(100)
    expect(bytes.toString('latin1')).not.toMatch(/legal|words|main/)
    closeSync(descriptor)
  }
})

test('it is locked from then on and at every start, and knows its accounts all the same', async () => {
  const wallet = Wallet.open(path, { entropy: ENTROPY, clock })
  await wallet.encrypt(PASSPHRASE)
  const again = Wallet.open(path, { clock })
  for (const each of [wallet, again]) {
    expect([each.encrypted, each.locked, each.unlockedUntil]).toEqual([true, true, undefined])
    expect(each.default).toMatchObject({ name: 'main', default: true, path: "m/44'/6513001'/0'" })
    expect(signs(each)).toBe(false)
    expect(() => each.addAccount('savings')).toThrow('wallet-locked')
  }
  expect(again.accounts()).toEqual(Wallet.open(undefined, { entropy: ENTROPY }).accounts())
  await expect(again.encrypt('another')).rejects.toThrow('wallet-encrypted')
})

test('unlocked, it signs until its time is over, or until it is locked', async () => {
  const wallet = await createEncrypted()
  await expect(wallet.unlock('wrong', MINUTE)).rejects.toThrow('wallet-wrong-passphrase')
  expect(signs(wallet)).toBe(false)

  await wallet.unlock(PASSPHRASE.normalize('NFD'), MINUTE) // the same accents, as another keyboard writes them
  expect([wallet.locked, wallet.unlockedUntil]).toEqual([false, clock.now() + MINUTE])
  clock.advance(MINUTE - 1)
  expect(signs(wallet)).toBe(true)
  await wallet.unlock(PASSPHRASE, MINUTE) // its time begins again
  clock.advance(MINUTE - 1)
  expect(signs(wallet)).toBe(true)
  clock.advance(1)
  expect(signs(wallet)).toBe(false)
  expect(clock.pending).toBe(0)

  await wallet.unlock(PASSPHRASE, MINUTE)
  wallet.lock()
  expect([signs(wallet), clock.pending]).toEqual([false, 0])
})

test('a machine that slept locks too late by its timer, and in time by its clock', async () => {
  await createEncrypted()
  let now = 0
  const wallet = Wallet.open(path, { clock: { now: () => now, after: () => () => {} } })
  await wallet.unlock(PASSPHRASE, MINUTE)
  now = MINUTE
  expect(wallet.locked).toBe(true)
  expect(signs(wallet)).toBe(false)
})

test('its passphrase is changed by who has it, and it is locked then; what is refused changes nothing', async () => {
  const wallet = await createEncrypted()
  const before = readFileSync(path, 'utf8')
  await expect(wallet.changePassphrase('wrong', 'battery staple')).rejects.toThrow('wallet-wrong-passphrase')
  await expect(wallet.changePassphrase(PASSPHRASE, '')).rejects.toThrow('wallet-bad-passphrase')
  await expect(Wallet.open(undefined).changePassphrase('', 'battery staple')).rejects.toThrow('wallet-not-encrypted')
  expect(readFileSync(path, 'utf8')).toBe(before)

  await wallet.unlock(PASSPHRASE, MINUTE)
  const changing = wallet.changePassphrase(PASSPHRASE, 'battery staple')
  wallet.addAccount('savings') // while the keys are derived
  await changing
  expect([wallet.locked, clock.pending]).toEqual([true, 0])
  await expect(wallet.unlock(PASSPHRASE, MINUTE)).rejects.toThrow('wallet-wrong-passphrase')
  await wallet.unlock('battery staple', MINUTE)
  expect([signs(wallet), signs(wallet, 'savings')]).toEqual([true, true])
  expect(readdirSync(folder)).toEqual(['wallet.json'])
})

test('locking while it is being unlocked wins', async () => {
  const wallet = await createEncrypted()
  const unlocking = wallet.unlock(PASSPHRASE, MINUTE)
  wallet.lock()
  await expect(unlocking).rejects.toThrow('wallet-locked')
  expect([wallet.locked, clock.pending]).toEqual([true, 0])
})

test('of two encryptings at once, one wins and the other is told', async () => {
  const wallet = Wallet.open(path, { entropy: ENTROPY, clock })
  const [first, second] = await Promise.allSettled([wallet.encrypt(PASSPHRASE), wallet.encrypt('another')])
  expect(first.status).toBe('fulfilled')
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'wallet-encrypted' } })
  await wallet.unlock(PASSPHRASE, MINUTE)
  expect(signs(wallet)).toBe(true)
})

test('an account made while it is unlocked is there after the next start, and signs', async () => {
  const wallet = await createEncrypted()
  await wallet.unlock(PASSPHRASE, MINUTE)
  const { nonce: before } = JSON.parse(readFileSync(path, 'utf8')).encryption
  const made = wallet.addAccount('savings')
  expect(made).toMatchObject({ name: 'savings', path: "m/44'/6513001'/1'", default: false })
  expect(signs(wallet, 'savings')).toBe(true)
  expect(JSON.parse(readFileSync(path, 'utf8')).encryption.nonce).not.toBe(before)

  const again = Wallet.open(path, { clock })
  expect(again.accounts()).toEqual(wallet.accounts())
  await again.unlock(PASSPHRASE, MINUTE)
  expect([signs(again), signs(again, 'savings')]).toEqual([true, true])
})

test('the keys in memory are overwritten by locking and by closing', async () => {
  const wallet = Wallet.open(path, { entropy: ENTROPY, clock })
  expect(signs(wallet)).toBe(true)
  expect(() => wallet.lock()).toThrow('wallet-not-encrypted')
  expect(signs(wallet)).toBe(true)
  wallet.close()
  expect(signs(wallet)).toBe(false)
  expect(ENTROPY).toEqual(new Uint8Array(16).fill(0x7f)) // the caller's own
})

test('wallet-not-encrypted, wallet-bad-passphrase: what cannot be unlocked, and what is no passphrase', async () => {
  const wallet = Wallet.open(path, { entropy: ENTROPY, clock })
  await expect(wallet.unlock(PASSPHRASE, MINUTE)).rejects.toThrow('wallet-not-encrypted')
  await expect(wallet.encrypt('')).rejects.toThrow('wallet-bad-passphrase: the passphrase is empty')
  await expect(wallet.encrypt('x'.repeat(1025))).rejects.toThrow('wallet-bad-passphrase: the passphrase has 1025 bytes')
  expect(wallet.encrypted).toBe(false)
})

test('wallet-damaged: any change of an encrypted file is told before anybody needs a passphrase', async () => {
  await createEncrypted()
  const text = readFileSync(path, 'utf8')
  const cases: [change: (text: string) => string, expected: string][] = [
    [(whole) => whole.replace('"main"', '"mine"'), 'its checksum does not match'],
    [(whole) => whole.replace(/"nonce": "[0-9a-f]/, '"nonce": "g'), 'no hex'],
    [(whole) => whole.replace(/("nonce": ")../, '$1'), 'its nonce or ciphertext is cut'],
    [(whole) => whole.replace(/("ciphertext": "[0-9a-f]{40})[0-9a-f]+/, '$1'), 'its nonce or ciphertext is cut'],
    [(whole) => whole.replace('131072', '1073741824'), 'it asks for scrypt with n 1073741824'],
    [(whole) => whole.replace('131072', '"much"'), 'it asks for scrypt with n NaN'],
    [(whole) => whole.replace('aes-256-gcm', 'rot13'), 'it is not encrypted by scrypt and aes-256-gcm'],
    [(whole) => whole.replace(/("checksum": ")[0-9a-f]+/, '$1'), 'its checksum does not match'],
  ]
  for (const [change, expected] of cases) {
    const damaged = change(text)
    expect(damaged).not.toBe(text)
    writeFileSync(path, damaged)
    expect(() => Wallet.open(path), expected).toThrow(expected)
    expect(readFileSync(path, 'utf8')).toBe(damaged)
  }
  for (let length = 0; length < text.length - 1; length += 11) {
    writeFileSync(path, text.slice(0, length))
    expect(() => Wallet.open(path)).toThrow('wallet-damaged')
  }
})

test.each([
  ['', 'wallet-bad-name'],
  [' a', 'wallet-bad-name'],
  ['a\u001b[2J', 'wallet-bad-name'],
  ['x'.repeat(33), 'wallet-bad-name'],
  ['cairn1x', 'wallet-bad-name'],
  ['main', 'wallet-name-taken'],
])('an account cannot be called %j: %s', (name, code) => {
  const wallet = Wallet.open(path, { entropy: ENTROPY })
  const before = readFileSync(path, 'utf8')
  expect(() => wallet.addAccount(name)).toThrow(code)
  expect(readFileSync(path, 'utf8')).toBe(before)
})
