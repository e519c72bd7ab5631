/** The width of the element that `box` is given to, px, as it changes. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

export function useWidth() {
  const box = useRef<HTMLElement>(null)
  const [width, setWidth] = useState(() => document.documentElement.clientWidth)
  useLayoutEffect(() => {
    if (box.current === null) return
    setWidth(box.current.clientWidth) // before the first painting
    const observer = new ResizeObserver(([entry]) => { if (entry) setWidth(entry.contentRect.width) })
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
  return { box, width }
}
