/** A labelled choice of one among a few. */
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface ChoiceProps {
  label: string
  value: string
  onChoose: (value: string) => void
  /** Of `option`. */
  children: ComponentChildren
}

export function Choice({ label, value, onChoose, children }: ChoiceProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>{children}</select>
    </div>
  )
}
