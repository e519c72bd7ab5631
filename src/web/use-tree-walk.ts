/**
 * Walking over the tree by keyboard: the tree is one stop of the tab key, and the arrows lead from stone to stone (see
 * tree-walk.ts), as in a toolbar (https://www.w3.org/WAI/ARIA/apg/practices/keyboard-interface/). A stone that moves out
 * of sight while one stands on it hands the focus to the oldest that is still drawn, so that the keyboard is never lost.
 */
import { useSignal } from '@preact/signals'
import type { RefObject, TargetedFocusEvent, TargetedKeyboardEvent } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import type { PlacedStone } from './tree-layout.ts'
import { stepFrom } from './tree-walk.ts'

/** @param box holds the stones, each with its hash in `data-block` */
export function useTreeWalk(box: RefObject<HTMLElement | null>, stones: readonly PlacedStone[]) {
  const stood = useSignal<string | null>(null)
  const isDrawn = (hash: string | null): boolean => stones.some(({ block }) => block.hash === hash)
  const goTo = (hash: string | undefined): void =>
    box.current?.querySelector<HTMLElement>(`[data-block="${hash}"]`)?.focus({ preventScroll: true })

  // Looked at before the stone that one stands on is taken out of the page: after that nobody knows where one stood.
  const focused = blockOf(document.activeElement)
  const isLost = focused !== undefined && !isDrawn(focused)
  useLayoutEffect(() => {
    if (isLost) goTo(stones.find(({ lane }) => lane === 0)?.block.hash)
  })
  return {
    /** The stone that the tab key leads to: where one last stood, else the tip. */
    stop: isDrawn(stood.value) ? stood.value : (stones.find(({ isTip }) => isTip)?.block.hash ?? null),
    onFocusIn({ target }: TargetedFocusEvent<HTMLElement>): void {
      stood.value = blockOf(target) ?? stood.value
    },
    onKeyDown(event: TargetedKeyboardEvent<HTMLElement>): void {
      const hash = blockOf(event.target)
      if (hash === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
      const next = stepFrom(stones, hash, event.key)
      if (next === undefined) return
      event.preventDefault() // the page would scroll
      goTo(next)
    },
  }
}

const blockOf = (target: EventTarget | null): string | undefined =>
  target instanceof HTMLElement ? target.dataset['block'] : undefined
