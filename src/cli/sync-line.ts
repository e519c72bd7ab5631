/** The progress line of a node that catches up: below its log, and gone when it has. */
import type { Node } from '../node/node.ts'
import { formatCount, formatDuration, formatMetric } from './format.ts'
import type { ProgressLine } from './progress.ts'
import { bar } from './work-progress.ts'

type Progress = Node['network']['sync']

/** Shows how far the node is, once its pace is known: what is done before that needs no bar. */
export function showSync(network: Pick<Node['network'], 'events'>, line: ProgressLine): void {
  network.events.on('sync:progress', (progress) => {
    if (progress.state === 'idle') line.clear()
    else if (progress.blocksPerSecond !== null) line.show(describeSync(progress))
  })
}

/** One line: `catching up ███▌      35 % · block 350 of 1 000 · 412 blocks/s · 1.6 s left`. */
export function describeSync({ height, target, blocksPerSecond, remainingMs }: Progress): string {
  const done = Math.min(1, height / Math.max(1, target))
  const parts = [
    `catching up ${bar(done)} ${String(Math.floor(done * 100)).padStart(3)} %`,
    `block ${formatCount(height)} of ${formatCount(target)}`,
    ...(blocksPerSecond === null ? [] : [`${formatMetric(blocksPerSecond)} blocks/s`]),
    ...(remainingMs === null ? [] : [`${formatDuration(remainingMs)} left`]),
  ]
  return parts.join(' · ')
}
