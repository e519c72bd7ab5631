/** How near a hash is to the target, and all that were tried, by the zeros that they begin with; see zeros-layout.ts. */
import { significant } from '../format.ts'
import type { Tally } from '../nonce-search.ts'
import { text } from '../strings.ts'
import { useWidth } from '../use-width.ts'
import { layoutZeros, zeroBits } from '../zeros-layout.ts'

const words = text.trying
const HEIGHT = 110
/** Below the axis: the mark of the hash of now, the numbers, and what they count. */
const BELOW = 54
const ABOVE = 20
/** So near to the right edge, words have no room beside what they name. */
const WORDS_WIDTH = 96

interface ZerosChartProps {
  target: string
  hash: string | undefined
  tally: Tally
}

export function ZerosChart({ target, hash, tally }: ZerosChartProps) {
  const { box, width } = useWidth()
  const { bars, targetX, hashX, ticks } = layoutZeros(target, hash, tally.zeroBits, { width, height: HEIGHT })
  const isSmall = hash !== undefined && hash <= target
  const bits = (hex: string): string => significant(Number(zeroBits(hex).toFixed(1)))
  const isEnd = (x: number): boolean => x > width - WORDS_WIDTH
  return (
    <section ref={box} class="zeros-chart">
      <svg
        width={width} height={ABOVE + HEIGHT + BELOW} viewBox={`0 ${-ABOVE} ${width} ${ABOVE + HEIGHT + BELOW}`} role="img"
        aria-label={words.zerosLabel(hash === undefined ? '–' : bits(hash), bits(target), tally.tries)}
      >
        <rect class="enough" x={targetX} y={-ABOVE} width={Math.max(0, width - targetX)} height={ABOVE + HEIGHT} />
        <path class="limit" d={`M${targetX} ${-ABOVE}V${HEIGHT}`} />
        <text class={isEnd(targetX) ? 'enough end' : 'enough'} x={isEnd(targetX) ? targetX - 8 : targetX + 8} y={-ABOVE + 14}>{words.enough}</text>
        {bars.map(({ x, width, height, zeroBits, count }) => (
          <rect key={zeroBits} class="bar" x={x + 1} y={HEIGHT - height} width={Math.max(1, width - 2)} height={height}>
            <title>{words.zerosBar(zeroBits, count)}</title>
          </rect>
        ))}
        <path class="axis" d={`M0 ${HEIGHT}H${width}`} />
        {ticks.map(({ x, zeros }, at) => (
          <text key={zeros} class={at === 0 ? 'first' : at === ticks.length - 1 ? 'end' : undefined} x={x} y={HEIGHT + 32}>{zeros}</text>
        ))}
        <text class="first" x="0" y={HEIGHT + BELOW - 4}>{words.zerosAxis}</text>
        {hashX !== undefined && (
          <g class={isSmall ? 'this small' : 'this'}>
            <path d={`M${hashX} ${HEIGHT + 3}l7 12h-14z`} />
            <text class={isEnd(hashX) ? 'end' : 'first'} x={isEnd(hashX) ? hashX - 11 : hashX + 11} y={HEIGHT + 15}>{words.thisHash}</text>
          </g>
        )}
      </svg>
    </section>
  )
}
