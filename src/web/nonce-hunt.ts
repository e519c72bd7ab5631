/**
 * Searches a draft for a nonce while the page stays quick: a few milliseconds at a time, and between two slices whatever
 * else the page has to do. The draft's nonce goes along, so that one sees the hash change.
 *
 * It ends when a nonce is found, when as many as were asked for are tried, when it is stopped, or when another field of the
 * header is changed: then it would be a search for another block.
 */
import { batch, computed, type ReadonlySignal, signal } from '@preact/signals'
import { targetOf } from '../consensus/target.ts'
import type { Draft } from './draft.ts'
import { NO_TRIES, NonceSearch, searchKey, type Tally } from './nonce-search.ts'

const SLICE_MS = 12
/** Nonces between two looks at the clock: about half a millisecond. */
const BATCH = 256
/** How often what was seen is shown: each time, all of the page that depends on the nonce is drawn again. */
const SHOW_EVERY_MS = 60

export type HuntEnd = { outcome: 'found'; nonce: number; tries: number } | { outcome: 'not-found'; tries: number } | { outcome: 'stopped' }

export class NonceHunt {
  /** What was seen of the header as it is now. */
  readonly tally: ReadonlySignal<Tally>
  readonly searching = signal(false)
  /** How the last search ended; null while there is none of this header. */
  readonly end: ReadonlySignal<HuntEnd | null>
  readonly #draft: Draft
  readonly #seen = signal<{ key: string; tally: Tally; end: HuntEnd | null }>({ key: '', tally: NO_TRIES, end: null })
  #stop = new AbortController()

  constructor(draft: Draft) {
    this.#draft = draft
    const key = computed(() => draft.bytes.value && searchKey(draft.bytes.value))
    this.tally = computed(() => (this.#seen.value.key === key.value ? this.#seen.value.tally : NO_TRIES))
    this.end = computed(() => (this.#seen.value.key === key.value ? this.#seen.value.end : null))
  }

  stop(): void {
    this.#stop.abort()
  }

  /** Tries so many nonces after the draft's own. Nothing to do where its header has no bytes, or its bits are no target. */
  async search(count: number): Promise<void> {
    const [bytes, header] = [this.#draft.bytes.value, this.#draft.header.value]
    const target = header && targetOf(Number.parseInt(header.bits, 16))
    if (bytes === undefined || header === undefined || target === undefined || this.searching.value) return
    const key = searchKey(bytes)
    const search = new NonceSearch(bytes, target.toString(16).padStart(64, '0'), this.tally.value)
    const { signal } = (this.#stop = new AbortController())
    this.searching.value = true
    let found: number | undefined
    let [nonce, left, shownAt] = [header.nonce, count, performance.now()]
    const show = (end: HuntEnd | null): void => batch(() => {
      this.#seen.value = { key, tally: search.tally, end }
      if (this.#isSame(key)) this.#draft.setNonce(nonce)
      this.searching.value = end === null
    })
    while (found === undefined && left > 0 && !signal.aborted && this.#isSame(key)) {
      const until = performance.now() + SLICE_MS
      do {
        const first = nonce < Number.MAX_SAFE_INTEGER ? nonce + 1 : 0
        const tries = Math.min(BATCH, left, Number.MAX_SAFE_INTEGER - first + 1)
        found = search.run(first, tries)
        nonce = found ?? first + tries - 1
        left -= tries
      } while (found === undefined && left > 0 && performance.now() < until)
      if (performance.now() - shownAt >= SHOW_EVERY_MS) {
        show(null)
        shownAt = performance.now()
      }
      // The page's turn.
      if (found === undefined && left > 0) await new Promise((resolve) => setTimeout(resolve))
    }
    if (found !== undefined) show({ outcome: 'found', nonce: found, tries: search.tally.tries })
    else if (left > 0) show({ outcome: 'stopped' })
    else show({ outcome: 'not-found', tries: count })
  }

  /** Whether the draft is still the one that is searched, but for its nonce. */
  #isSame(key: string): boolean {
    const bytes = this.#draft.bytes.value
    return bytes !== undefined && searchKey(bytes) === key
  }
}
