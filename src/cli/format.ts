/**
 * Figures as people read them: grouped digits, durations and rates with their units, hashes with the work visible.
 * Each takes a number in the unit that its name or docstring says.
 */

/** `1 234 567`: digits in groups of three, with a space. */
export const formatCount = (count: number): string => String(count).replace('-', '−').replace(/\B(?=(\d{3})+$)/g, ' ')

/** `50 units`, `1 unit`. */
export const formatCountOf = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E'] as const

/** Three figures and a metric prefix: `1.05 M`, `340 k`, `12`. */
export const formatMetric = (value: number): string => metric(value).trimEnd()

/** With the space that goes before a unit, so that the unit can follow at once: `1.05 M`, `12 `. */
function metric(value: number): string {
  let scaled = value
  let power = 0
  while (scaled >= 999.5 && power < PREFIXES.length - 1) {
    scaled /= 1000
    power += 1
  }
  if (power === 0) return `${Math.round(scaled)} `
  const digits = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0
  return `${scaled.toFixed(digits)} ${PREFIXES[power]}`
}

/** Hashes a second: `1.20 MH/s`. */
export const formatHashRate = (hashesPerSecond: number): string => `${metric(hashesPerSecond)}H/s`

/** A duration in ms by its two largest units: `340 ms`, `4.2 s`, `3 min 12 s`, `5 h 4 min`, `2 d 3 h`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return two(minutes, 'min', seconds % 60, 's')
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return two(hours, 'h', minutes % 60, 'min')
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

const two = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`

/** How long ago a time was, coarsely, as it stands in a table: `now`, `12 s ago`, `3 min ago`, `2 d ago`. */
export function formatAge(timeMs: number, nowMs: number): string {
  const seconds = Math.round((nowMs - timeMs) / 1000)
  if (seconds < 1) return seconds > -2 ? 'now' : `in ${-seconds} s`
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`
  return `${Math.floor(seconds / 86_400)} d ago`
}

/** A time with its date, in this machine's zone: `2025-03-01 14:05:09`. */
export function formatTime(timeMs: number): string {
  const time = new Date(timeMs)
  const two = (part: number): string => String(part).padStart(2, '0')
  return (
    `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ` +
    `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
  )
}

/** A multiaddr without the peer id at its end, which stands elsewhere or is told by a name. */
export const formatAddress = (multiaddr: string): string => multiaddr.replace(/\/p2p\/[^/]+$/, '')

/** `+50`, `−31`, `0`: a change, with a real minus sign. */
export const formatChange = (change: number): string =>
  change > 0 ? `+${formatCount(change)}` : change < 0 ? `−${formatCount(-change)}` : '0'
