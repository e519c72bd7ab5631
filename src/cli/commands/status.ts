/** `cairn status`: where the running node stands. */
import type { Command } from 'commander'
import type { Status } from '../../http/api.ts'
import { connect } from '../connection.ts'
import type { Context } from '../context.ts'
import { formatAddress, formatCount, formatCountOf, formatDuration, formatHashRate, formatMetric } from '../format.ts'
import { examples } from '../help.ts'
import { paintHash } from '../output.ts'

export function configure(command: Command, context: Context): void {
  command.addHelpText('after', examples('cairn status', 'cairn status --data ./node-a --json')).action(async () => {
    const { status } = await connect(context)
    if (context.options.json) context.output.json(status)
    else print(status, context)
  })
}

function print(status: Status, { output }: Context): void {
  const { paint } = output
  const hash = (text: string): string => paintHash(text, paint)
  const key = status.networkKey === null ? '' : `  ${paint('green', 'private')}, key ${status.networkKey}`
  output.fields([
    ['network', `${paint('bold', status.network)}  genesis ${hash(status.genesis.slice(0, 8))}${key}`],
    ['node', `${paint('bold', status.name)}  ${status.peerId}`],
    ['height', paint('bold', formatCount(status.height))],
    ['tip', hash(status.tip)],
    ['difficulty', `${formatMetric(status.difficulty)} hashes a block`],
    ['peers', formatCount(status.peers)],
    ['pending', formatCountOf(status.mempool, 'transaction')],
    ['mining', mining(status.mining)],
    ['sync', sync(status.sync)],
    ['account', status.account],
    ...status.addresses.map((address, at): [string, string] => [at === 0 ? 'listening' : '', formatAddress(address)]),
  ])
}

function mining({ running, waiting, hashRate, threads }: Status['mining']): string {
  if (waiting) return 'waiting until this node has caught up'
  if (!running && hashRate === 0) return 'paused'
  return `${formatHashRate(hashRate)} on ${formatCountOf(threads, 'thread')}${running ? '' : ', on demand'}`
}

function sync({ state, height, target, blocksPerSecond, remainingMs }: Status['sync']): string {
  if (state === 'idle') return 'in step'
  const parts = [
    `fetching ${state}: ${formatCount(height)} of ${formatCount(target)}`,
    ...(blocksPerSecond === null ? [] : [`${formatMetric(blocksPerSecond)} blocks/s`]),
    ...(remainingMs === null ? [] : [`${formatDuration(remainingMs)} left`]),
  ]
  return parts.join(' · ')
}
