/**
 * Strokes over a drawing, by mouse, pen or finger: with Shift a box, else a line. A finger that begins sideways draws; one
 * that begins up or down scrolls the page, as everywhere (`touch-action` in swarm.css), and so does a second finger.
 */
import { useSignal } from '@preact/signals'
import type { TargetedPointerEvent } from 'preact'
import { isStroke, type Stroke } from './divide.ts'

type Pointed = TargetedPointerEvent<SVGSVGElement>

/** @param done is given what was drawn; a click is no stroke */
export function useStroke(done: (stroke: Stroke) => void, allowed: boolean) {
  const stroke = useSignal<Stroke | null>(null)
  const place = ({ currentTarget, clientX, clientY }: Pointed) => {
    const { left, top } = currentTarget.getBoundingClientRect()
    return { x: clientX - left, y: clientY - top }
  }
  const onPointerDown = (event: Pointed): void => {
    const isNode = event.target instanceof Element && event.target.closest('.member') !== null
    if (!allowed || isNode || !event.isPrimary || event.button !== 0) return
    event.preventDefault() // no text is selected on the way
    stroke.value = { kind: event.shiftKey ? 'box' : 'line', from: place(event), to: place(event) }
  }
  const onPointerMove = (event: Pointed): void => {
    if (stroke.value === null) return
    stroke.value = { ...stroke.value, to: place(event) }
    // From here on it is no click on what lies under it, and goes on beyond the drawing.
    if (isStroke(stroke.value)) event.currentTarget.setPointerCapture(event.pointerId)
  }
  const onPointerUp = (): void => {
    const drawn = stroke.value
    stroke.value = null
    if (drawn !== null && isStroke(drawn)) done(drawn)
  }
  const onPointerCancel = (): void => { stroke.value = null }
  const drawn = stroke.value !== null && isStroke(stroke.value) ? stroke.value : null
  return { stroke: drawn, handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel } }
}
