/** What the browser test of the hash kernel bundles: one function that searches, and says which kernel did and where. */
import { loadKernel } from '../../src/mining/kernel.ts'

export interface Answer {
  kernel: string
  nonce: number | undefined
  /** Globals of Node that are to be seen there. */
  nodeGlobals: string[]
}

export async function answer(header: Uint8Array, target: bigint, firstNonce: number, count: number): Promise<Answer> {
  const { name, create } = await loadKernel()
  return {
    kernel: name,
    nonce: create(header, target).search(firstNonce, count),
    nodeGlobals: ['Buffer', 'process', 'global', 'setImmediate'].filter((name) => name in globalThis),
  }
}
