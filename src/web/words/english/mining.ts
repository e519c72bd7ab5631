/** The words of mining; see strings.ts. */
import { count } from '../../format.ts'

export const miningText = {
  mining: {
    heading: 'Mining',
    one: 'Mine a block',
    cancel: 'Stop mining',
    found: (height: number): string => `Mined block ${count(height)}.`,
    cancelled: 'Stopped before a block was found.',
    continuous: 'Mine continuously',
    threads: 'Threads',
    cpu: 'CPU share',
    percent: (share: number): string => `${share} %`,
    progress: (rate: string, expected: string): string => `${rate}, a block about every ${expected}`,
    starting: 'starting…',
  },
}
