/**
 * What a page does in a real browser, measured from where it is sure: the time of its first drawing by the page's own
 * clock, from the start of the navigation; the way of an event by this process's clock, from the chain's event to the
 * message that the page sends once the frame with the stone is drawn, whose way back is in it; frames by the page's
 * requestAnimationFrame.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { Node } from '../../../src/node/node.ts'

/** In the page: tells of each block's stone in the frame after it was drawn. Runs before the page's own code. */
const TELL_STONES = `
  const told = new Set()
  const look = () => {
    const fresh = [...document.querySelectorAll('[data-block]')].map((stone) => stone.dataset.block).filter((hash) => !told.has(hash))
    if (fresh.length === 0) return
    for (const hash of fresh) told.add(hash)
    requestAnimationFrame(() => setTimeout(() => {
      for (const hash of fresh) window.stoneDrawn(hash, performance.now())
    }))
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true })
`

export interface Watched {
  page: Page
  context: BrowserContext
  /** Resolves when the block's stone is drawn; at once where it is already. */
  drawn(hash: string): Promise<void>
  /** When the first stones were drawn, ms after the navigation began. */
  stonesMs: Promise<number>
}

/** A tab without history or cache that is watched from before its first byte. */
export async function watch(browser: Browser): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  const waiting = new Map<string, PromiseWithResolvers<void>>()
  const of = (hash: string): PromiseWithResolvers<void> => {
    const found = waiting.get(hash) ?? Promise.withResolvers<void>()
    waiting.set(hash, found)
    return found
  }
  const first = Promise.withResolvers<number>()
  await page.exposeFunction('stoneDrawn', (hash: string, atMs: number) => {
    first.resolve(atMs)
    of(hash).resolve()
  })
  await page.addInitScript(TELL_STONES)
  return { page, context, drawn: (hash) => of(hash).promise, stonesMs: first.promise }
}

export interface Opened {
  /** First contentful paint: anything that is not blank. */
  paintedMs: number
  /** The frame with the chain's stones. */
  stonesMs: number
}

/** Opens an address in a tab of its own. */
export async function opening(browser: Browser, address: string): Promise<Opened> {
  const { page, context, stonesMs } = await watch(browser)
  await page.goto(address)
  const opened = { paintedMs: await firstPaint(page), stonesMs: await stonesMs }
  await context.close()
  return opened
}

/** First contentful paint of an address that is no page of ours. */
export async function openingBlank(browser: Browser, address: string): Promise<number> {
  const { page, context } = await watch(browser)
  await page.goto(address)
  const paintedMs = await firstPaint(page)
  await context.close()
  return paintedMs
}

/** The browser tells of it a moment after it was; buffered, so that none is missed. */
const firstPaint = (page: Page): Promise<number> =>
  page.evaluate<number>(`new Promise((resolve) => new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) if (name === 'first-contentful-paint') resolve(startTime)
  }).observe({ type: 'paint', buffered: true }))`)

/**
 * Adds blocks one by one and waits for the stone of each.
 * @returns from the node's event to the drawn stone, ms each
 */
export async function eventsToStones(node: Node, { drawn }: Watched, count: number, addOne: () => Promise<void>): Promise<number[]> {
  const taken: number[] = []
  for (let at = 0; at < count; at += 1) {
    let heardAt = Number.NaN
    let hash = ''
    const hear = (told: { hash: string }): void => {
      heardAt = performance.now()
      hash = told.hash
    }
    node.chain.events.prependListener('block:connected', hear)
    await addOne()
    node.chain.events.off('block:connected', hear)
    await drawn(hash)
    taken.push(performance.now() - heardAt)
  }
  return taken
}

export interface Frames {
  /** Frames in each whole second. */
  perSecond: number[]
  /** The longest time from one frame to the next, ms. */
  longestMs: number
}

/** Counts frames while something goes on. */
export async function framesWhile(page: Page, work: () => Promise<void>): Promise<Frames> {
  await page.evaluate(`
    window.frames = []
    window.counting = true
    const count = (at) => { window.frames.push(at); if (window.counting) requestAnimationFrame(count) }
    requestAnimationFrame(count)
  `)
  await work()
  const times = await page.evaluate<number[]>('(window.counting = false, window.frames)')
  const [begin = 0] = times
  const perSecond: number[] = []
  for (let second = 0; begin + (second + 1) * 1_000 <= (times.at(-1) ?? 0); second += 1) {
    perSecond.push(times.filter((at) => Math.floor((at - begin) / 1_000) === second).length)
  }
  return { perSecond, longestMs: Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at))) }
}

/** What the page's JavaScript holds once its garbage is collected, MB. */
export async function heapMb(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize / 1_000_000
}
