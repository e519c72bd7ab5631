/** A word and its meaning, which shows on hover and on focus and leaves by Escape (WCAG 1.4.13). */
import { useId } from 'preact/hooks'
import { Says } from './Says.tsx'

export interface TermText {
  term: string
  note: string
}

export function Term({ is: { term, note } }: { is: TermText }) {
  const id = useId()
  return (
    <span class="term">
      <button
        type="button" aria-describedby={id}
        onKeyDown={(event) => { if (event.key === 'Escape') event.currentTarget.blur() }}
      >
        {term}
      </button>
      <span role="tooltip" id={id}><Says text={note} /></span>
    </span>
  )
}
