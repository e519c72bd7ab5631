/** The page in another language than English, in a real browser: every view of it, the choice, and what becomes of it. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { english } from '../../src/web/words/english.ts'
import { german } from '../../src/web/words/german.ts'
import { serveNode, tileShows, TOKEN } from './page.ts'
import type { ServedNode } from './page.ts'
import { ARTEFACTS, onStage } from './stage.ts'

/** All plain strings of a language by their paths. */
function strings(words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([name, part]) =>
    typeof part === 'string' ? [[`${path}.${name}`, part] as [string, string]] : typeof part === 'object' ? strings(part, `${path}.${name}`) : [])
}
const GERMAN = new Map(strings(german))
/** What German says otherwise, and nowhere else as English does. */
const ENGLISH_ONLY = new Set(strings(english).filter(([path, words]) => GERMAN.get(path) !== words).map(([, words]) => words))
for (const words of GERMAN.values()) ENGLISH_ONLY.delete(words)

/** Every piece of text on the page, shown, on hover or for a screen reader alone, but what the node says and what is marked as of another language. */
const pieces = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node instanceof Element) {
        for (const name of ['title', 'aria-label', 'aria-valuetext', 'placeholder']) found.push(node.getAttribute(name) ?? '')
      } else if (node.parentElement?.closest('[lang], pre, noscript') === null) {
        found.push(node.textContent ?? '')
      }
    }
    return found.map((piece) => piece.trim()).filter((piece) => piece !== '')
  })

onStage('the page in German', (stage) => {
  let fox: ServedNode
  let owl: ServedNode
  /** Where each thing is to be seen. */
  let views: Record<string, string>

  beforeAll(async () => {
    fox = await serveNode(stage.pageFolder, { name: 'fox' })
    owl = await serveNode(stage.pageFolder, { name: 'owl' })
    await owl.node.network.dial(fox.node.network.addresses[0] ?? '')
    await fox.node.mine(3)
    const pay = (amount: number): string =>
      toHex(transactionId(fox.node.send({ recipient: owl.node.wallet.default.account, amount, fee: 2 }).transaction))
    const id = pay(7)
    await fox.node.mine(1)
    views = {
      block: '/block/4', genesis: '/block/0', transaction: `/transaction/${id}`, pending: `/transaction/${pay(5)}`,
      account: `/account/${toAddress(owl.node.wallet.default.account)}`, nothing: '/search/badger',
    }
  })
  afterAll(async () => {
    await Promise.all([fox.stop(), owl.stop()])
  })

  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name, level: 2 }).first()
  const lang = (page: Page) => page.locator('html').getAttribute('lang')

  test('a German browser sees German on every view, at a desk and on a phone; nothing overflows', async () => {
    for (const [screen, width, height, colorScheme] of [['desk', 1440, 900, 'light'], ['phone', 390, 844, 'dark']] as const) {
      const { page, complaints } = await stage.visit(fox.address, { width, height, colorScheme, reducedMotion: 'reduce', locale: 'de-DE' })
      expect(await lang(page)).toBe('de')
      await tileShows(page, 'Höhe', '4')
      const links = await page.locator('header nav a').evaluateAll((all) => all.map((each) => each.getAttribute('href') ?? ''))
      const shown = { ...Object.fromEntries(links.map((href) => [href.slice(2) || 'overview', href.slice(1)])), ...views }
      expect(Object.keys(shown)).toEqual(expect.arrayContaining(['overview', 'network', 'block']))
      for (const [name, view] of Object.entries(shown)) {
        await page.goto(`${fox.url}/#${view}`)
        await page.locator('main').waitFor()
        if (name in views) await page.locator('.as-json, .kinds').first().waitFor()
        for (const waits of [german.views.loading, german.network.looking]) await page.getByText(waits).waitFor({ state: 'hidden' })
        expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBe(width)
        const left = (await pieces(page)).filter((piece) => ENGLISH_ONLY.has(piece))
        expect(left, `English on ${name}`).toEqual([])
        await page.screenshot({ path: `${ARTEFACTS}german-${name}-${screen}.png`, fullPage: true })
      }
      expect(complaints).toEqual([])
      await page.context().close()
    }
  })

  test('numbers, plurals and dates are German; another language is one click away and stays', async () => {
    const { page, complaints } = await stage.visit(`${fox.url}/#token=${TOKEN}&/block/4`, { locale: 'de-DE' })
    await heading(page, 'Block 4').waitFor()
    await page.getByRole('heading', { name: '1 Transaktion', level: 3 }).waitFor()
    await page.getByText(/\d\d\.\d\d\.\d{4}, \d\d:\d\d:\d\d, vor \d+ s/).waitFor()
    await page.getByText('die Spitze der Kette').waitFor()
    const german = page.getByRole('button', { name: 'Deutsch' })
    expect(await german.getAttribute('aria-pressed')).toBe('true')

    await page.getByRole('group', { name: 'Sprache' }).getByRole('button', { name: 'English' }).click()
    await page.getByText('the tip of the chain').waitFor()
    await page.getByRole('heading', { name: '1 transaction', level: 3 }).waitFor()
    expect(await lang(page)).toBe('en')
    expect(await german.getAttribute('aria-pressed')).toBe('false')
    await page.reload()
    await page.getByText('the tip of the chain').waitFor()
    // The view and the token are still there.
    expect(page.url()).toBe(`${fox.url}/#/block/${fox.node.chain.hashAt(4)}`)
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByRole('button', { name: 'Mine a block' }).waitFor()
    await german.click()
    await page.getByRole('button', { name: 'Einen Block schürfen' }).waitFor()
    // What the node says stays English, and is marked so.
    await owl.node.network.stop()
    await page.goto(`${fox.url}/#/network`)
    await page.getByText('und was zu tun ist, auf Englisch:').waitFor()
    await page.locator('.advice [lang=en]').getByText('This node listens on its loopback alone').waitFor()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('a browser that keeps nothing for pages shows the page too, and a choice in it', async () => {
    const context = await stage.browser.newContext({ locale: 'fr-FR' })
    await context.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage']) {
        Object.defineProperty(globalThis, name, { get() { throw new DOMException('The operation is insecure.', 'SecurityError') } })
      }
    })
    const page = await context.newPage()
    await page.goto(fox.address)
    await page.getByRole('button', { name: 'Mine a block' }).waitFor() // the token of its address is taken
    await page.getByRole('button', { name: 'Deutsch' }).click()
    await page.getByRole('link', { name: 'Übersicht' }).waitFor()
    expect(new URL(page.url()).search).toBe('?language=de')
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('link', { name: 'Overview' }).waitFor()
    await context.close()
  })
})
