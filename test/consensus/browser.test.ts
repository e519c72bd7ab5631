/**
 * The rules in a browser: bundled as a page would bundle them, then run where there is nothing of Node.
 */
import { isBuiltin } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build, type Rolldown } from 'vite'
import { beforeAll, expect, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { encodeBlock } from '../../src/consensus/types.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { answers, nodeGlobals } from '../support/browser-entry.ts'

/** Takes from a thread what a browser has not, then runs the bundle there and posts what it answers. */
const RUNNER = `
  const { parentPort, workerData } = require('node:worker_threads')
  for (const name of ['Buffer', 'process', 'global', 'setImmediate', 'clearImmediate']) delete globalThis[name]
  globalThis.self = globalThis.window = globalThis
  import(workerData.url).then(
    ({ answers, nodeGlobals }) => parentPort.postMessage([answers(...workerData.args), nodeGlobals()]),
    (error) => parentPort.postMessage(String(error)),
  )
`

let bundle: Rolldown.OutputChunk
/** Who asked for which module of Node: `libsodium/dist/…: crypto`. */
const builtins: string[] = []
/** A module's path from its package or from src. */
const short = (id: string): string => id.replace(/^.*\/(node_modules|src)\//, '')

beforeAll(async () => {
  const entry = fileURLToPath(new URL('../support/browser-entry.ts', import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'note-builtins',
        enforce: 'pre',
        resolveId: (id, importer = '') => void (isBuiltin(id) && builtins.push(`${short(importer)}: ${id}`)),
      },
    ],
    build: { write: false, minify: false, target: 'es2023', lib: { entry, formats: ['es'], fileName: 'consensus' } },
  })
  if (!Array.isArray(built)) throw new Error('a library build gives a list of outputs')
  bundle = built[0]!.output[0]
})

test('the bundle has libsodium as WebAssembly, and neither the native one nor anything of Node', () => {
  const modules = bundle.moduleIds.map(short)
  expect(modules).toContain('consensus/sodium-browser.ts')
  expect(modules.some((id) => id.startsWith('libsodium-wrappers/'))).toBe(true)
  expect(modules.filter((id) => /sodium-native|hashtree/.test(id))).toEqual([])
  // libsodium itself asks for Node's randomness where it finds itself in Node, and only there.
  expect(builtins.filter((asked) => asked !== 'libsodium/dist/modules-esm/libsodium.mjs: crypto')).toEqual([])
  expect([...bundle.imports, ...bundle.dynamicImports], 'imports that are left in the bundle').toEqual([])
})

test('it answers as Node does, where there is no Buffer and no process, and leaves none behind', async () => {
  const blocks = createBlockBuilder({ seed: 6, funds: { alice: 50 } })
  const payment = { from: 'alice', to: 'bob', amount: 20, fee: 1, memo: 'hello' }
  const { block } = blocks.block('a1', 'genesis', { transactions: [payment, payment] })
  const args = [toHex(encodeBlock(block)), toHex(blocks.genesis.hash)] as const

  const url = `data:text/javascript;base64,${Buffer.from(bundle.code).toString('base64')}`
  const worker = new Worker(RUNNER, { eval: true, workerData: { url, args } })
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  worker.once('message', resolve).once('error', reject)
  expect(await promise).toEqual([answers(...args), []])
  await worker.terminate()
  expect(nodeGlobals(), 'here, by contrast, there is').toContain('Buffer')
})
