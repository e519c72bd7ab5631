/**
 * What attacks cost a node: memory in use beyond what was before, writes, and how soon whoever attacks is gone. Each is
 * made on a real node over TCP, by attackers in a process of their own (hostile-attacks.ts).
 */
import { type Benchmark, figureOf } from '../figure.ts'
import { runTask } from '../task.ts'

const PROTOCOLS = ['status', 'headers', 'bodies', 'mempool', 'gossip']
const FRAMES = 10_000
const HEADERS = 1_000_000
const MAX_GROWTH_MB = 50

const task = <T>(name: string, options: object): T => runTask(new URL('./hostile-tasks.ts', import.meta.url), name, options)

interface Cost {
  growthMb: number
  writes: number
  /** Peers that are banned at its end. */
  bans: number
  /** Whether the tip is what it was. */
  unmoved: boolean
}

export function hostileFigures(report: Parameters<Benchmark>[0]): void {
  const cost = (name: string, { growthMb, writes }: Pick<Cost, 'growthMb' | 'writes'>): void => {
    report(figureOf({ name: `${name}: memory`, unit: 'MB', runs: [growthMb], atMost: MAX_GROWTH_MB }))
    report(figureOf({ name: `${name}: writes`, unit: 'writes', runs: [writes], atMost: 0 }))
  }

  const { cutMs, ...rest } = task<Cost & { cutMs: number[] }>('attacked', { name: 'badWork', times: 5 })
  report(figureOf({ name: 'block of wrong work → its sender is cut', unit: 'ms', runs: cutMs, atMost: 1_000 }))
  cost('five blocks of wrong work', rest)

  for (const protocol of PROTOCOLS) {
    const attack = task<Cost & { came: number }>('attacked', { name: 'frames', protocol, count: FRAMES })
    cost(`10 000 hostile frames on ${protocol}`, attack)
    report(figureOf({ name: `of ${attack.came} peers that sent them, banned`, unit: 'peers', runs: [attack.bans], atLeast: 1 }))
  }
  cost('pings without end, their answers not taken', task<Cost>('attacked', { name: 'pings', ms: 5_000 }))

  cost('1 000 000 headers of wrong work', task<Cost>('forgedHeaders', { count: HEADERS, valid: false }))
  cost('1 000 000 headers of right work, less than ours', task<Cost>('forgedHeaders', { count: HEADERS, valid: true }))

  type Honest = { latenciesMs: number[]; refused: number }
  const { alone, beside } = task<{ alone: Honest; beside: Honest }>('flooded', { peers: 8, count: 200 })
  const [quiet, flooded] = [p99(alone.latenciesMs), p99(beside.latenciesMs)]
  report(figureOf({ name: 'a body for an honest peer while eight ask at 100 × quota, p99', unit: 'ms', runs: [flooded], limitRuns: [quiet], atMost: 2 }))
  report(figureOf({ name: 'of its 200 requests refused', unit: 'requests', runs: [beside.refused], atMost: 0 }))
}

function p99(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(0.99 * sorted.length) - 1] ?? Number.NaN
}
