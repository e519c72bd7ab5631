/**
 * What the hash kernel is held against, each measured alone for about `DURATION_MS` on one thread:
 *
 *   crypto.hash    what a miner in JavaScript without a kernel would call: one hash of the 92 bytes at a time. As bytes,
 *                  which is what one compares with a target; and as text, which Node makes two to three times as fast
 *   the lab        the proof of work of the student lab that this project grew out of, in Python
 *   OpenSSL        the compression function alone, over large blocks, with the processor's SHA instructions if it has any:
 *                  a hash of a header is one compression, as its first block is hashed already
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { hash } from 'node:crypto'

export const DURATION_MS = 500

/**
 * Work a second, of something that is repeated until the time is over. Small parts, so that the clock is looked at often.
 * @param work does one part and says how much that was
 */
export function rate(work: () => number): number {
  const began = performance.now()
  let done = 0
  let took = 0
  do {
    done += work()
    took = performance.now() - began
  } while (took < DURATION_MS)
  return (1_000 * done) / took
}

/** Hashes a second of `crypto.hash`, the nonce set before each. */
export function cryptoHash(header: Uint8Array, encoding: 'buffer' | 'hex'): number {
  const bytes = header.slice()
  const view = new DataView(bytes.buffer)
  let nonce = 0
  return rate(() => {
    for (let i = 0; i < 1_000; i++) {
      view.setUint32(84, nonce++, true)
      hash('sha256', bytes, encoding)
    }
    return 1_000
  })
}

/** The lab's loop as it stands there, over one proof after the other, and a clock around it. */
const LAB = `
import hashlib, sys, time

class Blockchain:
    def proof_of_work(self, last_proof):
        proof = 0
        while self.valid_proof(last_proof, proof) is False:
            proof += 1
        return proof

    @staticmethod
    def valid_proof(last_proof, proof):
        guess = f'{last_proof}{proof}'.encode()
        guess_hash = hashlib.sha256(guess).hexdigest()
        return guess_hash[:4] == "0000"

blockchain, last_proof, tried = Blockchain(), 100, 0
began = time.perf_counter()
while time.perf_counter() - began < float(sys.argv[1]):
    last_proof = blockchain.proof_of_work(last_proof)
    tried += last_proof + 1
print(tried / (time.perf_counter() - began))
`

export const hasPython = spawnSync('python3', ['--version']).status === 0

/** Hashes a second of the lab's Python. */
export const labLoop = (): number =>
  Number(execFileSync('python3', ['-c', LAB, String(DURATION_MS / 1_000)], { encoding: 'utf8' }))

const COMPRESSION_BYTES = 64
const BLOCK_BYTES = 16_384

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

/** Compressions a second of OpenSSL: of its own benchmark, or where it is not installed, of the one inside Node. */
export function opensslCompressions(): number {
  if (hasOpenssl) {
    // Whole seconds only. The line of numbers: +F:22:sha256:1500000000.00, the last in bytes a second.
    const args = ['speed', '-mr', '-evp', 'sha256', '-bytes', String(BLOCK_BYTES), '-seconds', '1']
    const answer = execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    const bytesPerSecond = /^\+F:.*:([\d.]+)$/m.exec(answer)?.[1]
    if (bytesPerSecond === undefined) throw new Error(`openssl speed answered something else: ${answer}`)
    return Number(bytesPerSecond) / COMPRESSION_BYTES
  }
  const block = new Uint8Array(BLOCK_BYTES)
  return rate(() => {
    hash('sha256', block)
    return BLOCK_BYTES / COMPRESSION_BYTES
  })
}
