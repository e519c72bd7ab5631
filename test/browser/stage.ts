/**
 * What the tests of the page stand on: for a file of them one browser and one build of the page, for each test nodes and tabs
 * of its own, which end with it. Where there is no browser the tests are skipped, and their name says so.
 *
 * @example
 *   onStage('the wallet', ({ start, visit }) => {
 *     test('is empty at first', async () => {
 *       const fox = await start({ name: 'fox' })
 *       const { page } = await visit(fox.address)
 *     })
 *   })
 */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import type { NodeOptions } from '../../src/node/options.ts'
import { browserPath, buildPage, launch, open, type ServedNode, serveNode, type View, type WatchedPage } from './page.ts'

/** Where screenshots are kept, outside of git; with a slash at its end. */
export const ARTEFACTS = fileURLToPath(new URL('../../artefacts/', import.meta.url))

export interface Stage {
  /** Not before the tests run. */
  readonly browser: Browser
  /** The built page; not before the tests run. */
  readonly pageFolder: string
  /** A node and its page, for this test. */
  start(options: NodeOptions): Promise<ServedNode>
  /** A tab without any history, for this test. */
  visit(address: string, view?: View): Promise<WatchedPage>
}

/** Tests in a browser. */
export function onStage(name: string, tests: (stage: Stage) => void): void {
  const shown = browserPath === undefined ? `${name} (NOT RUN: no Chromium here; set CHROMIUM to its path)` : name
  describe.skipIf(browserPath === undefined)(shown, () => {
    let browser: Browser
    let built: Awaited<ReturnType<typeof buildPage>>
    const nodes: ServedNode[] = []
    const opened: WatchedPage[] = []

    beforeAll(async () => {
      await mkdir(ARTEFACTS, { recursive: true })
      ;[browser, built] = await Promise.all([launch(), buildPage()])
    })
    afterAll(async () => {
      await browser.close()
      await built[Symbol.asyncDispose]()
    })
    afterEach(async () => {
      await Promise.all(opened.splice(0).map(({ page }) => page.context().close()))
      await Promise.all(nodes.splice(0).map((node) => node.stop()))
    })

    tests({
      get browser() { return browser },
      get pageFolder() { return built.folder },
      async start(options) {
        const node = await serveNode(built.folder, options)
        nodes.push(node)
        return node
      },
      async visit(address, view) {
        const watched = await open(browser, address, view)
        opened.push(watched)
        return watched
      },
    })
  })
}
