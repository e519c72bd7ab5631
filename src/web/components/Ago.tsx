/** How long ago something was, by the node's clock; the exact time on hover. Ticks alone, without its surroundings. */
import { age, exactTime } from '../format.ts'
import { usePage } from '../page.ts'

interface AgoProps {
  at: number
  /** The words around it. @default none */
  says?: (age: string) => string
}

export function Ago({ at, says = (age) => age }: AgoProps) {
  const { state } = usePage()
  const { value, unit } = age(state.now.value - at)
  return <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>{says(`${value} ${unit}`)}</time>
}
