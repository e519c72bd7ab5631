/** Whom this node mines for, how fast it and the network are, and how long a block takes both. */
import { hashRate, type Quantity, significant, span } from '../format.ts'
import { usePage } from '../page.ts'
import { text } from '../strings.ts'
import { Fact } from './Fact.tsx'
import { Who } from './Who.tsx'

const words = text.mining

export function MiningFacts() {
  const { state } = usePage()
  const status = state.status.value
  if (status === null) return null
  const own = state.mining.value?.hashRate ?? status.mining.hashRate
  const network = state.pace.value?.hashRate
  const timeAt = (rate: number): string => words.about(inWords(span((status.difficulty * 1_000) / rate)))
  return (
    <dl class="fields">
      <Fact is={words.fields.pays}><Who account={status.account} /></Fact>
      <Fact is={words.fields.own}>
        {own > 0 ? inWords(hashRate(own)) : words.notMining}
        {own > 0 && network !== undefined && own <= network && <span class="quiet">, {words.ofNetwork(significant(100 * own / network))}</span>}
      </Fact>
      <Fact is={words.fields.ownTime}>{own > 0 ? timeAt(own) : words.notMiningTime}</Fact>
      <Fact is={words.fields.network}>{network === undefined ? words.unknown : inWords(hashRate(network))}</Fact>
      <Fact is={words.fields.networkTime}>{network === undefined ? words.unknown : timeAt(network)}</Fact>
    </dl>
  )
}

const inWords = ({ value, unit }: Quantity): string => `${value} ${unit}`
