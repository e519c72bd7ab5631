/** The fields of a header, to type into; each says what it was where it is another, and what is wrong with it. */
import { useId } from 'preact/hooks'
import { targetOf, workOf } from '../../consensus/target.ts'
import type { Draft } from '../draft.ts'
import { exactTime, hashes } from '../format.ts'
import { HEADER_LAYOUT, type HeaderField } from '../header-bytes.ts'
import { text } from '../strings.ts'

const words = text.trying
/** Latest moment that a date can say. */
const MAX_DATE_MS = 8.64e15

interface HeaderFormProps {
  draft: Draft
  disabled: boolean
}

export const HeaderForm = ({ draft, disabled }: HeaderFormProps) => (
  <form class="header-form" aria-label={words.header} onSubmit={(event) => event.preventDefault()}>
    <h4>{words.header}</h4>
    {HEADER_LAYOUT.map(({ field }) => <Row key={field} draft={draft} field={field} disabled={disabled} />)}
  </form>
)

function Row({ draft, field, disabled }: HeaderFormProps & { field: HeaderField }) {
  const id = useId()
  const value = draft.fields[field]
  const problem = draft.problems.value[field]
  const isChanged = draft.changed.value.has(field)
  const was = String(draft.original.header[field])
  const isHash = field === 'parent' || field === 'bodyRoot'
  return (
    <div class={isChanged ? `field ${field} changed` : `field ${field}`}>
      <p class="above">
        <label for={id}>{words.fields[field].label}</label>
        <span id={`${id}-hint`} class="quiet">{isChanged ? words.was(isHash ? `${was.slice(0, 8)}…` : was) : hintOf(draft, field)}</span>
        {isChanged && (
          <button type="button" class="plain accent" disabled={disabled} onClick={() => { value.value = was }}>
            {words.putBack}<span class="unseen"> ({words.fields[field].label})</span>
          </button>
        )}
      </p>
      <input
        id={id} class="code" value={value.value} readOnly={disabled} autoComplete="off" spellcheck={false}
        inputMode={isHash || field === 'bits' ? 'text' : 'numeric'}
        aria-invalid={problem !== undefined} aria-describedby={problem === undefined ? `${id}-hint` : `${id}-problem`}
        onInput={(event) => { value.value = event.currentTarget.value }}
      />
      {problem !== undefined && <p id={`${id}-problem`} class="problem">{words.problems[problem]}</p>}
    </div>
  )
}

/** What a value stands for, where that can be said, else what the field is. */
function hintOf(draft: Draft, field: HeaderField): string {
  const header = draft.header.value
  if (header !== undefined && field === 'timestamp' && header.timestamp <= MAX_DATE_MS) return exactTime(header.timestamp)
  const target = header && targetOf(Number.parseInt(header.bits, 16))
  if (target !== undefined && field === 'bits') {
    const { value, unit } = hashes(Number(workOf(target)))
    return `${words.fields.bits.hint}: ${value} ${unit}`
  }
  return words.fields[field].hint
}
