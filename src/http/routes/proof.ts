/** The proof that a transaction is in a block: for whoever shall believe it without asking this node, or any. */
import type { FastifyInstance } from 'fastify'
import { BRANCH_LENGTH } from '../../consensus/body-root.ts'
import { makeProof, MAX_PROOF_HEADERS, PROOF_FORMAT, type ProofHeader, type ProofTransaction } from '../../consensus/proof.ts'
import { MAX_BODY_TRANSACTIONS } from '../../consensus/types.ts'
import type { Proof } from '../api.ts'
import { HttpError } from '../http-error.ts'
import { parseHash } from '../input.ts'
import * as schema from '../schemas.ts'
import type { RouteContext } from './context.ts'

/** With the block's own, the six that people wait for by custom. */
const USUAL_HEADERS = 5

const proof = schema.answer<Proof>('what verifyProof and cairn proof --check take', {
  format: schema.text(PROOF_FORMAT),
  network: schema.text('the network’s name'),
  genesis: schema.hash,
  height: schema.height,
  hash: schema.hash,
  header: schema.answer<ProofHeader>('the header of the block', { ...schema.headerFields, ssz: schema.text('its 92 bytes, hex') }),
  transaction: schema.answer<ProofTransaction>('the transaction', { ...schema.transactionFields, ssz: schema.text('its bytes, hex') }),
  position: schema.whole(0, MAX_BODY_TRANSACTIONS - 1),
  branch: schema.listOf(schema.hash, `${BRANCH_LENGTH} hashes, from the transaction’s id up to the header’s bodyRoot`),
  confirmations: schema.height,
  headers: schema.listOf(schema.text('92 bytes, hex'), 'the headers after the block’s, in order'),
})

export function proofRoutes(app: FastifyInstance, { node }: RouteContext): void {
  app.get<{ Params: { id: string }; Querystring: { headers?: number } }>(
    '/api/v1/transactions/:id/proof',
    {
      config: { access: 'open' },
      schema: {
        summary: 'Proof that a transaction is in a block, to be checked without a node; headers: how many that follow it to add',
        params: schema.body<{ id: string }>({ id: schema.hash }),
        querystring: schema.body<{ headers?: number }>({
          headers: { ...schema.whole(0, MAX_PROOF_HEADERS, 'headers'), default: USUAL_HEADERS },
        }),
        response: { 200: proof, '4xx': schema.error },
      },
    },
    ({ params, query: { headers = USUAL_HEADERS } }): Proof => {
      const { chain, mempool, genesis, params: { name } } = node
      const id = parseHash(params.id)
      const found = chain.transaction(id)
      if (found === undefined) {
        if (mempool.get(id) === undefined) {
          throw new HttpError(404, 'transaction-not-found', `there is no transaction ${id}: neither in the best chain nor pending`)
        }
        throw new HttpError(409, 'transaction-pending', `transaction ${id} is in no block yet: wait until one is mined`)
      }
      const { blockHash, height, position } = found
      const record = chain.record(blockHash)
      const encodedBody = chain.encodedBody(blockHash)
      if (record === undefined || encodedBody === undefined) {
        throw new Error(`the block ${blockHash} of transaction ${id} is not in the chain’s store`)
      }
      return makeProof({
        network: name,
        genesis: genesis.hash,
        header: record.header,
        encodedBody,
        position,
        confirmations: chain.tip.height - height + 1,
        following: headers === 0 ? [] : chain.headersAfter([blockHash], headers),
      })
    },
  )
}
