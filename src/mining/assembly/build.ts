/**
 * Compiles kernel.ts beside it to WebAssembly and writes its bytes into a module of JavaScript, `dist/kernel.js`:
 * `npm run build:kernel`, which `npm install` does too. Fails with the compiler's findings and exit status 1.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main } from 'assemblyscript/asc'

const source = fileURLToPath(new URL('./kernel.ts', import.meta.url))
const target = fileURLToPath(new URL('../../../dist/kernel.js', import.meta.url))

let wasm: Uint8Array | undefined
// No allocation, hence no runtime; one page of memory that never grows, so that V8 checks no bound.
const { error, stderr } = await main(
  [
    relative(process.cwd(), source), '--outFile', 'kernel.wasm', '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd',
    '--initialMemory', '1', '--maximumMemory', '1',
  ],
  {
    writeFile(_name, contents) {
      if (typeof contents !== 'string') wasm = contents
    },
  },
)
if (error !== null || wasm === undefined) {
  console.error(`the hash kernel does not compile: ${error?.message ?? 'no output'}\n${stderr.toString()}`)
  process.exit(1)
}
await mkdir(dirname(target), { recursive: true })
await writeFile(target, `export const wasm = new Uint8Array([${wasm.join()}])\n`)
