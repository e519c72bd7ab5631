/** Simulates one seed after the other, and says of each that broke a promise how to have it again. */
import type { Simulated, SimulateOptions } from './simulate.ts'

export interface SeedsOptions {
  seeds: number
  /** The first. */
  from: number
  nodes: number
  minutes: number
  /** Whether to tell of those where all holds, too. */
  tell: boolean
}

/** @returns the seeds where something did not hold */
export async function runSeeds(
  { seeds, from, nodes, minutes, tell }: SeedsOptions,
  simulate: (options: SimulateOptions) => Promise<Simulated>,
  print: { line(text: string): void; wrong(text: string): void },
): Promise<number[]> {
  const broken: number[] = []
  for (let seed = from; seed < from + seeds; seed++) {
    const again = `again by npm run simulate -- --seeds 1 --from ${seed} --nodes ${nodes} --minutes ${minutes} --tell`
    try {
      const { wrong, story, hash } = await simulate({ seed, nodes, minutes })
      if (tell) print.line(`seed ${seed}: ${story}, log ${hash.slice(0, 16)}`)
      if (wrong.length === 0) continue
      print.wrong([`seed ${seed}: WRONG`, ...wrong.map((one) => `  ${one}`), `  ${again}`].join('\n'))
    } catch (error) {
      print.wrong(`seed ${seed}: FAILED, ${again}\n${error instanceof Error ? error.stack : String(error)}`)
    }
    broken.push(seed)
  }
  return broken
}
