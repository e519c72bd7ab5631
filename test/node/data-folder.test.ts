import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DataFolder } from '../../src/node/data-folder.ts'
import { createDisk, disksAvailable } from '../torture/tmpfs.ts'

let root: string
beforeEach(() => { root = mkdtempSync(join(tmpdir(), 'cairn-folder-')) })
afterEach(() => rmSync(root, { recursive: true }))

test('makes the folder and a token that only its owner can read', () => {
  const folder = DataFolder.open(join(root, 'a', 'b'))
  expect(folder.token).toMatch(/^[0-9a-f]{32}$/)
  expect(statSync(join(folder.path, 'token')).mode & 0o777).toBe(0o600)
  expect(statSync(folder.path).mode & 0o777).toBe(0o700)
  folder.close()
})

test('keeps its token', () => {
  const first = DataFolder.open(root)
  first.close()
  const second = DataFolder.open(root)
  expect(second.token).toBe(first.token)
  second.close()
})

test('makes a new token where the file holds none', () => {
  writeFileSync(join(root, 'token'), 'cut o')
  const folder = DataFolder.open(root)
  expect(folder.token).toMatch(/^[0-9a-f]{32}$/)
  folder.close()
})

test('belongs to one node at a time, and says which', () => {
  const folder = DataFolder.open(root)
  folder.publish({ pid: process.pid, http: 'http://127.0.0.1:5050', peerId: '12D3KooW' })
  expect(() => DataFolder.open(root)).toThrow(
    expect.objectContaining({ code: 'data-folder-in-use', message: expect.stringContaining(`process ${process.pid}, http://127.0.0.1:5050`) }),
  )
  expect(DataFolder.read(root)).toEqual({ pid: process.pid, http: 'http://127.0.0.1:5050', peerId: '12D3KooW', token: folder.token })
  folder.close()
  DataFolder.open(root).close()
})

test('is free again after its node was killed, whatever node.json says', () => {
  const script = `
    import { DataFolder } from ${JSON.stringify(new URL('../../src/node/data-folder.ts', import.meta.url).href)}
    DataFolder.open(${JSON.stringify(root)}).publish({ pid: process.pid, http: 'http://127.0.0.1:5050', peerId: '12D3KooW' })
    process.kill(process.pid, 'SIGKILL')`
  const killed = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(killed.signal, killed.stderr).toBe('SIGKILL')
  expect(JSON.parse(readFileSync(join(root, 'node.json'), 'utf8'))).toHaveProperty('pid', killed.pid)
  const folder = DataFolder.open(root)
  expect(DataFolder.read(root)).toBeUndefined()
  folder.close()
})

test('a path that cannot be a folder is refused in one line', () => {
  writeFileSync(join(root, 'file'), '')
  expect(() => DataFolder.open(join(root, 'file'))).toThrow(expect.objectContaining({ code: 'data-folder-unusable' }))
  expect(() => DataFolder.open(join(root, 'file', 'below'))).toThrow(
    expect.objectContaining({ code: 'data-folder-unusable', message: expect.stringMatching(/^the data folder .* cannot be used \(.*\): .*$/) }),
  )
})

test.skipIf(!disksAvailable())('a disk without room for it is said to be full, and with room the folder can be used', () => {
  using disk = createDisk(root, 65_536)
  const refused: string[] = []
  for (let room = 0; ; room += 4_096) {
    writeFileSync(join(disk.path, 'ballast'), new Uint8Array(65_536 - room))
    try {
      DataFolder.open(join(disk.path, 'data')).close()
      break
    } catch (error) {
      refused.push(String(error))
    } finally {
      rmSync(join(disk.path, 'ballast'))
    }
  }
  expect(refused.length).toBeGreaterThan(0)
  for (const line of refused) expect(line).toMatch(/the disk is full; make room on it, or choose another folder with --data$/)
})

test('tightens a token that others could read, and removes what a killed node had not finished', () => {
  writeFileSync(join(root, 'token'), 'a'.repeat(32), { mode: 0o644 })
  writeFileSync(join(root, 'node.json.123.tmp'), '{')
  const folder = DataFolder.open(root)
  expect(folder.token).toBe('a'.repeat(32))
  expect(statSync(join(root, 'token')).mode & 0o777).toBe(0o600)
  expect(readdirSync(root)).not.toContain('node.json.123.tmp')
  folder.close()
})

test('a place where no folder can be made is refused, not tried for ever', () => {
  expect(() => DataFolder.open('/proc/cairn/data')).toThrow(expect.objectContaining({ code: 'data-folder-unusable' }))
})
