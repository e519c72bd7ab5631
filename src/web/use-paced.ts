/** A value that changes often, at a pace that can be followed: at once where it stood for long enough, else a little later. */
import { useEffect, useRef, useState } from 'preact/hooks'

/** @param paceMs from one change to the next, at least */
export function usePaced<Value>(value: Value, paceMs: number): Value {
  const [shown, setShown] = useState(value)
  const changedAt = useRef(-Infinity)
  useEffect(() => {
    if (Object.is(value, shown)) return
    const show = (): void => {
      changedAt.current = performance.now()
      setShown(value)
    }
    const waitMs = changedAt.current + paceMs - performance.now()
    if (waitMs <= 0) return show()
    const timer = setTimeout(show, waitMs)
    return () => clearTimeout(timer)
  }, [value, shown, paceMs])
  return shown
}
