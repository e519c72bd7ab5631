/** One line above everything, where the page is not fully what it could be: node gone, no token, wrong token. */
import { usePage } from '../page.ts'
import { text } from '../strings.ts'
import { Says } from './Says.tsx'

export function Notice() {
  const { state } = usePage()
  const access = state.access.value
  const lost = state.connection.value === 'lost'
  const says = lost ? text.notice.lost : access === 'reading' || access === 'refused' ? text.notice[access] : undefined
  return (
    <div role="alert">
      {says !== undefined && <p class={lost || access === 'refused' ? 'notice warning' : 'notice'}><Says text={says} /></p>}
    </div>
  )
}
