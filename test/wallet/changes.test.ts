/** Killed at any moment of a change, the wallet is the old one or the new one, and what was left lying is cleared away. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readKeystore } from '../../src/wallet/keystore-file.ts'
import { importWallet, readPortable } from '../../src/wallet/portable.ts'
import { Wallet } from '../../src/wallet/wallet.ts'

// scrypt costs half a second and 128 MB on purpose, and many times that on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 })

const WORDS = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
const OTHER_WORDS = 'zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong'
const ENTROPY = new Uint8Array(16).fill(0x7f)

let root: string
let folder: string
let path: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cairn-wallet-'))
  folder = join(root, 'data')
  path = join(folder, 'wallet.json')
  mkdirSync(folder)
})
afterEach(() => rmSync(root, { recursive: true }))

/** Makes a change; the folders that a kill would have left, in order, the finished one last. */
function watch(change: 'add' | 'encrypt' | 'passphrase' | 'replace'): string[] {
  const copies = join(root, change)
  mkdirSync(copies)
  const script = fileURLToPath(new URL('watched-change.ts', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [script, folder, copies, change], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return readdirSync(copies).sort((a, b) => Number(a) - Number(b)).map((name) => join(copies, name))
}

const contents = (at: string): string[] => readdirSync(at).map((name) => readFileSync(join(at, name), 'latin1'))

test.each(['add', 'encrypt', 'replace'] as const)('killed at any moment of %s', (change) => {
  const wallet = Wallet.open(path, { entropy: ENTROPY })
  wallet.addAccount('first') // so that there is a backup before
  const before = readFileSync(path, 'utf8')
  const moments = watch(change)
  expect(moments.length).toBeGreaterThan(10)
  const after = readFileSync(path, 'utf8')
  expect(after).not.toBe(before)
  const seen = new Set<string>()
  for (const at of moments) {
    const file = join(at, 'wallet.json')
    const now = readFileSync(file, 'utf8')
    expect([before, after]).toContain(now)
    seen.add(now)
    Wallet.open(file)
    expect(readFileSync(file, 'utf8')).toBe(now)
    expect(readdirSync(at)).not.toContain('wallet.json.tmp')
    // The words that a replaced wallet had are always somewhere; those of an encrypted one nowhere.
    const held = contents(at).some((text) => text.includes(WORDS))
    expect(held, at).toBe(change !== 'encrypt' || now === before)
    for (const name of readdirSync(at)) expect(statSync(join(at, name)).mode & 0o077, name).toBe(0)
  }
  expect(seen.size).toBe(2)
})

test('killed at any moment of a new passphrase: one of the two opens it, and once it is the new one the old opens nothing', async () => {
  const wallet = Wallet.open(path, { entropy: ENTROPY })
  await wallet.encrypt('correct horse')
  await wallet.unlock('correct horse', 60_000)
  wallet.addAccount('first') // so that there is a backup before
  const before = readFileSync(path, 'utf8')
  const moments = watch('passphrase')
  expect(moments.length).toBeGreaterThan(10)
  const after = readFileSync(path, 'utf8')
  const saltOf = (text: string): string => String(JSON.parse(text).encryption.salt)
  expect(saltOf(after)).not.toBe(saltOf(before))
  const seen = new Set<string>()
  for (const at of moments) {
    const file = join(at, 'wallet.json')
    const now = readFileSync(file, 'utf8')
    expect([before, after]).toContain(now)
    seen.add(now)
    const { warnings } = Wallet.open(file)
    expect(readFileSync(file, 'utf8')).toBe(now)
    expect(readdirSync(at)).not.toContain('wallet.json.tmp')
    const salts = contents(at).map(saltOf)
    expect(new Set(salts), at).toEqual(new Set([saltOf(now)]))
    if (warnings.length > 0) expect(warnings).toEqual([expect.stringMatching(/an earlier passphrase of the wallet still opened|was damaged/)])
  }
  expect(seen.size).toBe(2)
  const changed = Wallet.open(path)
  await expect(changed.unlock('correct horse', 60_000)).rejects.toThrow('wallet-wrong-passphrase')
  await changed.unlock('battery staple', 60_000)
  expect(changed.accounts().map(({ name }) => name)).toEqual(['main', 'first'])
})

test.each(['with a passphrase of its own', 'in clear'])('a backup of another wallet, %s, stays: it may be all that is left of it', async (how) => {
  const wallet = Wallet.open(`${path}.bak`, { entropy: new Uint8Array(16).fill(1) })
  if (how !== 'in clear') await wallet.encrypt('another')
  const other = readFileSync(`${path}.bak`, 'utf8')
  rmSync(`${path}.bak`)
  await Wallet.open(path, { entropy: ENTROPY }).encrypt('correct horse')
  writeFileSync(`${path}.bak`, other)
  expect(Wallet.open(path).warnings).toEqual([])
  expect(readFileSync(`${path}.bak`, 'utf8')).toBe(other)
})

test('each change keeps the file before it as backup, and no more than that', () => {
  const wallet = Wallet.open(path, { entropy: ENTROPY })
  for (const name of ['one', 'two', 'three']) {
    const before = readFileSync(path, 'utf8')
    wallet.addAccount(name)
    expect(readFileSync(`${path}.bak`, 'utf8')).toBe(before)
    expect(readdirSync(folder).sort()).toEqual(['wallet.json', 'wallet.json.bak'])
  }
  expect(Wallet.open(path).accounts().map((account) => account.path.slice(-2))).toEqual(["0'", "1'", "2'", "3'"])
})

test('a backup in clear beside an encrypted wallet is erased at the next start, and that is told', async () => {
  const wallet = Wallet.open(path, { entropy: ENTROPY })
  cpSync(path, `${path}.bak`)
  const clear = readFileSync(path, 'utf8')
  await wallet.encrypt('correct horse')
  writeFileSync(`${path}.bak`, clear, { mode: 0o600 })
  expect(Wallet.open(path).warnings).toEqual([expect.stringContaining('wallet.json.bak, which still held the words')])
  expect(readdirSync(folder)).toEqual(['wallet.json'])
  expect(Wallet.open(path).warnings).toEqual([])
})

test('a file that has a second name of its owner’s is never overwritten', () => {
  const wallet = Wallet.open(path, { entropy: ENTROPY })
  const own = join(root, 'my-copy.json')
  linkSync(path, own)
  const before = readFileSync(path, 'utf8')
  wallet.addAccount('one')
  wallet.addAccount('two')
  expect(readFileSync(own, 'utf8')).toBe(before)
})

test('wallet-damaged: the file is gone and its backup is not, so no new wallet is begun', () => {
  Wallet.open(path).addAccount('one')
  rmSync(path)
  expect(() => Wallet.open(path)).toThrow(`rename that to ${path}`)
  expect(readdirSync(folder)).toEqual(['wallet.json.bak'])
})

test('wallet-exists: an import never takes a wallet’s place unasked, and keeps aside what it replaces', async () => {
  const first = Wallet.open(path, { entropy: ENTROPY })
  first.addAccount('one')
  const before = readFileSync(path, 'utf8')
  const other = readKeystore(path)!.keystore
  if (!('entropy' in other)) throw new Error('it is in clear')
  const zoo = readPortable(OTHER_WORDS, 'the words')
  if (!('entropy' in zoo)) throw new Error('words are in clear')
  await expect(importWallet(path, zoo, { replace: false })).rejects.toThrow('wallet-exists')
  expect(readFileSync(path, 'utf8')).toBe(before)

  const kept = await importWallet(path, zoo, { replace: true })
  expect(kept).toBe(`${path}.old-1`)
  expect(readFileSync(`${path}.old-1`, 'utf8')).toBe(before)
  expect(readFileSync(path, 'utf8')).toContain(OTHER_WORDS)
  await importWallet(path, other, { replace: true, passphrase: 'correct horse' })
  expect(readdirSync(folder).sort()).toEqual(['wallet.json', 'wallet.json.old-1', 'wallet.json.old-1.bak', 'wallet.json.old-2'])
  const again = Wallet.open(path)
  expect([again.encrypted, again.accounts()]).toEqual([true, first.accounts()])
})

test('a damaged wallet can be replaced, and it and its backup stay', async () => {
  Wallet.open(path, { entropy: ENTROPY }).addAccount('one')
  const backup = readFileSync(`${path}.bak`, 'utf8')
  writeFileSync(path, '{"version":2,"acc')
  expect(() => Wallet.open(path)).toThrow(`such as ${path}.bak`)
  const zoo = readPortable(OTHER_WORDS, 'the words')
  if (!('entropy' in zoo)) throw new Error('words are in clear')
  await importWallet(path, zoo, { replace: true })
  expect(readFileSync(`${path}.old-1.bak`, 'utf8')).toBe(backup)
  expect(existsSync(`${path}.bak`)).toBe(false)
})
