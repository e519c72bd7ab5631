/** What a lesson's command line takes: `--seed N`, for another run of the same lesson. */
import { parseArgs } from 'node:util'

/**
 * The seed that was given, or the lesson's own. Anything else on the command line ends the program with one line and exit
 * status 2.
 */
export function seedOr(ownSeed: number): number {
  try {
    const { seed = String(ownSeed) } = parseArgs({ options: { seed: { type: 'string' } } }).values
    if (/^\d{1,9}$/.test(seed)) return Number(seed)
    console.error(`--seed: must be a whole number from 0 to 999999999, is “${seed}”`)
  } catch {
    console.error('this takes --seed N and nothing else: N is a whole number, another run for each')
  }
  process.exit(2)
}
