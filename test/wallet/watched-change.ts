/**
 * Makes a change of a wallet, and before each step on disk a copy of its folder as it is then: what a kill in that
 * moment would leave.
 *
 *   node watched-change.ts FOLDER COPIES add|encrypt|passphrase|replace
 *
 * `cp -a` keeps second names of a file what they are.
 */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'

const [folder = '', copies = '', change = ''] = process.argv.slice(2)
const path = join(folder, 'wallet.json')
const { Wallet } = await import('../../src/wallet/wallet.ts')
const { importWallet } = await import('../../src/wallet/portable.ts')
const { newKeystore } = await import('../../src/wallet/keystore.ts')

let copied = 0
const copy = (): void => void execFileSync('cp', ['-a', folder, join(copies, String(copied++))])
for (const name of ['openSync', 'writeFileSync', 'writeSync', 'fsyncSync', 'renameSync', 'linkSync', 'rmSync'] as const) {
  const step = fs[name] as (...args: unknown[]) => unknown // each is called through with what it was given
  Object.assign(fs, {
    [name]: (...args: unknown[]) => {
      copy()
      return step(...args)
    },
  })
}
const wallet = Wallet.open(path)
syncBuiltinESMExports()
if (change === 'add') wallet.addAccount('savings')
if (change === 'encrypt') await wallet.encrypt('correct horse')
if (change === 'passphrase') await wallet.changePassphrase('correct horse', 'battery staple')
if (change === 'replace') await importWallet(path, newKeystore(new Uint8Array(16).fill(1)), { replace: true })
copy()
