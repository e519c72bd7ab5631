/**
 * `cairn proof TXID` asks the running node for the proof that a transaction is in a block; `cairn proof --check FILE`
 * checks one where no node is. What a proof shows and what it cannot: consensus/verify-proof.ts.
 */
import type { Command } from 'commander'
import type { Proof } from '../../http/api.ts'
import { parseWhole } from '../amounts.ts'
import { connect } from '../connection.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../failure.ts'
import { formatCountOf } from '../format.ts'
import { examples } from '../help.ts'
import { layPayment, layVerdict, verdictDocument } from '../proof-report.ts'
import { expectedParams, readProofFile, writeProofFile } from '../proof-file.ts'
import { quote } from '../text.ts'
import { transactionKey } from './tx.ts'

interface Options {
  headers?: string
  output?: string
  force?: boolean
  check?: string
  confirmations?: string
  block?: string
}

const DESCRIPTION = `
The proof is a JSON document: the transaction, the header of its block, the
hashes that lead from one to the other, and headers that follow. Whoever has it
can check it with nothing else: no node, no chain, no network. --check does, and
says what it shows and what not; status 0 proved, 1 not proved.

--network or --data names the network that it must be of. Without, the network
is the one that the document names.`

const MAX_HEADERS = 1_000

export function configure(command: Command, context: Context): void {
  command
    .argument('[TXID]', 'the transaction’s id, as send prints it')
    .option('--headers <N>', `how many headers after the block’s to add, each a confirmation (default: 5, at most ${MAX_HEADERS})`)
    .option('--output <FILE>', 'write the proof into a file')
    .option('--force', 'write over a file of that name')
    .option('--check <FILE>', 'check the proof in a file; - is standard input')
    .option('--confirmations <N>', 'with --check: how many confirmations it must show (default: 1)')
    .option('--block <HASH>', 'with --check: a block of the best chain that you know; it must be among the proof’s')
    .addHelpText('after', DESCRIPTION)
    .addHelpText('after', examples(
      'cairn proof TXID --output rent.json',
      'cairn proof --check rent.json --network class-101',
      'cairn proof --check - --confirmations 6 < rent.json',
    ))
    .action((id: string | undefined, options: Options) => {
      checkUsage(command, id, options)
      return id === undefined ? check(options.check ?? '-', options, context) : prove(id, options, context)
    })
}

/** A proof is made or checked: what belongs to the one says nothing to the other. */
function checkUsage(command: Command, id: string | undefined, options: Options): void {
  if ((id === undefined) === (options.check === undefined)) command.error('error: give either a TXID, or --check FILE')
  const others = id === undefined ? (['headers', 'output', 'force'] as const) : (['confirmations', 'block'] as const)
  const misplaced = others.find((name) => options[name] !== undefined)
  if (misplaced !== undefined) command.error(`error: --${misplaced} ${id === undefined ? 'does not go' : 'goes only'} with --check`)
}

async function prove(text: string, { headers: asked, output: file, force = false }: Options, context: Context): Promise<void> {
  const id = transactionKey(text)
  const headers = asked === undefined ? undefined : parseWhole('--headers', asked, 0, MAX_HEADERS)
  const { client, status } = await connect(context)
  const proof = await client.proof(id, { headers, signal: context.signal })
  const proven = await verify(proof, { genesis: status.genesis }) // nobody is to hand on what others will refuse
  const { output, options } = context
  if (file !== undefined) writeProofFile(file, proof, force)
  if (options.json) return output.json(proof)
  const { paint } = output
  output.fields(layPayment(proven, paint))
  output.line()
  const shown = `${formatCountOf(proof.headers.length, 'header')} after its block’s`
  if (file === undefined) {
    output.line(`The proof has ${shown}. ${paint('cyan', '--output FILE')} writes it down, ${paint('cyan', '--json')} prints it.`)
  } else {
    output.line(`${paint('green', '■')} wrote the proof, with ${shown}, into ${file}`)
    const network = options.network ?? (proven.network.parameters ? proof.network : undefined)
    const which = network === undefined ? '' : ` --network ${network}`
    output.line(`To check it anywhere:  ${paint('cyan', `cairn proof --check ${file}${which}`)}`)
  }
}

async function check(file: string, options: Options, { output, options: { json, data, network } }: Context): Promise<void> {
  const confirmations = options.confirmations === undefined ? 1 : parseWhole('--confirmations', options.confirmations, 1, MAX_HEADERS + 1)
  const block = options.block?.toLowerCase()
  if (block !== undefined && !/^[0-9a-f]{64}$/.test(block)) throw new Refusal(`--block: ${quote(block)} is not a hash of 64 hexadecimal digits`)
  const params = expectedParams({ data, network })
  const { ProofError } = await import('../../consensus/proof-error.ts')
  try {
    const proven = await verify(await readProofFile(file), { params, confirmations, block, now: Date.now() })
    if (json) return output.json({ proved: true, ...verdictDocument(proven) })
    for (const line of layVerdict(proven, { params, block }, output.paint)) output.line(line)
  } catch (error) {
    if (!(error instanceof ProofError)) throw error
    const message = error.message.slice(error.code.length + 2)
    if (json) output.json({ proved: false, code: error.code, message })
    throw new Refusal(`not proved: ${message} (${error.code})`)
  }
}

/** Loaded only when it is needed: it brings the rules with it. */
async function verify(
  proof: Proof | unknown,
  options: import('../../consensus/verify-proof.ts').VerifyProofOptions,
): Promise<import('../../consensus/verify-proof.ts').Proven> {
  const { verifyProof } = await import('../../consensus/verify-proof.ts')
  return verifyProof(proof, options)
}
