/** A button that gives the page the whole screen; none where the browser cannot, or has done so: there Escape ends it. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { text } from '../strings.ts'

export function FullScreen() {
  const full = useSignal(document.fullscreenElement !== null)
  useEffect(() => {
    const look = (): void => { full.value = document.fullscreenElement !== null }
    document.addEventListener('fullscreenchange', look)
    return () => document.removeEventListener('fullscreenchange', look)
  }, [])
  if (!document.fullscreenEnabled || full.value) return null
  const enter = (): void => {
    // A browser may refuse what it offers, in a kiosk for one: the page is as good as before.
    document.documentElement.requestFullscreen().catch(() => undefined)
  }
  return <button type="button" class="plain" onClick={enter}>{text.wall.fullScreen}</button>
}
