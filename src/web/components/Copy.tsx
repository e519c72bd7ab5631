/** A text to copy: by one click where the browser lets a page do that, else shown whole and selected, to copy by hand. */
import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { text } from '../strings.ts'

interface CopyProps {
  /** What is copied. */
  whole: string
  /** What is shown of it. @default the whole */
  short?: string
  /** On hover. */
  title?: string
}

export function Copy({ whole, short = whole, title }: CopyProps) {
  const copied = useSignal(false)
  const all = useSignal(false)
  const shown = all.value ? whole : short
  const code = useRef<HTMLElement>(null)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(whole)
      copied.value = true
    } catch {
      // Browsers keep the clipboard from pages that are neither on localhost nor encrypted.
      all.value = true
      requestAnimationFrame(() => { if (code.current !== null) getSelection()?.selectAllChildren(code.current) })
    }
  }
  return (
    <>
      <code ref={code} title={whole} class={shown === whole ? 'whole' : undefined}>{shown}</code>{' '}
      <button
        type="button" class="plain accent" title={title}
        onClick={() => void copy()} onBlur={() => { copied.value = false }}
      >
        {copied.value ? text.views.copied : text.views.copy}
      </button>
      <span class="unseen" role="status">{copied.value ? text.views.copied : ''}</span>
    </>
  )
}
