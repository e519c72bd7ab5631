/** What `GET /api/v1/events` sends, by the name of the event. */
import type { ApiEvents } from '../api.ts'
import * as schema from '../schemas.ts'

const { properties: mining = {} } = schema.miningStatus

export const eventSchemas: Readonly<Record<keyof ApiEvents, schema.JsonSchema>> = {
  'block:connected': { ...schema.blockSummary, description: 'a block joined the best chain' },
  'block:disconnected': schema.answer<ApiEvents['block:disconnected']>('a block left the best chain', {
    hash: schema.hash,
    height: schema.height,
  }),
  'chain:reorg': schema.answer<ApiEvents['chain:reorg']>('the best chain is another branch; its blocks were told one by one before', {
    ancestor: { ...schema.height, description: 'height of the last block that both have' },
    disconnected: schema.listOf(schema.hash, 'blocks that left, in the order in which they did'),
    connected: schema.listOf(schema.hash, 'blocks that came, in the order in which they did'),
  }),
  'transaction:added': { ...schema.transaction, description: 'a transaction became pending' },
  'transaction:removed': schema.answer<ApiEvents['transaction:removed']>(
    'a transaction is pending no more; told within a quarter of a second after a block that holds it',
    { id: schema.hash, reason: schema.text('mined, or why it was dropped', 'mined') },
  ),
  'peer:connected': { ...schema.peer, description: 'a peer of this network connected' },
  'peer:disconnected': schema.answer<ApiEvents['peer:disconnected']>('a peer went', {
    peerId: schema.text('its libp2p peer id', schema.PEER_ID),
    name: schema.nullable(schema.text('what it called itself', 'flint-otter')),
  }),
  'mining:progress': schema.answer<ApiEvents['mining:progress']>('how mining goes: a measurement, which is never repeated', {
    ...(mining as Record<Exclude<keyof ApiEvents['mining:progress'], 'expectedMs'>, schema.JsonSchema>), // those of MiningStatus
    expectedMs: schema.nullable(schema.number('expected time to the next block at this hash rate, milliseconds')),
  }),
  reset: { type: 'object', description: 'what was missed cannot be sent any more: read again what you show', properties: {} },
}
