/**
 * The hash kernel in a browser's worker: bundled as a page would bundle it, then run where there is nothing of Node, and
 * in a real browser where there is one.
 */
import { isBuiltin } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build, type Rolldown } from 'vite'
import { beforeAll, expect, test } from 'vitest'
import { createScalarKernel } from '../../src/mining/scalar-kernel.ts'
import type { Answer } from '../support/kernel-entry.ts'
import { browserPath, launch } from './page.ts'

/** Takes from a thread what a browser has not, then runs the bundle there and posts what it answers. */
const RUNNER = `
  const { parentPort, workerData } = require('node:worker_threads')
  for (const name of ['Buffer', 'process', 'global', 'setImmediate', 'clearImmediate']) delete globalThis[name]
  globalThis.self = globalThis
  import(workerData.url)
    .then(({ answer }) => answer(...workerData.args))
    .then((answer) => parentPort.postMessage(answer), (error) => parentPort.postMessage(String(error)))
`
/** The same in a browser's worker, which imports the bundle by its address. */
const BROWSER_RUNNER = `
  import { answer } from '/bundle.js'
  addEventListener('message', async ({ data }) => postMessage(await answer(...data)))
  postMessage('ready')
`
/** A page with such a worker, and a function that asks it. */
const PAGE = `
  <!doctype html>
  <script type="module">
    const worker = new Worker('/runner.js', { type: 'module' })
    worker.onerror = (event) => { document.title = 'failed: ' + event.message }
    worker.onmessage = () => { document.title = 'ready' }
    globalThis.ask = (args) => new Promise((resolve) => {
      worker.onmessage = ({ data }) => resolve(data)
      worker.postMessage(args)
    })
  </script>
`

const header = Uint8Array.from({ length: 92 }, (_, i) => i)
/** One hash in 4 096. */
const target = (1n << 244n) - 1n
const firstNonce = 2 ** 32 - 10
const count = 100_000
const expected: Answer = { kernel: 'simd', nonce: createScalarKernel(header, target).search(firstNonce, count), nodeGlobals: [] }

let bundle: Rolldown.OutputChunk
const builtins: string[] = []

beforeAll(async () => {
  const entry = fileURLToPath(new URL('../support/kernel-entry.ts', import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [{ name: 'note-builtins', enforce: 'pre', resolveId: (id) => void (isBuiltin(id) && builtins.push(id)) }],
    build: {
      write: false,
      minify: false,
      target: 'es2023',
      lib: { entry, formats: ['es'], fileName: 'kernel' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })
  if (!Array.isArray(built)) throw new Error('a library build gives a list of outputs')
  bundle = built[0]!.output[0]
})

test('the bundle has the built kernel, and nothing of Node', () => {
  expect(bundle.moduleIds.filter((id) => id.endsWith('/dist/kernel.js'))).toHaveLength(1)
  expect(builtins).toEqual([])
  const imports = [...bundle.imports, ...bundle.dynamicImports].filter((name) => name !== bundle.fileName)
  expect(imports, 'imports of other files that are left in the bundle').toEqual([])
})

test('it searches with SIMD where there is no Buffer and no process', async () => {
  const url = `data:text/javascript;base64,${Buffer.from(bundle.code).toString('base64')}`
  const worker = new Worker(RUNNER, { eval: true, workerData: { url, args: [header, target, firstNonce, count] } })
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  worker.once('message', resolve).once('error', reject)
  expect(await promise).toEqual(expected)
  await worker.terminate()
})

const NAME = browserPath === undefined ? ' (NOT RUN: no Chromium here; set CHROMIUM to its path)' : ''

test.skipIf(browserPath === undefined)(`it searches with SIMD in a worker of a real browser${NAME}`, async () => {
  const browser = await launch()
  try {
    const page = await browser.newPage()
    const files: Record<string, [contentType: string, body: string]> = {
      '/': ['text/html', PAGE],
      '/runner.js': ['text/javascript', BROWSER_RUNNER],
      '/bundle.js': ['text/javascript', bundle.code],
    }
    await page.context().route('**/*', (route) => {
      const [contentType, body] = files[new URL(route.request().url()).pathname] ?? ['text/plain', '']
      return route.fulfill({ contentType, body })
    })
    await page.goto('http://localhost:1/')
    await page.waitForFunction(() => document.title !== '')
    expect(await page.title()).toBe('ready')
    const asked = page.evaluate(
      ([bytes, big, first, length]) =>
        // The page's own function, which this module cannot know.
        (globalThis as unknown as { ask(args: unknown[]): Promise<Answer> }).ask([Uint8Array.from(bytes), big, first, length]),
      [[...header], target, firstNonce, count] as const,
    )
    expect(await asked).toEqual(expected)
  } finally {
    await browser.close()
  }
})
