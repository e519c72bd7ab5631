/**
 * `cairn network new NAME|FILE`: a file with the parameters of a network of one's own.
 *
 * In order: every value is checked → the file is written whole, where none is yet → what the network is, and how others
 * join it, is said. Whoever has the same file has the same genesis; one number changed makes another network.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { Command } from 'commander'
import { genesisOf } from '../../consensus/genesis.ts'
import { toHex } from '../../consensus/hex.ts'
import { type NetworkParams, networkParams, type NetworkParamsJson, parseParams } from '../../consensus/params.ts'
import { targetOf, toCompact, workOf } from '../../consensus/target.ts'
import { paramsJson } from '../../node/chain-file.ts'
import { checkAddress } from '../account-option.ts'
import { parseAmount, parseWhole } from '../amounts.ts'
import { isNetworkFile } from '../connection.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../failure.ts'
import { formatCount, formatCountOf, formatDuration, formatMetric } from '../format.ts'
import { examples } from '../help.ts'
import { paintHash } from '../output.ts'
import { quote } from '../text.ts'

interface Options {
  blockTime?: string
  difficulty?: string
  halfLife?: string
  blockBytes?: string
  subsidy?: string
  halving?: string
  allocate?: string[]
}

/** The easiest target that compact bits can say: two hashes a block. */
const EASIEST_BITS = 0x207f_ffff
const LEAST_DIFFICULTY = 2
/** What a day has, the longest time between blocks that parameters allow. */
const MAX_BLOCK_TIME_S = 86_400

export function configure(command: Command, context: Context): void {
  command
    .command('new')
    .description('write the parameters of a network of your own into a file, for --network on every machine')
    .argument('<NAME|FILE>', 'what it is called, and its file: club writes club.json here')
    .option('--block-time <S>', 'seconds between blocks that difficulty aims at (default: 10)')
    .option('--difficulty <HASHES>', 'expected hashes of the first blocks (default: about 1 million)')
    .option('--half-life <BLOCKS>', 'blocks of double time after which it has halved; 0: it never changes (default: 12)')
    .option('--block-bytes <N>', 'largest block, bytes (default: 1048576)')
    .option('--subsidy <N>', 'units that a block issues to its miner (default: 50)')
    .option('--halving <BLOCKS>', 'blocks after which the subsidy halves (default: 210000)')
    .option('--allocate <ACCOUNT=AMOUNT...>', 'units that accounts have from the beginning')
    .addHelpText('after', '\nEverything else has its default in the file, which may be edited before a start.')
    .addHelpText('after', examples(
      'cairn network new club --block-time 30 --subsidy 100',
      'cairn network new ./club.json --difficulty 100000 --allocate cairn1…=500',
    ))
    .action((which: string, options: Options) => make(which, options, context))
}

async function make(which: string, options: Options, { options: { json }, output }: Context): Promise<void> {
  const file = isNetworkFile(which) ? which : `${which}.json`
  const params = parseParams({ name: basename(file).replace(/\.json$/i, ''), ...(await given(options)) })
  const path = resolve(file)
  write(path, params)
  const genesis = genesisOf(params)
  // A file's name with a slash or .json is taken for a file; any other would be taken for a network's name.
  const start = `cairn start --network ${isNetworkFile(file) ? file : `./${file}`}`
  if (json) return output.json({ path, genesis: toHex(genesis.hash), id: genesis.id, parameters: paramsJson(params) })
  const { paint } = output
  const [first, least] = [params.initialBits, params.limitBits].map(difficultyOf)
  const allocated = params.allocations.reduce((sum, { amount }) => sum + amount, 0)
  output.fields([
    ['network', `${paint('bold', params.name)}  genesis ${paintHash(genesis.id, paint)}`],
    ['file', path],
    ['block time', formatDuration(params.targetBlockTimeMs)],
    ['difficulty', `${formatMetric(first ?? 0)} hashes at first, ${params.halfLifeBlocks === 0 ? 'and always' : `${formatMetric(least ?? 0)} at least`}`],
    ['subsidy', `${formatCountOf(params.subsidy, 'unit')} a block, halved every ${formatCount(params.halvingInterval)}`],
    ['allocated', allocated === 0 ? undefined : `${formatCountOf(allocated, 'unit')} to ${formatCountOf(params.allocations.length, 'account')}`],
  ])
  output.line()
  if (genesisOf(networkParams(params.name)).id === genesis.id) {
    output.line('These are the numbers that the name alone gives, so nobody needs the file:')
    output.line(`  ${paint('cyan', `cairn start --network ${params.name}`)}`)
  } else {
    output.line('Copy the file to each machine that belongs, and start every node with it:')
    output.line(`  ${paint('cyan', start)}`)
    output.line(`Each banner then shows genesis ${genesis.id}. One number changed is another network.`)
  }
}

/** The options as they stand in a file; the others get their defaults. @throws Refusal */
async function given({ blockTime, difficulty, halfLife, blockBytes, subsidy, halving, allocate }: Options): Promise<NetworkParamsJson> {
  const number = (option: string, text: string | undefined, most?: number): number | undefined =>
    text === undefined ? undefined : parseWhole(option, text, 0, most)
  const numbers = {
    targetBlockTimeMs: blockTime === undefined ? undefined : parseBlockTime(blockTime),
    ...(difficulty === undefined ? {} : bitsOf(parseWhole('--difficulty', difficulty, LEAST_DIFFICULTY))),
    halfLifeBlocks: number('--half-life', halfLife),
    maxBlockBytes: number('--block-bytes', blockBytes),
    subsidy: number('--subsidy', subsidy),
    halvingInterval: number('--halving', halving),
  }
  const said = Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined))
  if (allocate === undefined) return said
  return { ...said, allocations: await Promise.all(allocate.map(parseAllocation)) }
}

/** Seconds as people write them, to ms. */
function parseBlockTime(text: string): number {
  const ms = /^\d+(\.\d{1,3})?$/.test(text) ? Math.round(Number(text) * 1_000) : 0
  if (ms >= 1 && ms <= MAX_BLOCK_TIME_S * 1_000) return ms
  throw new Refusal(`--block-time: ${quote(text)} will not do; give seconds from 0.001 to ${MAX_BLOCK_TIME_S}`)
}

/** The compact targets of a difficulty; where it is below the least there is by default, that gives way. */
function bitsOf(hashes: number): Pick<NetworkParamsJson, 'initialBits' | 'limitBits'> {
  const target = (1n << 256n) / BigInt(hashes)
  const easiest = targetOf(EASIEST_BITS) ?? 0n
  const initialBits = target >= easiest ? EASIEST_BITS : toCompact(target)
  const { limitBits } = networkParams('default')
  return difficultyOf(limitBits) > hashes ? { initialBits, limitBits: initialBits } : { initialBits }
}

const difficultyOf = (bits: number): number => Number(workOf(targetOf(bits) ?? 0n))

async function parseAllocation(text: string): Promise<{ account: string; amount: number }> {
  const [account = '', amount, ...rest] = text.split('=')
  if (amount === undefined || rest.length > 0) throw new Refusal(`--allocate: ${quote(text)} is not ACCOUNT=AMOUNT; cairn1…=500 is`)
  return { account: await checkAddress(account), amount: parseAmount(`--allocate ${account.slice(0, 12)}…`, amount) }
}

function write(path: string, params: NetworkParams): void {
  const taken = new Refusal(`${path} exists already, and is not overwritten: name another file`)
  if (existsSync(path)) throw taken
  try {
    writeFileSync(path, `${JSON.stringify(paramsJson(params), undefined, 2)}\n`, { flag: 'wx', flush: true })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException // writing a file fails with nothing else
    throw code === 'EEXIST' ? taken : new Refusal(`${path} cannot be written (${message}): name another file`)
  }
}
