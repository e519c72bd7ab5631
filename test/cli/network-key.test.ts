import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cairn, startNode, temporaryFolder } from './program.ts'

test('a private network: the key is made, a node starts with it, and status and banner name its fingerprint', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'club.key')
  const made = await cairn(['network', 'key', file, '--json'])
  expect(made).toMatchObject({ status: 0, stderr: '' })
  const { path, fingerprint } = JSON.parse(made.stdout) as { path: string; fingerprint: string }
  expect(path).toBe(file)
  expect(fingerprint).toMatch(/^[0-9a-f]{8}$/)
  expect(made.stdout).not.toContain(readFileSync(file, 'utf8').split('\n')[2])

  const again = await cairn(['network', 'key', file])
  expect(again).toEqual({ status: 1, stdout: '', stderr: `cairn: ${file} exists already, and is not overwritten: name another file\n` })

  chmodSync(file, 0o644)
  const data = join(folder, 'data')
  const { ready, end } = await startNode(data, ['--network-key', file])
  expect(ready).toMatchObject({ networkKey: fingerprint })
  expect((await cairn(['status', '--data', data])).stdout).toContain(`private, key ${fingerprint}`)
  expect((await end()).stderr).toContain(`chmod 600 ${file}`)
})

test.each(['/nowhere/club.key', '/dev/null'])('a start with %s as key is one line and status 1', async (file) => {
  const { status, stdout, stderr } = await cairn(['start', '--network-key', file, '--data', temporaryFolder()])
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(/^cairn: \/(nowhere|dev)[^\n]+\n$/)
})
