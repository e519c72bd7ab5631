/**
 * Mining: what this node does of it, for whom and how fast; the blocks that it mined; the next one; and below, a block to
 * change by hand.
 */
import { usePage } from '../page.ts'
import { text } from '../strings.ts'
import { MinedHere } from './MinedHere.tsx'
import { MiningControls } from './MiningControls.tsx'
import { MiningFacts } from './MiningFacts.tsx'
import { NextBlock } from './NextBlock.tsx'
import { RateChart } from './RateChart.tsx'
import { Says } from './Says.tsx'
import { TryIt } from './TryIt.tsx'
import { View } from './View.tsx'

const words = text.mining

/** @param asked the block to change by hand, by height or hash; the next one unless it is given */
export function MiningView({ asked }: { asked: string | undefined }) {
  const { state } = usePage()
  if (state.status.value === null) return <View heading={words.heading} says={text.views.loading} />
  return (
    <View heading={words.heading}>
      <div class="mining-parts">
        <section>
          {state.mayAct.value ? <MiningControls /> : <p class="quiet"><Says text={words.needsToken} /></p>}
          <MiningFacts />
        </section>
        <RateChart />
        <NextBlock />
        <MinedHere />
      </div>
      <TryIt key={asked ?? ''} asked={asked} />
    </View>
  )
}
