/** This node's hash rate since the page is open, drawn as it is measured. */
import { hashRate, type Quantity, span } from '../format.ts'
import { usePage } from '../page.ts'
import { layoutRate } from '../rate-line.ts'
import { text } from '../strings.ts'
import { useWidth } from '../use-width.ts'

const words = text.mining
const HEIGHT = 150
/** Room for half a line's width at the top. */
const TOP = 2

export function RateChart() {
  const { state } = usePage()
  const { box, width } = useWidth()
  const samples = state.rates.value
  const { path, area, highest, spanMs } = layoutRate(samples, state.now.value, width, HEIGHT)
  const duration = inWords(span(spanMs))
  const most = inWords(hashRate(highest))
  return (
    <section ref={box} class="rate">
      <h3>{words.rate} {highest > 0 && <small>{words.rateSpan(duration)}</small>}</h3>
      {highest === 0 ? <p class="empty">{words.rateEmpty}</p> : (
        <>
          <p class="quiet highest">{most}</p>
          <svg
            width={width} height={HEIGHT} viewBox={`0 ${-TOP} ${width} ${HEIGHT + TOP}`} role="img"
            aria-label={words.rateLabel(duration, most, inWords(hashRate(samples.at(-1)?.hashRate ?? 0)))}
          >
            <path class="area" d={area} />
            <path class="line" d={path} />
            <path class="axis" d={`M0 ${HEIGHT}H${width}`} />
          </svg>
          <p class="quiet edges"><span>{words.ago(duration)}</span><span>{text.now}</span></p>
        </>
      )}
    </section>
  )
}

const inWords = ({ value, unit }: Quantity): string => `${value} ${unit}`
