/** A number to be set by a slider, with its name before and itself in words behind it. */
import { useSignal } from '@preact/signals'

interface SliderProps {
  name: string
  value: number
  max: number
  step: number
  says: (value: number) => string
  /** Called when the slider is let go. */
  set: (value: number) => void
}

export function Slider({ name, value, max, step, says, set }: SliderProps) {
  /** While it is held. */
  const held = useSignal<number | null>(null)
  const shown = held.value ?? value
  return (
    <label class="slider">
      <span>{name}</span>
      <input
        type="range" min={0} max={max} step={step} value={Math.min(shown, max)} aria-valuetext={says(shown)}
        onInput={(event) => { held.value = event.currentTarget.valueAsNumber }}
        onChange={(event) => {
          held.value = null
          set(event.currentTarget.valueAsNumber)
        }}
      />
      <output>{says(shown)}</output>
    </label>
  )
}
