/** The wallet by its commands: with a node and without one, and what may be found nowhere once it is encrypted. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DataFolder } from '../../src/node/data-folder.ts'
import { accountKeys } from '../../src/wallet/keys.ts'
import { parseWords } from '../../src/wallet/words.ts'
import { cairn, type Run, startNode, temporaryFolder } from './program.ts'

const WORDS = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
const OTHER = 'cairn1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqql0lnj'
const PASSPHRASE = 'correct horse battery staple'
const ONE_LINE = /^cairn: [^\n]+\n$/

/** A folder of its own, and commands on it with or without a passphrase at hand. */
function setting() {
  const root = temporaryFolder()
  const data = join(root, 'data')
  const passphraseFile = join(root, 'passphrase')
  writeFileSync(passphraseFile, `${PASSPHRASE}\n`)
  const run = (...args: string[]): Promise<Run> => cairn([...args, '--data', data])
  const json = async (...args: string[]): Promise<any> => { // oxlint-disable-line typescript/no-explicit-any -- tests compare it whole
    const { status, stdout, stderr } = await run(...args, '--json')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.split('\n')).toHaveLength(2)
    return JSON.parse(stdout)
  }
  const refused = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await run(...args)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(ONE_LINE)
    return stderr
  }
  return { root, data, passphraseFile, run, json, refused, withPassphrase: ['--passphrase-file', passphraseFile] }
}

test('without a node: made encrypted, an account more, exported and imported elsewhere, the same accounts', { timeout: 240_000 }, async () => {
  const { root, data, passphraseFile, json, refused, withPassphrase } = setting()
  expect(await refused('wallet', 'list')).toContain('there is no wallet in')
  expect(await refused('wallet', 'new')).toContain('give --passphrase-file FILE, or set CAIRN_PASSPHRASE, or --plain to go without')
  expect(existsSync(join(data, 'wallet.json'))).toBe(false)

  const main = await json('wallet', 'new', '--words', '24', ...withPassphrase)
  expect(main).toEqual({ name: 'main', account: expect.stringMatching(/^cairn1/), path: "m/44'/6513001'/0'", newWallet: true })
  const savings = await json('wallet', 'new', 'savings', ...withPassphrase)
  expect(savings).toMatchObject({ name: 'savings', path: "m/44'/6513001'/1'", newWallet: false })
  const listed = await json('wallet', 'list')
  expect(listed).toMatchObject({ accounts: [{ account: main.account, default: true }, { account: savings.account }], encrypted: true, locked: true })

  const file = join(root, 'copy.json')
  expect(await json('wallet', 'export', file, ...withPassphrase)).toEqual({ file, encrypted: true })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(await refused('wallet', 'export', file, ...withPassphrase)).toContain('there is a file')
  const elsewhere = ['--data', join(root, 'elsewhere')]
  const { stdout } = await cairn(['wallet', 'import', file, ...elsewhere, '--json'], { env: { CAIRN_PASSPHRASE: PASSPHRASE } })
  expect(JSON.parse(stdout)).toEqual({ accounts: listed.accounts, encrypted: true, kept: null })

  const next = join(root, 'next')
  writeFileSync(next, 'battery staple\n')
  expect(await refused('wallet', 'passphrase', ...withPassphrase)).toContain('the new passphrase here: give --new-passphrase-file FILE, or set CAIRN_NEW_PASSPHRASE')
  const changed = await json('wallet', 'passphrase', ...withPassphrase, '--new-passphrase-file', next)
  expect(changed).toEqual({ encrypted: true, locked: true, unlockedUntil: null })
  expect(await refused('wallet', 'passphrase', ...withPassphrase, '--new-passphrase-file', next)).toContain('wallet-wrong-passphrase')
  expect(await json('wallet', 'new', 'third', '--passphrase-file', next)).toMatchObject({ name: 'third' })

  writeFileSync(passphraseFile, 'wrong\n')
  expect(await refused('wallet', 'new', 'fourth', ...withPassphrase)).toContain('wallet-wrong-passphrase')
  expect(await refused('wallet', 'encrypt', ...withPassphrase)).toContain('encrypted already')
})

test('words come from a file or a pipe; a wrong one is named with the likely one, and nothing is lost', { timeout: 240_000 }, async () => {
  const { root, data, json, refused } = setting()
  const words = join(root, 'words')
  const put = (text: string): void => writeFileSync(words, `${text}\n`)
  put(WORDS.replace('sausage', 'sausige'))
  expect(await refused('wallet', 'import', words, '--plain')).toContain('word 6, "sausige", is not in the BIP 39 list: did you mean sausage?')
  put(WORDS.replace('sausage', 'salad'))
  expect(await refused('wallet', 'import', words, '--plain')).toContain('the checksum of the words does not match')
  put('{"version":2,"acc')
  expect(await refused('wallet', 'import', words, '--plain')).toContain('wallet-damaged')
  expect(await refused('wallet', 'import', join(root, 'nowhere'), '--plain')).toContain('nowhere cannot be read')
  expect(await refused('wallet', 'import', '--plain')).toContain('there are 0 words') // nothing in the pipe
  expect(existsSync(join(data, 'wallet.json'))).toBe(false)

  put(WORDS)
  const { accounts } = await json('wallet', 'import', words, '--plain')
  const before = readFileSync(join(data, 'wallet.json'), 'utf8')
  put('zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong')
  expect(await refused('wallet', 'import', words, '--plain')).toContain('wallet-exists')
  expect(readFileSync(join(data, 'wallet.json'), 'utf8')).toBe(before)
  const replaced = await json('wallet', 'import', words, '--plain', '--replace')
  expect(replaced.accounts[0].account).not.toBe(accounts[0].account)
  expect(readFileSync(replaced.kept, 'utf8')).toBe(before)
})

test('words are shown to no pipe, and a wallet is written nowhere unasked', { timeout: 240_000 }, async () => {
  const { json, refused } = setting()
  await json('wallet', 'new', '--plain')
  expect(await refused('wallet', 'export', '--words')).toContain('to somebody at a terminal')
  expect(await refused('wallet', 'export')).toContain('say where the wallet goes')
  expect(await refused('wallet', 'export', 'x.json')).toContain('give --passphrase-file FILE')
  expect(await refused('wallet', 'new', '--words', '13')).toContain('--words: a wallet has 12 or 24')
  expect(await refused('wallet', 'new', 'a', '--words', '24')).toContain('there is a wallet already')
  expect(await refused('wallet', 'unlock')).toContain('no node is running')
  expect(await refused('send', OTHER, '1')).toContain('no node is running')
})

test('with a node: encrypted, locked, unlocked; no word and no key is on disk, in its log or in its arguments afterwards', { timeout: 300_000 }, async () => {
  const { root, data, run, json, refused, passphraseFile, withPassphrase } = setting()
  const words = join(root, 'words')
  writeFileSync(words, WORDS)
  await json('wallet', 'import', words, '--plain')
  const node = await startNode(data, ['--log', 'debug'])
  await json('mine', '2')
  await json('wallet', 'new', 'savings')
  expect(existsSync(join(data, 'wallet.json.bak'))).toBe(true)
  expect(await json('wallet', 'encrypt', ...withPassphrase)).toEqual({ encrypted: true, locked: true, unlockedUntil: null })

  await json('mine')
  expect(await refused('send', OTHER, '1', '--yes')).toContain('the wallet is locked; unlock it with: cairn wallet unlock')
  expect(await refused('wallet', 'unlock', '--passphrase-file', words)).toContain('that is not the passphrase')
  expect(await refused('wallet', 'import', words, '--plain', '--replace')).toContain('is in use by another node')
  await json('send', 'savings', '60', ...withPassphrase)
  expect((await json('wallet', 'list')).locked).toBe(true) // it was unlocked for that payment alone
  expect((await json('wallet', 'unlock', '--minutes', '5', ...withPassphrase)).locked).toBe(false)
  await json('mine')
  await json('send', OTHER, '7', '--from', 'savings')
  expect((await json('wallet', 'list')).accounts).toMatchObject([
    { name: 'main', balance: 140, spendable: 140 },
    { name: 'savings', balance: 60, pending: -7, spendable: 53 },
  ])
  const { stdout } = await run('wallet', 'list')
  expect(stdout).toMatch(/savings +cairn1\w+ +60 +−7 +53\n/)
  expect(stdout).toMatch(/unlocked for \d/)
  expect(await json('wallet', 'lock')).toEqual({ encrypted: true, locked: true, unlockedUntil: null })

  const next = join(root, 'next')
  writeFileSync(next, 'battery staple\n')
  const change = ['wallet', 'passphrase', ...withPassphrase, '--new-passphrase-file']
  expect(await json(...change, next)).toEqual({ encrypted: true, locked: true, unlockedUntil: null })
  expect(await refused('wallet', 'unlock', ...withPassphrase)).toContain('that is not the passphrase')
  await json('wallet', 'passphrase', '--passphrase-file', next, '--new-passphrase-file', passphraseFile)

  const pid = DataFolder.read(data)?.pid
  const told = process.platform === 'linux' ? ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`)) : []
  const { stderr } = await node.end()
  const entropy = parseWords(WORDS)
  const secrets = accountKeys(entropy, ["m/44'/6513001'/0'", "m/44'/6513001'/1'"]).map(({ secretKey }) => Buffer.from(secretKey.subarray(0, 32)))
  const needles = [
    Buffer.from(WORDS), Buffer.from('sausage'), Buffer.from(PASSPHRASE),
    ...[Buffer.from(entropy), ...secrets].flatMap((bytes) => [bytes, ...(['hex', 'base64', 'base64url'] as const).map((form) => Buffer.from(bytes.toString(form).replace(/=+$/, '')))]),
  ]
  const files = readdirSync(data).map((name): [string, Buffer] => [name, readFileSync(join(data, name))])
  expect(files.map(([name]) => name)).not.toContain('wallet.json.bak')
  expect(stderr.length).toBeGreaterThan(100)
  const places = [...files, ['log', Buffer.from(stderr)] as const, ...told.map((bytes, at) => [`process ${at}`, bytes] as const)]
  for (const [place, bytes] of places) for (const [at, needle] of needles.entries()) expect(bytes.includes(needle), `${place}, secret ${at}`).toBe(false)

  // The next start is locked, and the passphrase is right again.
  writeFileSync(passphraseFile, `${PASSPHRASE}\r\nanother line`)
  await startNode(data)
  expect(await refused('wallet', 'new', 'third')).toContain('the wallet is locked')
  expect(await json('wallet', 'new', 'third', ...withPassphrase)).toMatchObject({ name: 'third', path: "m/44'/6513001'/2'" })
})

test('nobody at the terminal, and neither --yes nor --json: nothing is sent', { timeout: 240_000 }, async () => {
  const { data, json, refused } = setting()
  await startNode(data)
  await json('mine')
  expect(await refused('send', OTHER, '5')).toContain('add --yes')
  expect(await json('mempool')).toMatchObject({ count: 0 })
  expect(await json('send', OTHER, '5', '--yes')).toEqual({ id: expect.any(String) })
})

test('the help of the wallet and of each of its commands has an example', async () => {
  const names = ['new', 'list', 'import', 'export', 'encrypt', 'passphrase', 'lock', 'unlock']
  const [all, ...each] = await Promise.all([cairn(['help', 'wallet']), ...names.map((name) => cairn(['help', 'wallet', name]))])
  for (const [at, name] of names.entries()) {
    expect(all.stdout).toContain(`cairn wallet ${name}`)
    expect(each[at]?.stdout).toMatch(new RegExp(`Example:\\n +cairn wallet ${name}`))
  }
})
