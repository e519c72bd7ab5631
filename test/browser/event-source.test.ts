/** The event stream in a real browser: its own EventSource, through a server that goes away and comes back, and a stream that is cut. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { browserPath, launch, serveNode, type ServedNode } from './page.ts'

const NAME = browserPath === undefined ? 'EventSource (NOT RUN: no Chromium here; set CHROMIUM to its path)' : 'EventSource'

describe.skipIf(browserPath === undefined)(NAME, () => {
  let browser: Browser
  let served: ServedNode
  let page: Page
  /** The requests for a stream, in order. */
  const streams: IncomingMessage[] = []
  const note = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage } // as Node's documentation has this channel's messages
    if (request.url === '/api/v1/events') streams.push(request)
  }

  beforeAll(async () => {
    subscribe('http.server.request.start', note)
    browser = await launch()
  })
  afterAll(async () => {
    unsubscribe('http.server.request.start', note)
    await browser.close()
  })
  beforeEach(async () => {
    served = await serveNode('no page', {})
    page = await browser.newPage()
    // The documentation is of the node's own origin, and has no script that would listen too.
    await page.goto(`${served.url}/docs`)
    await page.evaluate(`
      window.heard = []
      window.check = () => {}
      const hear = (what) => { heard.push(what); check() }
      window.source = new EventSource('/api/v1/events')
      source.addEventListener('block:connected', ({ data }) => hear(JSON.parse(data).height))
      source.addEventListener('reset', () => hear('reset'))
      new Promise((resolve) => source.addEventListener('open', resolve, { once: true }))
    `)
  })
  afterEach(async () => {
    await page.close()
    await served.stop()
  })

  /** Resolves when the page heard exactly these. (Its policy has no room for Playwright's own way to wait.) */
  const heard = (expected: unknown[]): Promise<unknown> =>
    page.evaluate(`new Promise((resolve) => {
      window.check = () => { if (JSON.stringify(heard) === '${JSON.stringify(expected)}') resolve() }
      check()
    })`)

  test('goes on where it was cut, without a hole and without a repetition', async () => {
    await served.node.mine(2)
    await heard([1, 2])
    // What happens before it is back: EventSource waits for as long as it was told, a second.
    streams.at(-1)!.socket.destroy()
    await served.node.mine(3)
    await heard([1, 2, 3, 4, 5])
    await served.node.mine(1)
    await heard([1, 2, 3, 4, 5, 6])
    expect(streams.at(-1)?.headers['last-event-id']).toMatch(/^[0-9a-f]{8}-\d+$/)
  })

  test('is told to read again where the node’s server is another', async () => {
    await served.node.mine(1)
    await heard([1])
    await served.unserve()
    await served.node.mine(1)
    await served.serve()
    await heard([1, 'reset'])
    await served.node.mine(1)
    await heard([1, 'reset', 3])
  })
})
