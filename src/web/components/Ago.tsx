/** How long ago something was, by the node's clock; the exact time on hover. Ticks alone, without its surroundings. */
import { age, exactTime } from '../format.ts'
import { usePage } from '../page.ts'

export function Ago({ at }: { at: number }) {
  const { state } = usePage()
  const { value, unit } = age(state.now.value - at)
  return <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>{value} {unit}</time>
}
