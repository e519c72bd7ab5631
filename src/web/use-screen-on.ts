/**
 * Keeps the screen on while a component is drawn (https://www.w3.org/TR/screen-wake-lock/). Browsers offer that on
 * localhost and over HTTPS alone, end it while the page is hidden, and may refuse it on a low battery: then it is tried
 * again when the page is next seen.
 */
import { useEffect } from 'preact/hooks'

export function useScreenOn(): void {
  useEffect(() => {
    if (!('wakeLock' in navigator)) return
    let lock: WakeLockSentinel | undefined
    let over = false
    const ask = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return
      try {
        lock = await navigator.wakeLock.request('screen')
        if (over) await lock.release()
      } catch {
        // Refused: see above.
      }
    }
    const seen = (): void => void ask()
    seen()
    document.addEventListener('visibilitychange', seen)
    return () => {
      over = true
      document.removeEventListener('visibilitychange', seen)
      void lock?.release()
    }
  }, [])
}
