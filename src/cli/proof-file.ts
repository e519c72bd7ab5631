/** A proof as a file, and the network that one is held to. Fails with `Refusal`, `ProofError` `proof-malformed`. */
import { createReadStream, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ProofError } from '../consensus/proof-error.ts'
import type { NetworkParams } from '../consensus/params.ts'
import type { Proof } from '../http/api.ts'
import { paramsOfFile } from '../node/stored-network.ts'
import { Refusal } from './failure.ts'
import { askedNetwork } from './network-option.ts'

/** With the most headers that one may have it is a fifth of that. */
const MAX_BYTES = 1_048_576

/**
 * The document in a file; nothing of it is checked but that it is JSON.
 * @param file `-` is standard input
 */
export async function readProofFile(file: string): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  const source = file === '-' ? process.stdin : createReadStream(file)
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) { // neither has an encoding set
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > MAX_BYTES) throw new ProofError('proof-malformed', `${name(file)} has more than ${MAX_BYTES} bytes, which no proof has`)
    }
  } catch (error) {
    if (error instanceof ProofError) throw error
    throw new Refusal(`${name(file)} cannot be read (${(error as Error).message}): name the file that cairn proof --output wrote`)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    throw new ProofError('proof-malformed', `${name(file)} is not JSON: is it the file that cairn proof --output wrote?`)
  }
}

const name = (file: string): string => (file === '-' ? 'standard input' : file)

/** Writes a proof so that the file is there whole or not at all. */
export function writeProofFile(file: string, proof: Proof, force: boolean): void {
  if (!force && existsSync(file)) throw new Refusal(`${file} exists already; name another, or write over it with --force`)
  const temporary = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, `${JSON.stringify(proof, undefined, 2)}\n`, { flag: 'wx', flush: true })
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw new Refusal(`${file} cannot be written (${(error as Error).message}): name another place`)
  }
}

/** What `--network` names, else what the chain in the folder of `--data` is of; undefined where neither was given. */
export function expectedParams({ data, network }: { data?: string; network?: string }): NetworkParams | undefined {
  const asked = askedNetwork(network)
  return asked ?? (data === undefined ? undefined : paramsOfFile(join(resolve(data), 'chain.sqlite')))
}
