/** What the node answers, as JSON, and the route that it came from; written out only where somebody opens it. */
import { useSignal } from '@preact/signals'
import { text } from '../strings.ts'

interface JsonProps {
  route: string
  value: unknown
  /** What it is. @default JSON, as the node gives it */
  summary?: string
}

export function Json({ route, value, summary = text.views.json }: JsonProps) {
  const open = useSignal(false)
  return (
    <details class="as-json" onToggle={(event) => { open.value = event.currentTarget.open }}>
      <summary>{summary}</summary>
      <p><code>GET <a href={route} target="_blank" rel="noreferrer">{route}</a></code></p>
      {open.value && <pre tabIndex={0}>{JSON.stringify(value, null, 2)}</pre>}
    </details>
  )
}
