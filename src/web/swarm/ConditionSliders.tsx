/** Latency and loss, of every link or of one. */
import type { LinksRequest, SwarmConditions } from '../../swarm-http/api.ts'
import { text } from '../strings.ts'
import { useSwarm } from './page.ts'
import { Slider } from './Slider.tsx'

const words = text.swarm.act
/** The slider's end and steps, ms; a network that is slower shows its own number. */
const LATENCY = { max: 2_000, step: 10 }
/** Percent. */
const LOSS = { max: 50, step: 1 }

export function ConditionSliders({ conditions: { latencyMs, loss }, between }: { conditions: SwarmConditions; between?: [number, number] }) {
  const { actions } = useSwarm()
  const set = (conditions: LinksRequest): void => void actions.setLinks({ ...conditions, between })
  return (
    <>
      <Slider {...LATENCY} name={words.latency} value={latencyMs} says={words.latencyIs} set={(ms) => set({ latencyMs: ms })} />
      <Slider {...LOSS} name={words.loss} value={Math.round(loss * 100)} says={words.lossIs} set={(percent) => set({ loss: percent / 100 })} />
    </>
  )
}
