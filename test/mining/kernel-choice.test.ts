/** Which hash kernel serves: the fast one where it was built and runs, the other one elsewhere. */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { wasm } from '#kernel'
import { choose, loadKernel } from '../../src/mining/kernel.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const header = Uint8Array.from({ length: 92 }, (_, i) => i)
const EASY = (1n << 250n) - 1n

test('with the build, it is the fast one, and both find the same', async () => {
  const { name, create } = await loadKernel()
  expect(name).toBe('simd')
  expect(choose(wasm).name).toBe('simd')
  expect(choose(undefined).name).toBe('scalar')
  const found = [create, choose(wasm).create, choose(undefined).create].map((kernel) => kernel(header, EASY).search(0, 1_000))
  expect(found[0]).toBeTypeOf('number')
  expect(new Set(found).size).toBe(1)
})

test('where such a module does not run, as without SIMD, it is the other one', () => {
  const unknown = wasm.slice()
  unknown[8] = 0xff // no section has this number
  expect(choose(unknown).name).toBe('scalar')
  expect(choose(new Uint8Array(0)).name).toBe('scalar')
  vi.stubGlobal('WebAssembly', undefined)
  expect(choose(wasm).name).toBe('scalar')
})

/** The sources that mining needs, in a folder of their own, where nothing was built. */
let folder: string
const PROGRAM = `
  import { loadKernel } from './src/mining/kernel.ts'
  const { name, create } = await loadKernel()
  const header = Uint8Array.from({ length: 92 }, (_, i) => i)
  console.log(name, create(header, (1n << 250n) - 1n).search(0, 1_000))
`
const run = async (): Promise<string> => (await promisify(execFile)(process.execPath, ['program.ts'], { cwd: folder })).stdout.trim()
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-kernel-'))
  for (const path of ['package.json', 'src/mining', 'src/consensus']) {
    await cp(join(ROOT, path), join(folder, path), { recursive: true })
  }
  await writeFile(join(folder, 'program.ts'), PROGRAM)
})
afterEach(async () => {
  vi.unstubAllGlobals()
  await rm(folder, { recursive: true })
})

test('a program without the build mines with the other one', async () => {
  const nonce = choose(wasm).create(header, EASY).search(0, 1_000)
  expect(await run()).toBe(`scalar ${nonce}`)
  await cp(join(ROOT, 'dist/kernel.js'), join(folder, 'dist/kernel.js'))
  expect(await run(), 'and with the build, with the fast one').toBe(`simd ${nonce}`)
})

test('a build that is there and broken is said, not passed over', async () => {
  await mkdir(join(folder, 'dist'))
  await writeFile(join(folder, 'dist/kernel.js'), 'export const wasm = new Uint8Array([0,')
  await expect(run()).rejects.toThrow('SyntaxError')
})
