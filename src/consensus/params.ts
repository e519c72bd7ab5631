/**
 * Everything a network's members must agree on before they start, with the reason for each default.
 *
 * A network is its parameters: their root is in the genesis block and the genesis hash is the network's identity, so
 * two networks that differ in one number never mix. A plain name gives the defaults below under that name; a JSON file
 * with any of these fields gives another network.
 *
 * @example
 *   networkParams('class-101')                                        // defaults, a chain of its own
 *   parseParams({ name: 'club', subsidy: 100, allocations: [{ account: 'cairn1…', amount: 500 }] })
 */
import { fromAddress } from './account.ts'
import { ParamsError } from './errors.ts'
import { targetOf } from './target.ts'
import { EMPTY_BLOCK_BYTES, MAX_ALLOCATIONS, MAX_TRANSACTION_BYTES, MAX_U64 } from './types.ts'

export interface NetworkParams {
  /** 1 to 32 of A–Z a–z 0–9 . _ -, starting with a letter or digit: it is also the name of a folder. */
  name: string
  /** Mean time between blocks that difficulty aims at, ms. */
  targetBlockTimeMs: number
  /** Compact target of blocks 0 to 2. */
  initialBits: number
  /** Compact form of the easiest target allowed. */
  limitBits: number
  /** Blocks of double time after which difficulty has halved; 0 = it never changes. */
  halfLifeBlocks: number
  /** How far a block's timestamp may be ahead of a node's clock, ms. */
  maxFutureMs: number
  /** Largest encoded block, bytes. */
  maxBlockBytes: number
  /** Units issued to the miner of each block until the first halving. */
  subsidy: number
  /** Blocks after which the subsidy halves. */
  halvingInterval: number
  /** Timestamp of block 0, ms since the Unix epoch. */
  genesisTimestamp: number
  /** What genesis credits, in order; accounts are 32-byte keys. */
  allocations: { account: Uint8Array; amount: number }[]
}

const DEFAULTS: Omit<NetworkParams, 'name'> = {
  // Ten seconds: long beside the tenth of a second a block takes to cross a LAN, so forks are rare (about 1 in 100),
  // and short beside a class's patience.
  targetBlockTimeMs: 10_000,
  // 2^20 expected hashes: about a tenth of a second on one thread, so a first block comes at once on any machine.
  initialBits: 0x1e10_0000,
  // 2^16 expected hashes: what one slow machine finds in a blink. Easier blocks would only cost storage.
  limitBits: 0x1f01_0000,
  // Twelve: when twenty-nine of thirty machines leave, blocks are back within a fifth of their time after 30; when they
  // come, or after a week's sleep, after 120. Twenty takes 50 and 140. Chance alone moves the difficulty by 18 %, not 14.
  halfLifeBlocks: 12,
  // A minute: clocks on a LAN without internet drift by seconds, and a miner gains little by lying that much.
  maxFutureMs: 60_000,
  // 1 MiB: about 6 000 plain transactions, and a tenth of a second on a 100 Mbit/s link.
  maxBlockBytes: 1_048_576,
  // Fifty units, halved every 210 000 blocks (24 days of ten seconds): Bitcoin's numbers, so that textbooks apply.
  subsidy: 50,
  halvingInterval: 210_000,
  // 2025-01-01T00:00:00Z: a fixed time before any node of any named network ran.
  genesisTimestamp: 1_735_689_600_000,
  allocations: [],
}

/** The network that `cairn start` joins when it is told none. */
export const DEFAULT_NETWORK = 'lan'

/** Networks that are more than a name. */
const BUILT_IN: Record<string, Partial<NetworkParams>> = {
  // For tests and swarms: two hashes a block, for ever, mined on demand.
  local: { initialBits: 0x207f_ffff, limitBits: 0x207f_ffff, halfLifeBlocks: 0 },
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/

export const isNetworkName = (text: string): boolean => NAME.test(text)

/**
 * The parameters of a plain name: the defaults under that name (or what is built in for it).
 * @throws ParamsError for a name that is none
 */
export const networkParams = (name: string): NetworkParams => parseParams({ name })

/** Parameters as people write them in a JSON file: `name` and whatever differs from the defaults; accounts as text. */
export type NetworkParamsJson = Partial<Omit<NetworkParams, 'allocations'>> & {
  allocations?: { account: string; amount: number }[]
}

/**
 * Checks parameters from a file and fills in the defaults.
 * @throws ParamsError naming the field and what it must be
 */
export function parseParams(json: unknown): NetworkParams {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new ParamsError('network parameters are a JSON object')
  }
  const given = json as Record<string, unknown> // an object, and what is in it is looked at field by field
  const { name } = given
  if (typeof name !== 'string' || !isNetworkName(name)) {
    throw new ParamsError(`name: must be 1 to 32 letters, digits, dots, dashes or underscores, starting with a letter or digit`)
  }
  const known = new Set(['name', ...Object.keys(DEFAULTS)])
  for (const field of Object.keys(given)) {
    if (!known.has(field)) throw new ParamsError(`${field}: no such parameter; there are ${[...known].join(', ')}`)
  }
  const { allocations, ...fields } = { name, ...DEFAULTS, ...BUILT_IN[name], ...given }
  const params = { ...fields, allocations: parseAllocations(allocations) }
  checkParams(params) // whatever the file put in the place of a number is refused here
  return params
}

function parseAllocations(value: unknown): NetworkParams['allocations'] {
  if (!Array.isArray(value)) throw new ParamsError('allocations: must be a list of { account, amount }')
  if (value.length > MAX_ALLOCATIONS) throw new ParamsError(`allocations: at most ${MAX_ALLOCATIONS}`)
  return value.map((entry: { account?: unknown; amount?: unknown } | null, at) => {
    if (typeof entry?.account !== 'string') throw new ParamsError(`allocations[${at}].account: must be an account, cairn1…`)
    try {
      return { account: fromAddress(entry.account), amount: entry.amount as number } // checked with the other numbers
    } catch (error) {
      throw new ParamsError(`allocations[${at}].account: ${(error as Error).message}`) // it throws nothing else
    }
  })
}

function checkParams(params: NetworkParams): void {
  const whole = (field: string, value: unknown, least: number, most: number): void => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) {
      throw new ParamsError(`${field}: must be a whole number from ${least} to ${most}`)
    }
  }
  whole('targetBlockTimeMs', params.targetBlockTimeMs, 1, 86_400_000)
  whole('initialBits', params.initialBits, 1, 0xffff_ffff)
  whole('limitBits', params.limitBits, 1, 0xffff_ffff)
  whole('halfLifeBlocks', params.halfLifeBlocks, 0, 1_000_000)
  whole('maxFutureMs', params.maxFutureMs, 0, 86_400_000)
  // At least one transaction fits; at most 10 MiB, which the shortest transactions fill before the list of them is full.
  whole('maxBlockBytes', params.maxBlockBytes, EMPTY_BLOCK_BYTES + 4 + MAX_TRANSACTION_BYTES, 10 * 1_048_576)
  whole('subsidy', params.subsidy, 0, MAX_U64)
  whole('halvingInterval', params.halvingInterval, 1, 0xffff_ffff)
  whole('genesisTimestamp', params.genesisTimestamp, 0, MAX_U64)
  params.allocations.forEach(({ amount }, at) => whole(`allocations[${at}].amount`, amount, 1, MAX_U64))

  const limit = targetOf(params.limitBits)
  const initial = targetOf(params.initialBits)
  if (limit === undefined) throw new ParamsError('limitBits: not a canonical compact target')
  if (initial === undefined) throw new ParamsError('initialBits: not a canonical compact target')
  if (initial > limit) throw new ParamsError('initialBits: easier than limitBits')

  // Halving for ever issues less than twice the first interval, so no balance of this network can ever overflow.
  const issued = BigInt(params.subsidy) * BigInt(params.halvingInterval) * 2n
  const allocated = params.allocations.reduce((sum, { amount }) => sum + BigInt(amount), 0n)
  if (issued + allocated > BigInt(MAX_U64)) {
    throw new ParamsError('subsidy, halvingInterval, allocations: together they would issue more than 2^53 − 1 units')
  }
}

/** Units issued to the miner of the block at a height; genesis issues none beyond its allocations. */
export function subsidyAt(height: number, params: Pick<NetworkParams, 'subsidy' | 'halvingInterval'>): number {
  return height === 0 ? 0 : Math.floor(params.subsidy / 2 ** Math.floor(height / params.halvingInterval))
}
