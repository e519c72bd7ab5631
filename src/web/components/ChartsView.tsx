/** The charts, which come with what draws them only when somebody opens them: nobody else waits for it. */
import { useEffect, useState } from 'preact/hooks'
import { messageOf } from '../actions.ts'
import { text } from '../strings.ts'
import { Unanswered } from './View.tsx'

type Charts = typeof import('./charts/Charts.tsx').Charts

export function ChartsView() {
  const [loaded, setLoaded] = useState<{ Charts?: Charts; failure?: string }>({})
  useEffect(() => {
    import('./charts/Charts.tsx').then(
      ({ Charts }) => setLoaded({ Charts }),
      (error: unknown) => setLoaded({ failure: messageOf(error) }),
    )
  }, [])
  const { Charts, failure } = loaded
  return Charts === undefined ? <Unanswered heading={text.charts.heading} failure={failure} /> : <Charts />
}
