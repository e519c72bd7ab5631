/** The words of mining; see strings.ts. */
import { count } from '../../format.ts'
import type { miningText as english } from '../english/mining.ts'

export const miningText: typeof english = {
  mining: {
    heading: 'Mining',
    one: 'Einen Block schürfen',
    cancel: 'Aufhören',
    found: (height: number): string => `Block ${count(height)} geschürft.`,
    cancelled: 'Aufgehört, bevor ein Block gefunden war.',
    continuous: 'Fortlaufend schürfen',
    threads: 'Threads',
    cpu: 'CPU-Anteil',
    percent: (share: number): string => `${share}\u00a0%`,
    progress: (rate: string, expected: string): string => `${rate}, etwa alle ${expected} ein Block`,
    starting: 'beginnt\u00a0…',
  },
}
