/**
 * The hash kernel: finds a nonce that brings a header's SHA-256 under a target.
 *
 * There are two of the same interface, and a thread's is chosen when it is first asked for: WebAssembly SIMD where it runs,
 * plain JavaScript elsewhere, which is about twelve times slower. The first is built by `npm install` (`npm run
 * build:kernel`) and reached by a private name, `#kernel`: its bytes stand in a module, so that no file is read and
 * nothing is fetched, and it runs unchanged in a browser's worker. Where it was not built, the other one serves.
 *
 * No module here awaits anything while it is loaded: V8 aborts the whole process where a thread is ended in that moment.
 *
 * @example
 *   const { create } = await loadKernel()
 *   const nonce = create(encodeHeader(block.header), target).search(0, 1_000_000)
 */
import { createScalarKernel, type CreateKernel } from './scalar-kernel.ts'
import { createSimdKernels } from './simd-kernel.ts'

export type { Kernel } from './scalar-kernel.ts'

/** The kernel that a thread has. */
export interface HashKernel {
  /** WebAssembly SIMD, or plain JavaScript. */
  name: 'simd' | 'scalar'
  /** Prepares the search of one header. */
  create: CreateKernel
}

let loaded: Promise<HashKernel> | undefined

/** This thread's kernel: the best that runs here. Rejects where the build is there and broken. */
export const loadKernel = (): Promise<HashKernel> => (loaded ??= import('#kernel').then(({ wasm }) => choose(wasm), ifMissing))

function ifMissing(error: unknown): HashKernel {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return choose(undefined)
  throw error
}

/** @param wasm the built module, if it was built */
export function choose(wasm: Uint8Array<ArrayBuffer> | undefined): HashKernel {
  const create = wasm === undefined ? undefined : createSimdKernels(wasm)
  return create === undefined ? { name: 'scalar', create: createScalarKernel } : { name: 'simd', create }
}
