/**
 * What the page costs those who look at it: the page as it is built, of a real node in this process, in the system's
 * Chromium. How each time is taken is in page/watch.ts. Rivals: a page of one line from the same kind of server, and the
 * frames of a page that rests.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { violationsOf } from '../browser/axe.ts'
import { browserPath, buildPage, launch, open, type ServedNode, serveNode } from '../browser/page.ts'
import { type Benchmark, figureOf } from './figure.ts'
import { Feed, feedParams } from './page/feed.ts'
import { eventsToStones, framesWhile, heapMb, opening, openingBlank, watch } from './page/watch.ts'

const OPENINGS = 5
const EVENTS = 40
const LONG = 10_000
/** What goes on for a while, and with `--full` for a minute, on a chain that is this long before. */
const TREE = 5_000
const BLOCKS_PER_SECOND = 20
const WARM_S = 5
const WHILE_S = 20
const MINUTE_S = 60
/** Of the page, until it holds as many blocks as it ever does. */
const FILLING = 2_200
/** Blocks at once that it follows one by one. */
const AT_ONCE = 400

export const benchmark: Benchmark = async (report, { full }) => {
  if (browserPath === undefined) throw new Error('no Chromium here: install it, or set CHROMIUM to its path')
  await using cleared = new AsyncDisposableStack()
  const built = cleared.use(await buildPage())
  const browser = cleared.adopt(await launch(), (running) => running.close())
  const serving = async (folder = built.folder): Promise<{ served: ServedNode; feed: Feed }> => {
    const served = cleared.adopt(await serveNode(folder, { name: 'fox', network: feedParams() }), (node) => node.stop())
    return { served, feed: new Feed(served.node) }
  }

  const blankFolder = cleared.adopt(mkdtempSync(join(tmpdir(), 'cairn-blank-')), (folder) => rmSync(folder, { recursive: true }))
  writeFileSync(join(blankFolder, 'index.html'), '<!doctype html><html lang="en"><title>Blank</title><p>A page of one line.\n')
  const blank = await serving(blankFolder)
  const { served, feed } = await serving()

  const openAt = async (height: number, goalMs: number): Promise<void> => {
    await feed.upTo(height)
    await opening(browser, served.address) // the node decodes what it has not shown before
    const found = []
    const blankMs: number[] = []
    for (let at = 0; at < OPENINGS; at += 1) {
      blankMs.push(await openingBlank(browser, blank.served.url))
      found.push(await opening(browser, served.address))
    }
    const where = `at ${height.toLocaleString('en').replace(',', ' ')} blocks`
    const painted = found.map(({ paintedMs }) => paintedMs)
    report(figureOf({ name: `first paint with content, ${where}`, unit: 'ms', runs: painted, atMost: goalMs }))
    report(figureOf({ name: 'the same beside a page of one line', unit: 'ms', runs: painted, limitRuns: blankMs }))
    report(figureOf({ name: `the tree drawn, ${where}`, unit: 'ms', runs: found.map(({ stonesMs }) => stonesMs), atMost: 1_000 }))
  }

  await openAt(100, 500)
  const watched = await watch(browser)
  await watched.page.goto(served.address)
  await watched.drawn(served.node.chain.tip.hash)
  const taken = await eventsToStones(served.node, watched, EVENTS, () => feed.upTo(served.node.chain.tip.height + 1))
  report(figureOf({ name: 'from the chain’s event to the drawn stone', unit: 'ms', runs: taken, atMost: 100 }))
  report(figureOf({ name: 'the slowest of these', unit: 'ms', runs: [Math.max(...taken)], atMost: 100 }))

  await feed.upTo(TREE - FILLING)
  for (let height = TREE - FILLING; height <= TREE; height += AT_ONCE) {
    await feed.upTo(Math.min(height, TREE))
    await watched.drawn(served.node.chain.tip.hash)
  }
  const resting = await framesWhile(await restingPage(browser, blank.served.url), () => pause(5_000))
  await feedFor(feed, WARM_S) // or what is compiled and cached at first would count as growth
  const before = await heapMb(watched.page)
  const seconds = full ? MINUTE_S : WHILE_S
  const busy = await framesWhile(watched.page, () => feedFor(feed, seconds))
  const after = await heapMb(watched.page)
  report(figureOf({ name: `${BLOCKS_PER_SECOND} blocks a second for ${seconds} s, with forks: frames`, unit: 'frames/s', runs: busy.perSecond, atLeast: 50 }))
  report(figureOf({ name: 'the same beside a page that rests', unit: 'frames/s', runs: busy.perSecond, limitRuns: resting.perSecond, atLeast: 0.9 }))
  report(figureOf({ name: 'the longest time between two frames', unit: 'ms', runs: [busy.longestMs], limitRuns: [resting.longestMs] }))
  report(figureOf({ name: 'memory after that, beside before', unit: 'MB', runs: [after], limitRuns: [before], atMost: 1.1 }))
  report(figureOf({ name: 'stones drawn', unit: 'stones', runs: [await watched.page.locator('.stone').count()] }))
  await watched.context.close()

  await openAt(LONG, 1_000)
  await judge(browser, served, built.folder, report)
}

/** What is no question of time. */
async function judge(browser: Browser, served: ServedNode, folder: string, report: Parameters<Benchmark>[0]): Promise<void> {
  const complaints: string[] = []
  const violations: string[] = []
  for (const width of [1440, 390]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const visited = await open(browser, served.address, { width, colorScheme, reducedMotion: 'reduce' })
      const linked = await visited.page.locator('nav[aria-label="Views"] a').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
      for (const view of [...linked, '#/block/9999', '#/search/badger']) {
        await visited.page.goto(`${served.url}/${view}`)
        await visited.page.locator('main').waitFor()
        await visited.page.getByText('Reading…').waitFor({ state: 'detached' })
        violations.push(...(await violationsOf(visited.page)))
      }
      complaints.push(...visited.complaints)
      await visited.page.context().close()
    }
  }
  const policy = (await fetch(served.url)).headers.get('content-security-policy') ?? "'unsafe-all'"
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((entry) => entry.isFile())
  const gzipped = files.reduce((sum, { parentPath, name }) => sum + gzipSync(readFileSync(join(parentPath, name))).length, 0)
  report(figureOf({ name: 'axe: violations in every view, both schemes, wide and narrow', unit: 'violations', runs: [violations.length], atMost: 0 }))
  report(figureOf({ name: 'requests to others, and errors in the console', unit: 'complaints', runs: [complaints.length], atMost: 0 }))
  report(figureOf({ name: 'unsafe-* in the Content-Security-Policy', unit: 'exceptions', runs: [policy.split('unsafe-').length - 1], atMost: 0 }))
  report(figureOf({ name: 'the whole page, gzipped', unit: 'kB', runs: [gzipped / 1_000], atMost: 150 }))
}

async function restingPage(browser: Browser, address: string) {
  const { page } = await watch(browser)
  await page.goto(address)
  return page
}

/** Adds blocks at a steady pace; one that is late does not make those after it late. */
async function feedFor(feed: Feed, seconds: number): Promise<void> {
  const began = performance.now()
  for (let at = 0; at < seconds * BLOCKS_PER_SECOND; at += 1) {
    await pause(began + (at * 1_000) / BLOCKS_PER_SECOND - performance.now())
    await feed.one()
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
