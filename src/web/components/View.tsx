/** A view of one thing: its heading takes the focus when the view opens, so that a keyboard and a screen reader are there. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { text } from '../strings.ts'

interface ViewProps {
  heading: ComponentChildren
  /** A line below the heading. */
  says?: ComponentChildren
  children?: ComponentChildren
}

export function View({ heading, says, children }: ViewProps) {
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    scrollTo(0, 0)
    title.current?.focus({ preventScroll: true })
  }, [])
  return (
    <main class="view">
      <h2 ref={title} tabIndex={-1}>{heading}</h2>
      {says !== undefined && <p class="quiet says">{says}</p>}
      {children}
    </main>
  )
}

/** Until there is an answer, or where there is none. */
export const Unanswered = ({ heading, failure }: { heading: string; failure: string | undefined }) => (
  <View key={failure} heading={heading}>
    <p role="status" class={failure === undefined ? 'quiet' : 'failed'}>
      {failure === undefined ? text.views.loading : text.views.failed(failure)}
    </p>
  </View>
)
