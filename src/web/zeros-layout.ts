/**
 * How small a hash is, drawn: from left to right, by how many zeros it begins with, the target among them; and above each
 * number of zeros, how many of the hashes that were tried have so many. A bit more is half as likely, so with heights that
 * grow with the logarithm the bars go down like stairs, towards the target.
 *
 *     ▉
 *     ▉ ▉ ▉                 ┆ small enough
 *     ▉ ▉ ▉ ▉ ▉       ▲     ┆
 *    ─┴───────┴───────┴─────┴─┴──────     ▲ the hash of now
 *     0       1       2       3           zeros as one reads them, four bits each
 */
export interface ZerosLayout {
  bars: { x: number; width: number; height: number; zeroBits: number; count: number }[]
  /** Where hashes are small enough from here on. */
  targetX: number
  /** Where the hash of now is; undefined where there is none. */
  hashX: number | undefined
  /** Zeros as one reads them. */
  ticks: { x: number; zeros: number }[]
}

const BITS_A_DIGIT = 4
/** Drawn at least, and beyond the furthest mark. */
const LEAST_BITS = 12
const BEYOND_BITS = 3
const ALL_BITS = 256

/**
 * How many zero bits a number of 64 hex digits begins with, with the fraction that its first digits say: 1 for 7fff…, 0.01
 * for fe00….
 */
export function zeroBits(hex: string): number {
  const zeros = /^0*/.exec(hex)?.[0].length ?? 0
  const digits = hex.slice(zeros, zeros + 8)
  if (digits === '') return ALL_BITS
  return BITS_A_DIGIT * zeros + BITS_A_DIGIT * digits.length - Math.log2(Number.parseInt(digits, 16) + 1)
}

/**
 * @param target 64 hex digits
 * @param hash 64 hex digits, where there is one
 * @param tried how many hashes began with so many zero bits
 */
export function layoutZeros(
  target: string, hash: string | undefined, tried: readonly number[], size: { width: number; height: number },
): ZerosLayout {
  const hashBits = hash === undefined ? undefined : zeroBits(hash)
  const furthest = Math.max(zeroBits(target), hashBits ?? 0, tried.length)
  const bits = Math.min(ALL_BITS, Math.max(LEAST_BITS, Math.ceil((furthest + BEYOND_BITS) / BITS_A_DIGIT) * BITS_A_DIGIT))
  const step = size.width / bits
  const most = tried.reduce((most, count) => Math.max(most, count), 1)
  return {
    bars: tried.flatMap((count, at) => count === 0 ? [] : [{
      x: at * step, width: step, height: size.height * (Math.log2(1 + count) / Math.log2(1 + most)), zeroBits: at, count,
    }]),
    targetX: zeroBits(target) * step,
    hashX: hashBits === undefined ? undefined : hashBits * step,
    ticks: Array.from({ length: bits / BITS_A_DIGIT + 1 }, (_, zeros) => ({ x: zeros * BITS_A_DIGIT * step, zeros })),
  }
}
