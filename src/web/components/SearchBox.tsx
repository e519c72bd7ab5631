/** The search box, at the top of every view; the key `/` leads to it. */
import { useSignal } from '@preact/signals'
import type { TargetedSubmitEvent } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { goTo } from '../route.ts'
import { text } from '../strings.ts'

export function SearchBox() {
  const box = useRef<HTMLInputElement>(null)
  const typed = useSignal('')
  useEffect(() => {
    const toBox = (event: KeyboardEvent): void => {
      const typing = event.target instanceof Element && event.target.closest('input, textarea, select') !== null
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      box.current?.focus()
    }
    addEventListener('keydown', toBox)
    return () => removeEventListener('keydown', toBox)
  }, [])
  const search = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const words = typed.value.trim()
    if (words === '') return
    typed.value = ''
    goTo({ view: 'search', text: words })
  }
  return (
    <form class="search" role="search" onSubmit={search}>
      <input
        ref={box} type="search" aria-label={text.search.label} placeholder={text.search.hint} value={typed.value}
        autoComplete="off" spellcheck={false} enterKeyHint="search"
        onInput={(event) => { typed.value = event.currentTarget.value }}
      />
    </form>
  )
}
