/**
 * The hash kernel: finds a nonce that brings a header's SHA-256 under a target.
 *
 * There are two of the same interface, and this thread's is chosen when first asked for: WebAssembly SIMD where it runs,
 * plain JavaScript elsewhere, which is about fifteen times slower. The first is built by `npm install` (`npm run
 * build:kernel`) and reached by a private name, `#kernel`: its bytes stand in a module, so that no file is read and
 * nothing is fetched, and it runs unchanged in a browser's worker. Where it was not built, the other one serves.
 *
 * @example
 *   const kernel = createKernel(encodeHeader(block.header), target)
 *   const nonce = kernel.search(0, 1_000_000)
 */
import { createScalarKernel, type CreateKernel } from './scalar-kernel.ts'
import { createSimdKernels } from './simd-kernel.ts'

export type { Kernel } from './scalar-kernel.ts'

/** WebAssembly SIMD, or plain JavaScript. */
export type KernelName = 'simd' | 'scalar'

interface Choice {
  name: KernelName
  create: CreateKernel
}

/** The built module; undefined where there is none. */
const built = await import('#kernel').then(({ wasm }) => wasm, ifMissing)

function ifMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined
  throw error
}

let choice: Choice | undefined

function chosen(): Choice {
  choice ??= choose(built)
  return choice
}

/** The best kernel that runs here. @param wasm if it was built */
export function choose(wasm: Uint8Array<ArrayBuffer> | undefined): Choice {
  const create = wasm === undefined ? undefined : createSimdKernels(wasm)
  return create === undefined ? { name: 'scalar', create: createScalarKernel } : { name: 'simd', create }
}

/** Which kernel this thread has. */
export const kernelName = (): KernelName => chosen().name

/** Prepares the search of one header. */
export const createKernel: CreateKernel = (header, target) => chosen().create(header, target)
