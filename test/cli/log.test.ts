/** The log of a node in a pipe: JSON lines, one a thing that happens, and no secret in any of them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createClient } from '../../src/http/client.ts'
import { cairn, startNode, temporaryFolder } from './program.ts'

interface Line extends Record<string, unknown> {
  level: string
  time: string
  msg: string
}

/** The lines of a log; each is an object of one line, with the three fields that all have. */
function linesOf(log: string): Line[] {
  expect(log.endsWith('\n')).toBe(true)
  return log.trimEnd().split('\n').map((text) => {
    const line = JSON.parse(text) as Line // held to it here
    expect(['debug', 'info', 'warn', 'error']).toContain(line.level)
    expect(new Date(line.time).toISOString()).toBe(line.time)
    expect(line.msg).toMatch(/^\S.*\S$/)
    expect(line.event === undefined ? 'of a part' : 'of an event', text).toBe(line.part === undefined ? 'of an event' : 'of a part')
    if ('code' in line) expect(line.code, text).toMatch(/^[a-z]+(-[a-z0-9]+)+$|^(mined|replaced|evicted|expired|conflict)$/)
    return line
  })
}

test('two nodes at every level: start, peer, blocks, a branch, refusals, stop', async () => {
  const [ada, bob] = [temporaryFolder(), temporaryFolder()]
  const first = await startNode(ada, ['--log', 'debug'])
  const alone = await startNode(bob, ['--log', 'debug'])
  await cairn(['mine', '1', '--data', ada])
  await cairn(['mine', '2', '--data', bob])
  await alone.end()
  const second = await startNode(bob, ['--log', 'debug', '--peer', first.ready.addresses[0]!])
  await first.line((line) => line.includes('"chain:reorg"'))
  await fetch(`${first.ready.http}/nothing-here`)
  await cairn(['send', second.ready.account, '1', '--yes', '--data', bob])
  await cairn(['mine', '1', '--data', bob])
  await first.line((line) => line.includes('"block:connected"') && line.includes('"height":3'))
  const [log, other] = [linesOf((await first.end()).stderr), linesOf((await second.end()).stderr)]

  const events = log.flatMap(({ event }) => (event === undefined ? [] : [event]))
  for (const event of ['node:started', 'peer:connected', 'block:connected', 'chain:reorg', 'node:stopping']) expect(events).toContain(event)
  expect(other.map(({ event }) => event)).toContain('peer:connected')
  expect(log.find(({ event }) => event === 'node:started')).toMatchObject({ network: 'local', peerId: first.ready.peerId })
  expect(log.find(({ event }) => event === 'chain:reorg')).toMatchObject({ ancestor: 0, disconnected: [expect.stringMatching(/^[0-9a-f]{64}$/)] })
  expect(log.find(({ msg }) => msg === 'refused a request')).toMatchObject({ level: 'debug', code: 'route-not-found' })
  // A sentence never changes: what is different from line to line is in the fields.
  const sentences = new Map(log.flatMap(({ event, msg }) => (event === undefined ? [] : [[event, msg]])))
  for (const { event, msg } of [...log, ...other]) if (event !== undefined) expect(msg).toBe(sentences.get(event) ?? msg)
  for (const { msg } of log) expect(msg).not.toMatch(/[0-9a-f]{8}/)
  // And nothing is told twice: a peer that joins is one line.
  expect(log.filter(({ event, msg }) => event === 'peer:connected' || /peer.*(connected|joined)/.test(msg))).toHaveLength(1)
  expect(log.filter(({ event, msg }) => event === 'chain:reorg' || /reorganis/.test(msg))).toHaveLength(1)
})

test('at info there are no details of requests, at error nothing of what is well', async () => {
  for (const [level, least] of [['info', ['info', 'warn', 'error']], ['error', ['error']]] as const) {
    const node = await startNode(temporaryFolder(), ['--log', level])
    await fetch(`${node.ready.http}/nothing-here`)
    await cairn(['mine', '1', '--data', node.folder])
    const { stderr } = await node.end()
    const levels = stderr === '' ? [] : linesOf(stderr).map((line) => line.level)
    expect(levels.filter((each) => !least.includes(each as never))).toEqual([])
    expect(levels.length > 0, level).toBe(level === 'info')
  }
})

test('no token, word or passphrase is in any line, whatever is done with them', async () => {
  const folder = temporaryFolder()
  const node = await startNode(folder, ['--log', 'debug'])
  const token = readFileSync(join(folder, 'token'), 'utf8').trim()
  const words = readFileSync(join(folder, 'wallet.json'), 'utf8') // in clear until it is encrypted, below
  const passphrase = 'correct-horse-battery-staple'
  const client = createClient({ url: node.ready.http, token })
  await client.encryptWallet(passphrase)
  await client.unlockWallet({ passphrase: `${passphrase}-wrong` }).catch(() => {})
  await client.unlockWallet({ passphrase })
  await client.send({ recipient: node.ready.account, amount: 1 }).catch(() => {})
  await fetch(`${node.ready.http}/api/v1/wallet?token=${token}&passphrase=${passphrase}`, { headers: { authorization: `Bearer ${token}x` } })
  await fetch(`${node.ready.http}/api/v1/wallet/unlock/${passphrase}/${token}`)
  await fetch(`${node.ready.http}/api/v1/wallet/unlock`, {
    method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ passphrase, more: passphrase }),
  })
  await client.lockWallet()
  const { stderr } = await node.end()
  expect(linesOf(stderr).some(({ msg }) => msg === 'refused a request')).toBe(true)
  expect(stderr).not.toContain(token)
  expect(stderr).not.toContain(passphrase)
  const phrases = words.match(/[a-z]{3,8} [a-z]{3,8} [a-z]{3,8}/g) ?? []
  expect(phrases.length).toBeGreaterThan(3) // of twelve words
  for (const phrase of phrases) expect(stderr).not.toContain(phrase)
})
