/** What the next block would hold if this node mined it now: asked every other second, however many blocks come. */
import { newCoinsAt } from '../coins.ts'
import { count, hashes } from '../format.ts'
import { usePage } from '../page.ts'
import { text } from '../strings.ts'
import { useAnswer } from '../use-answer.ts'
import { Fact } from './Fact.tsx'

const words = text.mining
const ASK_EVERY_MS = 2_000

export function NextBlock() {
  const { state } = usePage()
  const account = state.status.value?.account ?? ''
  const parameters = state.network.value?.parameters
  const key = `${account} ${Math.floor(state.now.value / ASK_EVERY_MS)}`
  const { value: template, failure } = useAnswer(key, (client, signal) => client.template(account, { signal }))
  const takes = hashes(state.status.value?.difficulty ?? 0)
  const coins = template && parameters && newCoinsAt(template.height, parameters)
  return (
    <section>
      <h3>{words.next}</h3>
      {failure !== undefined && <p class="failed">{text.views.failed(failure)}</p>}
      {template !== undefined && coins !== undefined && (
        <dl class="fields">
          <Fact is={words.nextFields.height}>{count(template.height)}</Fact>
          <Fact is={words.nextFields.transactions}>{count(template.transactionCount)}</Fact>
          <Fact is={words.nextFields.fees}>{count(template.pays - coins)}</Fact>
          <Fact is={words.nextFields.coins}>{count(coins)}</Fact>
          <Fact is={words.nextFields.difficulty}>{takes.value} {takes.unit}</Fact>
        </dl>
      )}
    </section>
  )
}
