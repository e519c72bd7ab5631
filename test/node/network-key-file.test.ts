import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeNetworkKeyFile, readNetworkKeyFile } from '../../src/node/network-key-file.ts'
import { resolveOptions } from '../../src/node/options.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'cairn-key-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test('is made once, for its owner’s eyes alone, and read again', () => {
  const file = join(folder, 'club.key')
  const made = makeNetworkKeyFile(file)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readNetworkKeyFile(file)).toEqual(made)
  const before = readFileSync(file)
  expect(() => makeNetworkKeyFile(file)).toThrow(
    expect.objectContaining({ code: 'network-key-unusable', message: expect.stringContaining('exists already') }),
  )
  expect(readFileSync(file)).toEqual(before)
  expect(resolveOptions({ networkKey: before }).networkKey).toEqual(made.key)
})

test('that others can read is told of', () => {
  const file = join(folder, 'club.key')
  makeNetworkKeyFile(file)
  chmodSync(file, 0o644)
  expect(readNetworkKeyFile(file).warning).toBe(`${file} can be read by others on this machine: chmod 600 ${file}`)
})

test('that is missing, a folder, or holds something else, is told of by its name', () => {
  const said = (file: string): string => {
    try {
      readNetworkKeyFile(file)
    } catch (error) {
      expect(error).toMatchObject({ code: 'network-key-unusable' })
      return (error as Error).message
    }
    throw new Error('it was read')
  }
  expect(said(join(folder, 'none.key'))).toBe(`${join(folder, 'none.key')}: there is no such file; make one with cairn network key`)
  expect(said(folder)).toContain(`${folder} cannot be read (EISDIR`)
  const file = join(folder, 'wrong.key')
  for (const content of ['', 'x'.repeat(32), '/key/swarm/psk/1.0.0/\n/base16/\nabcd\n']) {
    writeFileSync(file, content)
    expect(said(file)).toContain(`${file} is no network key: it`)
  }
  expect(() => makeNetworkKeyFile(join(folder, 'no/such/folder.key'))).toThrow(expect.objectContaining({ code: 'network-key-unusable' }))
})

test('an option that is no key is refused', () => {
  expect(() => resolveOptions({ networkKey: new Uint8Array(31) })).toThrow(
    expect.objectContaining({ code: 'option-invalid', message: expect.stringContaining('networkKey: is no network key') }),
  )
})
