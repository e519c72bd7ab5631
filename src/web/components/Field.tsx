/** A labelled text field that says what is wrong with its text, to the eye and to a screen reader. */
import type { Signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface FieldProps {
  label: string
  value: Signal<string>
  problem?: string
  /** Shown below the field while nothing is wrong. */
  hint?: ComponentChildren
  placeholder?: string
  /** Id of a datalist. */
  list?: string
  inputMode?: 'text' | 'numeric'
  /** Monospaced. */
  code?: boolean
}

export function Field({ label, value, problem, hint, placeholder, list, inputMode, code = false }: FieldProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class={code ? 'code' : undefined}
        value={value.value}
        placeholder={placeholder}
        list={list}
        inputMode={inputMode}
        autoComplete="off"
        spellcheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby={problem !== undefined ? `${id}-problem` : hint ? `${id}-hint` : undefined}
        onInput={(event) => { value.value = event.currentTarget.value }}
      />
      {problem !== undefined && <p id={`${id}-problem`} class="problem">{problem}</p>}
      {problem === undefined && hint && <p id={`${id}-hint`} class="hint">{hint}</p>}
    </div>
  )
}
