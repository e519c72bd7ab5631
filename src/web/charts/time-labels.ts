/** What is written below a time axis. Pure, but for the place's own time. */
import { locale } from '../language.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/**
 * @param ticks ms since the Unix epoch
 * @param incrementMs from one to the next
 */
export function timeLabels(ticks: readonly number[], incrementMs: number): string[] {
  return ticks.map((tick, at) => {
    const time = new Date(tick)
    const day = time.toLocaleDateString(locale, { day: 'numeric', month: 'short' })
    if (incrementMs >= DAY_MS) return day
    const second = incrementMs < MINUTE_MS ? '2-digit' : undefined
    const clock = time.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', second })
    const before = ticks[at - 1]
    // The day where it begins, and at the first tick, where it is not today's alone that is shown.
    const isNewDay = before !== undefined && new Date(before).toDateString() !== time.toDateString()
    return isNewDay ? `${clock}\n${day}` : clock
  })
}
