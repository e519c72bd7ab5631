/** A transaction: where it stands, its fields with their meanings, and its way into the block as a Merkle path. */
import type { TransactionDetail } from '../../http/api.ts'
import { count, exactTime, span } from '../format.ts'
import { nameOf, usePage } from '../page.ts'
import { blockLink } from '../route.ts'
import { text } from '../strings.ts'
import { useAnswer } from '../use-answer.ts'
import { Ago } from './Ago.tsx'
import { Fact } from './Fact.tsx'
import { Json } from './Json.tsx'
import { MerkleProof } from './MerkleProof.tsx'
import { Unanswered, View } from './View.tsx'
import { Who } from './Who.tsx'

const words = text.transaction

export function TransactionView({ id }: { id: string }) {
  const { state } = usePage()
  // It moves with the chain: into a block, and perhaps out of it again.
  const key = `${id} ${state.tip.value?.hash} ${state.pending.value.has(id)}`
  const { value: transaction, failure } = useAnswer(key, (client, signal) => client.transaction(id, { signal }))
  if (transaction === undefined) return <Unanswered heading={text.views.transaction} failure={failure} />

  const { sender, recipient, amount, fee, nonce, memo, signature, block, confirmations } = transaction
  const fields = words.fields
  return (
    <View heading={words.heading(nameOf(state, sender), nameOf(state, recipient), amount)} says={standing(transaction)}>
      <dl class="fields">
        <Fact is={fields.id}><code class="whole">{transaction.id}</code></Fact>
        <Fact is={fields.from}><Who account={sender} whole /></Fact>
        <Fact is={fields.to}><Who account={recipient} whole /></Fact>
        <Fact is={fields.amount}>{count(amount)}</Fact>
        <Fact is={fields.fee}>{count(fee)}</Fact>
        <Fact is={fields.nonce}>{count(nonce)}</Fact>
        <Fact is={fields.memo}>{memo ? <q>{memo}</q> : <span class="quiet">{words.noMemo}</span>}</Fact>
        {block !== null && (
          <>
            <Fact is={fields.block}>
              <a href={blockLink(block.hash)}>{text.block.heading(block.height)}</a>, {words.place(block.position)};{' '}
              {exactTime(block.timestamp)}, <Ago at={block.timestamp} says={text.ago} />
            </Fact>
            <Fact is={fields.confirmations}>{count(confirmations)}</Fact>
          </>
        )}
        <Fact is={fields.signature}><code class="whole">{signature}</code></Fact>
      </dl>
      {block !== null && <MerkleProof key={block.hash} id={transaction.id} />}
      <Json route={`/api/v1/transactions/${transaction.id}`} value={transaction} />
    </View>
  )
}

function standing({ block, confirmations, minedInMs }: TransactionDetail): string {
  if (block !== null) return words.confirmed(block.height, confirmations)
  if (minedInMs === null) return words.waits
  const { value, unit } = span(minedInMs)
  return words.expectedIn(`${value} ${unit}`)
}
