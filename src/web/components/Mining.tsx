/** Mining, in a column of the overview; the view of it has more. */
import { usePage } from '../page.ts'
import { linkTo } from '../route.ts'
import { text } from '../strings.ts'
import { MiningControls } from './MiningControls.tsx'

export function Mining() {
  const { state } = usePage()
  if (!state.mayAct.value || state.status.value === null) return null
  return (
    <section>
      <h2><a href={linkTo({ view: 'mining' })}>{text.mining.heading}</a></h2>
      <MiningControls />
    </section>
  )
}
