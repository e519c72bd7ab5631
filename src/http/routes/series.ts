/**
 * The chain over time, for charts. However long the chain is, an answer has no more groups than were asked for; what it is
 * made of is read once (block-columns.ts), so the first of a long chain takes a while and the others milliseconds.
 *
 * Every answer is of one chain: where the best chain changes while blocks are read, what changed is read again.
 */
import type { FastifyInstance } from 'fastify'
import type { Chain } from '../../chain/chain.ts'
import type { Series, Spread, Summary } from '../api.ts'
import * as schema from '../schemas.ts'
import type { BlockColumns } from '../series/block-columns.ts'
import { type BlockFacts, groupsOf, groupStart, stepFor } from '../series/groups.ts'
import type { RouteContext } from './context.ts'

/** Most groups of an answer: more than a screen has room for points. */
const MAX_POINTS = 2_000

export interface SeriesContext extends Pick<RouteContext, 'node' | 'stopping'> {
  columns: BlockFacts & Pick<BlockColumns, 'read' | 'have'>
}

interface Query {
  since: number
  until?: number
  points: number
}

const spread = <Value>(of: schema.JsonSchema) =>
  schema.answer<Spread<Value>>('how it is spread over the blocks of each group', {
    least: schema.listOf(of),
    median: schema.listOf(of),
    most: schema.listOf(of),
    mean: schema.listOf(of),
  })
const milliseconds = schema.nullable(schema.shown(schema.number('milliseconds'), 9_800))
const size = schema.number('a number')
const sizeOrNull = schema.nullable(size)

const summary = schema.answer<Summary>('how it is spread over all of them', {
  least: sizeOrNull, median: sizeOrNull, most: sizeOrNull, mean: sizeOrNull,
})

const series = schema.answer<Series>('blocks in groups of neighbours, oldest first', {
  step: { ...schema.whole(1, 2 ** 32), description: 'a whole number: blocks of a group, but of the last' },
  tip: schema.hash,
  blocks: schema.listOf(schema.whole(1, 0xffff_ffff, 'blocks'), 'how many blocks each group has'),
  heights: schema.listOf(schema.height, 'heights of the last blocks'),
  timestamps: schema.listOf(schema.time, 'times of the last blocks'),
  difficulties: schema.listOf(schema.shown(schema.number('expected hashes a block'), 1_048_576)),
  tookMs: schema.listOf(schema.number('milliseconds'), 'the intervals together'),
  work: schema.listOf(schema.shown(schema.number('expected hashes'), 1_048_576), 'of the blocks whose intervals those are'),
  intervalMs: spread<number | null>(milliseconds),
  transactions: spread<number>(size),
  fees: spread<number>(size),
  arrivalMs: spread<number | null>(milliseconds),
  overall: schema.answer<Series['overall']>('all blocks of the answer together', {
    intervalMs: summary, transactions: summary, fees: summary, arrivalMs: summary,
  }),
})

export function seriesRoutes(app: FastifyInstance, { node: { chain }, columns, stopping }: SeriesContext): void {
  app.get<{ Querystring: Query }>(
    '/api/v1/series',
    {
      config: { access: 'open', revalidate: true },
      schema: {
        summary: 'The chain over time, for charts: intervals, difficulty, transactions, fees and arrival, in groups of blocks',
        querystring: schema.body<Query>({
          since: { ...schema.time, default: 0 },
          until: schema.time,
          points: { ...schema.whole(2, MAX_POINTS, 'groups'), default: 500 },
        }),
        response: { 200: series, '4xx': schema.error },
      },
    },
    async ({ query: { since, until = Infinity, points } }): Promise<Series> => {
      for (;;) {
        stopping.throwIfAborted()
        const first = Math.max(1, firstAfter(chain, since - 1))
        const last = firstAfter(chain, until) - 1
        const step = stepFor(Math.max(0, last - first + 1), points)
        // The first interval begins with the block before.
        const from = groupStart(first, step) - 1
        await columns.read(from, last)
        if (last < first) return { ...groupsOf(columns, 1, 0, 1), tip: chain.tip.hash }
        if (columns.have(from, last) && last <= chain.tip.height) return { ...groupsOf(columns, first, last, step), tip: chain.tip.hash }
      }
    },
  )
}

/** The height of the first block of the best chain after a time; of the one to come, where there is none. */
function firstAfter(chain: Pick<Chain, 'tip' | 'hashAt' | 'ancestors'>, time: number): number {
  let [low, high] = [0, chain.tip.height + 1]
  while (low < high) {
    const middle = (low + high) >> 1
    // Times rise from block to block: a rule.
    const { timestamp } = chain.ancestors(chain.hashAt(middle) ?? '') ?? { timestamp: Infinity }
    if (timestamp > time) high = middle
    else low = middle + 1
  }
  return low
}
