/** Secrets at the terminal: typed, corrected, pasted, given up; and asked for where the wallet turns out to be locked. */
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { Interrupted } from '../../src/cli/failure.ts'
import { whileUnlocked } from '../../src/cli/passphrase.ts'
import { askSecret } from '../../src/cli/terminal.ts'
import type { WalletInfo } from '../../src/http/api.ts'
import { ApiFailure } from '../../src/http/client.ts'

/** A terminal that notes when it stops and begins to show what is typed. */
function createTerminal() {
  const modes: boolean[] = []
  const input = Object.assign(new PassThrough(), { setRawMode: (raw: boolean) => modes.push(raw) })
  const output = new PassThrough({ encoding: 'utf8' })
  return { input, output, modes }
}

const { signal } = new AbortController()

test.each([
  ['plain', 'secret\r', 'secret'],
  ['with accents', 'pässwörd 🐎\n', 'pässwörd 🐎'],
  ['corrected', 'secrx\u007Fet\b\bet\r', 'secret'],
  ['begun again', 'nonsense\u0015secret\r', 'secret'],
  ['with arrows and the marks of a paste', '\u001B[200~sec\u001B[Dret\u001B[201~\u001BOA\r', 'secret'],
  ['ended by Ctrl-D', 'secret\u0004', 'secret'],
  ['empty', '\r', ''],
])('a secret typed %s is taken and not shown', async (_what, typed, expected) => {
  const terminal = createTerminal()
  const asked = askSecret('Passphrase: ', signal, terminal)
  terminal.input.write(typed)
  expect(await asked).toBe(expected)
  expect(terminal.output.read()).toBe('Passphrase: \n')
  expect(terminal.modes).toEqual([true, false])
})

test('two answers that come at once answer two questions', async () => {
  const terminal = createTerminal()
  const first = askSecret('New: ', signal, terminal)
  terminal.input.write('one\r\ntwo\r')
  expect(await first).toBe('one')
  expect(await askSecret('Again: ', signal, terminal)).toBe('two')
})

test('an end of the input is an answer; Ctrl-C is none, and the terminal shows what is typed again', async () => {
  const ended = createTerminal()
  const asked = askSecret('Passphrase: ', signal, ended)
  ended.input.end('sec')
  expect(await asked).toBe('sec')

  const given = createTerminal()
  const up = askSecret('Passphrase: ', signal, given)
  given.input.write('sec\u0003')
  await expect(up).rejects.toThrow(Interrupted)
  const controller = new AbortController()
  const aborted = askSecret('Passphrase: ', controller.signal, given)
  controller.abort(new Interrupted('interrupted'))
  await expect(aborted).rejects.toThrow(Interrupted)
  expect(given.modes).toEqual([true, false, true, false])
})

test('what a locked wallet refuses fails as it is where no passphrase is to be had; other failures are not its own', async () => {
  const asked: string[] = []
  const client = {
    unlockWallet: async (): Promise<WalletInfo> => (asked.push('unlock'), { accounts: [], encrypted: true, locked: false, unlockedUntil: 1 }),
    lockWallet: async (): Promise<WalletInfo> => (asked.push('lock'), { accounts: [], encrypted: true, locked: true, unlockedUntil: null }),
  }
  const fail = (code: string) => () => Promise.reject(new ApiFailure(code, 'no', 409))
  await expect(whileUnlocked(client, {}, { signal }, fail('wallet-locked'))).rejects.toMatchObject({ code: 'wallet-locked' })
  await expect(whileUnlocked(client, {}, { signal }, fail('mempool-full'))).rejects.toMatchObject({ code: 'mempool-full' })
  expect(await whileUnlocked(client, {}, { signal }, async () => 7)).toBe(7)
  expect(asked).toEqual([])
})
