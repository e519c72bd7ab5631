/**
 * How fast the hash kernel is on one thread, beside what else hashes here. All of them take turns, run by run, so that
 * what a neighbour on the machine takes away, it takes from each.
 *
 * What bounds it, on x86: a vector of four hashes takes about 2 780 arithmetic instructions (a rotation is two shifts and
 * an or), and a processor does three or four a cycle at best, of shifts two. On four at 3.2 GHz that is 18 million hashes
 * a second; the kernel comes to 15. Threads that share a core share its arithmetic units, too: then each has less, while
 * OpenSSL, which waits for one result after the other, keeps its pace.
 */
import { loadKernel } from '../../../src/mining/kernel.ts'
import { createScalarKernel, type CreateKernel } from '../../../src/mining/scalar-kernel.ts'
import { type Figure, figureOf } from '../figure.ts'
import { cryptoHash, hasPython, labLoop, opensslCompressions, rate } from './rivals.ts'

const RUNS = 7
/** Nonces of one call: a few milliseconds of the fast kernel. */
const SLICE = 40_000

const header = Uint8Array.from({ length: 92 }, (_, i) => i)
/** No hash meets it. */
const NEVER = 0n

/** Hashes a second of a kernel. */
function kernelRate(create: CreateKernel, slice: number): number {
  const kernel = create(header, NEVER)
  let next = 0
  return rate(() => {
    kernel.search(next, slice)
    next += slice
    return slice
  })
}

export async function kernelFigures(report: (figure: Figure) => void): Promise<void> {
  const runs: number[] = []
  const scalar: number[] = []
  const bytes: number[] = []
  const text: number[] = []
  const lab: number[] = []
  const openssl: number[] = []
  const { name: kind, create } = await loadKernel()
  kernelRate(create, SLICE) // once to warm up: it is compiled a second time while it runs
  for (let run = 0; run < RUNS; run++) {
    bytes.push(cryptoHash(header, 'buffer'))
    text.push(cryptoHash(header, 'hex'))
    runs.push(kernelRate(create, SLICE))
    openssl.push(opensslCompressions())
    scalar.push(kernelRate(createScalarKernel, SLICE / 10))
    if (hasPython) lab.push(labLoop())
  }
  const kernel = { unit: 'hashes/s', runs }
  const name = `the ${kind} kernel, one thread`
  report(figureOf({ ...kernel, name: `${name}, beside crypto.hash as bytes`, limitRuns: bytes, atLeast: 14 }))
  report(figureOf({ ...kernel, name: `${name}, beside crypto.hash as text`, limitRuns: text }))
  if (hasPython) report(figureOf({ ...kernel, name: `${name}, beside the lab's Python`, limitRuns: lab, atLeast: 10 }))
  else console.error('the lab’s loop is not measured: there is no python3 here')
  report(figureOf({ ...kernel, name: `${name}, beside OpenSSL's compressions`, limitRuns: openssl, atLeast: 0.5 }))
  report(figureOf({ ...kernel, name: `${name}, beside plain JavaScript`, limitRuns: scalar }))
}
