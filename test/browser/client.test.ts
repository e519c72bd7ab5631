/**
 * The client in a browser: bundled as a page would bundle it, then used in a real browser, on a page that a real node
 * serves, under the rules that the node gives pages (Content-Security-Policy, origin, token).
 */
import { isBuiltin } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Client, createClient } from '../../src/http/client.ts'
import { browserPath, launch, type ServedNode, serveNode, TOKEN } from './page.ts'

let bundle: Rolldown.OutputChunk
const builtins: string[] = []
let node: ServedNode | undefined

beforeAll(async () => {
  const entry = fileURLToPath(new URL('../../src/http/client.ts', import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [{ name: 'note-builtins', enforce: 'pre', resolveId: (id) => void (isBuiltin(id) && builtins.push(id)) }],
    build: { write: false, target: 'es2023', lib: { entry, formats: ['es'], fileName: 'client' } },
  })
  if (!Array.isArray(built)) throw new Error('a library build gives a list of outputs')
  bundle = built[0]!.output[0]
})
afterEach(() => node?.stop())

test('the bundle is small, and has nothing of Node or of anybody else', () => {
  expect(builtins).toEqual([])
  expect([...bundle.imports, ...bundle.dynamicImports]).toEqual([])
  expect(bundle.moduleIds.filter((id) => !id.includes('/src/http/'))).toEqual([])
  expect(bundle.code.length).toBeLessThan(12_000)
})

const NAME = browserPath === undefined ? ' (NOT RUN: no Chromium here; set CHROMIUM to its path)' : ''

const TEST = `on a node’s own page it reads, mines, pays and hears${NAME}`
test.skipIf(browserPath === undefined)(TEST, async () => {
  node = await serveNode('/no-page-is-needed', { name: 'fox' })
  const browser = await launch()
  try {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error)))
    const program = "import { createClient } from '/client.js'\nglobalThis.createClient = createClient\n"
    for (const [name, body] of [['client.js', bundle.code], ['program.js', program]] as const) {
      await page.route(`**/${name}`, (route) => route.fulfill({ contentType: 'text/javascript', body }))
    }
    await page.goto(node.url)
    await page.addScriptTag({ url: '/program.js', type: 'module' })
    const told = await page.evaluate(
      async (token) => {
        // As program.js, which the compiler does not know, put it there.
        const create = (globalThis as unknown as { createClient: typeof createClient }).createClient
        const client: Client = create({ url: '', token })
        const heard: string[] = []
        const listening = Promise.withResolvers<void>()
        const hearing = (async () => {
          for await (const { event } of client.follow({ onOpen: listening.resolve })) {
            if (event !== 'mining:progress') heard.push(event)
            if (event === 'block:connected' && heard.includes('transaction:added')) return
          }
        })()
        await listening.promise
        await client.mineBlocks(1)
        const { account } = await client.addAccount('savings')
        const { id } = await client.send({ recipient: account, amount: 30, fee: 1 })
        await client.mineBlocks(1)
        await hearing
        const refusal = await create({ url: location.origin }).mineBlocks(1).catch(({ name, code }) => `${name} ${code}`)
        const { height, name } = await client.status()
        return { height, name, confirmations: (await client.transaction(id)).confirmations, refusal, heard }
      },
      TOKEN,
    )
    expect(told).toMatchObject({ height: 2, name: 'fox', confirmations: 1, refusal: 'ApiFailure token-missing' })
    const inOrder = told.heard.filter((name) => name !== 'transaction:removed')
    expect(inOrder).toEqual(['block:connected', 'transaction:added', 'block:connected'])
    expect(complaints).toEqual([])
  } finally {
    await browser.close()
  }
})
