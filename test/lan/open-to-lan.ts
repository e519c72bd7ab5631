/**
 * `cairn start --http 0.0.0.0:5050`, for a class to look at: one host serves, another reads its page and its interface
 * over the cable, and changes nothing. Run by open-to-lan.test.ts in namespaces of its own.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chapter } from '../support/lan-story.ts'
import { createLan, type Host } from '../support/lan.ts'
import { type RealNode, startNode } from '../support/real-node.ts'
import type { Asked, Heard } from './ask-there.ts'

await using lan = await createLan(2)
const [teacher, pupil] = lan.hosts
if (teacher === undefined || pupil === undefined) throw new Error('a LAN has hosts')

const ASK = fileURLToPath(new URL('ask-there.ts', import.meta.url))
/** What the host hears when it asks the teacher's node. */
function from(host: Host, ...asked: Asked[]): Heard[] {
  const args = [`--net=/run/netns/${host.name}`, process.execPath, ASK, teacher!.address]
  return JSON.parse(execFileSync('nsenter', args, { input: JSON.stringify(asked), encoding: 'utf8', maxBuffer: 2 ** 24 })) as Heard[] // what ask-there.ts prints
}
const at = `${teacher.address}:5050`

let node: RealNode | undefined
try {
  await chapter('it says in the log where others read it', async () => {
    node = await startNode({
      data: teacher.data, http: '0.0.0.0:5050', within: ['nsenter', `--net=/run/netns/${teacher.name}`],
      args: ['--name', 'teacher', '--network', `class-${process.pid}`],
    })
    assert.equal(node.ready.http, 'http://127.0.0.1:5050')
    assert.match(node.log(), new RegExp(`open to the LAN at http://${at}: to read, not to change`))
  })

  await chapter('another host sees the page, the chain and the peers', async () => {
    const paths = ['/', '/chain', '/api/v1/status', '/api/v1/blocks/0', '/api/v1/headers', '/api/v1/peers']
    for (const { status, path } of from(pupil, ...paths.map((path) => ({ path, host: at })))) assert.equal(status, 200, path)
    const names = [`${hostname()}:5050`, `${hostname().replace(/\..*/, '')}.local:5050`]
    for (const { status } of from(pupil, ...names.map((host) => ({ path: '/api/v1/status', host })))) assert.equal(status, 200)
  })

  await chapter('under no foreign name, and from no foreign page', async () => {
    const foreign = ['evil.example:5050', `${at}.evil.example`, `${pupil.address}:5050`, 'other.local:5050', teacher.address]
    const asked: Asked[] = [
      ...foreign.map((host) => ({ path: '/api/v1/status', host })),
      { path: '/api/v1/status', host: at, headers: { origin: 'http://evil.example' } },
      { path: '/', host: at, headers: { 'sec-fetch-site': 'cross-site' } },
    ]
    for (const { status } of from(pupil, ...asked)) assert.equal(status, 403)
  })

  await chapter('it changes nothing without the token', async () => {
    const changes: Asked[] = [
      { path: '/mine' },
      { path: '/api/v1/wallet' },
      { method: 'POST', path: '/transactions/new', body: { recipient: 'main', amount: 1 } },
      { method: 'POST', path: '/api/v1/wallet/send', body: { recipient: 'main', amount: 1 } },
      { method: 'POST', path: '/api/v1/wallet/accounts', body: { name: 'mine' } },
      { method: 'POST', path: '/api/v1/mining', body: { running: true } },
      { method: 'POST', path: '/api/v1/mining/blocks', body: { count: 1 } },
      { method: 'POST', path: '/api/v1/peers', body: { address: '/ip4/10.77.0.2/tcp/1' } },
    ].map((asked) => ({ ...asked, host: at }))
    for (const { status, path } of from(pupil, ...changes)) assert.equal(status, 401, path)
    const [{ text } = { text: '' }] = from(pupil, { path: '/api/v1/status', host: at })
    const { height, mempool, mining } = JSON.parse(text) as { height: number; mempool: number; mining: { running: boolean } }
    assert.deepEqual([height, mempool, mining.running], [0, 0, false])
  })

  await chapter('with it, it may: the teacher’s own phone', async () => {
    const token = readFileSync(join(teacher.data, 'token'), 'utf8').trim()
    const [mined] = from(pupil, { method: 'POST', path: '/api/v1/mining/blocks', host: at, body: { count: 1 }, headers: { authorization: `Bearer ${token}` } })
    assert.equal(mined?.status, 200)
  })

  await chapter('one host that asks without end is told to wait, and the other is served', async () => {
    const many = from(pupil, ...Array.from({ length: 3_000 }, () => ({ path: '/api/v1/status', host: at })))
    assert.ok(many.some(({ status }) => status === 429), 'none was refused')
    assert.ok(many.every(({ status }) => status === 200 || status === 429))
    const [own] = from(teacher, { path: '/api/v1/status', host: at })
    assert.equal(own?.status, 200)
  })

  await chapter('other users of the machine read neither the token nor a key, and node.json holds no secret', async () => {
    const mode = (name: string): number => statSync(join(teacher.data, name)).mode & 0o777
    assert.equal(mode('.'), 0o700)
    for (const name of ['token', 'wallet.json', 'peer.key', 'node.json']) assert.equal(mode(name), 0o600, name)
    const token = readFileSync(join(teacher.data, 'token'), 'utf8').trim()
    assert.ok(!readFileSync(join(teacher.data, 'node.json'), 'utf8').includes(token))
    assert.ok(!node!.log().includes(token), 'nor does the log')
  })
} finally {
  await node?.kill()
}
