/** The bytes that are hashed, field by field, those marked that are not as they were. */
import type { Draft } from '../draft.ts'
import { HEADER_LAYOUT } from '../header-bytes.ts'
import { text } from '../strings.ts'

const words = text.trying

export function HeaderBytes({ draft }: { draft: Draft }) {
  const bytes = draft.bytes.value
  const then = draft.original.bytes
  return (
    <section>
      <h4>{words.bytes}</h4>
      {bytes === undefined ? <p class="failed">{words.noBytes}</p> : (
        <>
          <p class="header-bytes">
            {HEADER_LAYOUT.map(({ field, at, bytes: length }) => (
              <span key={field} class={draft.changed.value.has(field) ? 'part changed' : 'part'}>
                <small>{words.fields[field].label}</small>
                <code>
                  {runsOf(bytes, then, at, at + length).map(({ hex, isChanged }, index) =>
                    isChanged ? <mark key={index}>{hex}</mark> : hex)}
                </code>
              </span>
            ))}
          </p>
          <p class="quiet">{words.bytesNote}</p>
        </>
      )}
    </section>
  )
}

/** Bytes as hex, in runs of those that are as they were and those that are not. */
function runsOf(bytes: Uint8Array, then: Uint8Array, from: number, to: number): { hex: string; isChanged: boolean }[] {
  const runs: { hex: string; isChanged: boolean }[] = []
  for (let at = from; at < to; at += 1) {
    const isChanged = bytes[at] !== then[at]
    const hex = (bytes[at] ?? 0).toString(16).padStart(2, '0')
    const last = runs.at(-1)
    if (last?.isChanged === isChanged) last.hex += hex
    else runs.push({ hex, isChanged })
  }
  return runs
}
