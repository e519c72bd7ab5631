/** The page for those who use it otherwise: by keyboard, by ear, without motion, from the last row, on a very long chain. */
import { copyFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { parseParams } from '../../src/consensus/params.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import type { NodeOptions } from '../../src/node/options.ts'
import { headersFile } from '../bench/chain/fixture.ts'
import { violationsOf } from './axe.ts'
import { tileShows } from './page.ts'
import type { ServedNode } from './page.ts'
import { ARTEFACTS, onStage } from './stage.ts'

/** Hashes with zeros that work bought, still found at once. */
const CARE = parseParams({ name: 'care', initialBits: 0x1f01_0000, halfLifeBlocks: 0 })

onStage('care', ({ start, visit }) => {
  /** Fox's two blocks lose against owl's five; fox's page may be open meanwhile. */
  const forked = async (network: NodeOptions['network'] = 'local', meanwhile = async (_fox: ServedNode): Promise<void> => {}) => {
    const [fox, owl] = [await start({ name: 'fox', network }), await start({ name: 'owl', network })]
    await fox.node.mine(2)
    await meanwhile(fox)
    await owl.node.mine(5)
    await owl.node.network.dial(fox.node.network.addresses[0] ?? '')
    await fox.node.untilBlock(owl.node.chain.tip.hash)
    return { fox, owl }
  }
  /** The views that the page itself leads to. */
  const inNavigation = async (page: Page): Promise<string[]> => {
    const links = await page.locator('nav[aria-label="Views"] a').evaluateAll((found) => found.map((link) => link.getAttribute('href') ?? ''))
    expect(links).toContain('#/wall')
    return links
  }
  /** Goes to a view and waits until it shows what it is about. */
  const show = async (page: Page, address: string): Promise<void> => {
    await page.goto(address)
    await page.locator('.tiles dd, .view h2').first().waitFor()
    await page.getByText('Reading…').waitFor({ state: 'detached' })
  }
  /** What the keyboard is on: its text, without line breaks. */
  const focus = (page: Page): Promise<string> =>
    page.evaluate("(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).replace(/\\s+/g, ' ').trim()")

  test('axe finds nothing in any view: with everything in it, light and dark, wide and narrow', async () => {
    const { fox, owl } = await forked(CARE)
    await fox.node.mine(1) // and so has something to pay with
    const pay = () => toHex(transactionId(fox.node.send({ recipient: owl.node.wallet.default.account, amount: 9, fee: 1, memo: 'for the climb' }).transaction))
    const id = pay()
    await fox.node.mine(1)
    pay()
    const { page, complaints } = await visit(fox.address, { reducedMotion: 'reduce' })
    const views = [
      ...(await inNavigation(page)), `#/block/${fox.node.chain.tip.hash}`, '#/block/0', `#/transaction/${id}`, `#/search/badger`,
      `#/account/${toAddress(owl.node.wallet.default.account)}`,
    ]
    for (const view of views) {
      await show(page, `${fox.url}/${view}`)
      if (view === '#/charts') await page.locator('canvas').first().waitFor()
      // Each scheme and each width once: what the one decides is no matter of the other. `npm run bench -- page` has all four.
      for (const [colorScheme, width, height] of [['light', 1440, 900], ['dark', 390, 844]] as const) {
        await page.setViewportSize({ width, height })
        await page.emulateMedia({ colorScheme })
        expect(await violationsOf(page), `${view}, ${width} px, ${colorScheme}`).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth'), view).toBe(width)
      }
    }
    expect(complaints).toEqual([])
  }, 180_000)

  test('axe finds nothing where there is nothing: height 0, no peers, no token, no node', async () => {
    const fox = await start({ name: 'fox' })
    for (const address of [fox.address, fox.url]) {
      const { page } = await visit(address, { reducedMotion: 'reduce' })
      for (const view of [...(await inNavigation(page)), `#/account/${toAddress(fox.node.wallet.default.account)}`]) {
        await show(page, `${fox.url}/${view}`)
        expect(await violationsOf(page), view).toEqual([])
      }
    }
    const { page } = await visit(`${fox.url}/#/wall`, { reducedMotion: 'reduce' })
    await page.getByText('To join from another machine of this LAN').waitFor()
    await page.getByText(/npx cairn start --network local --peer /).waitFor()
    await fox.unserve()
    await page.getByRole('alert').getByText('To start it again: cairn start').waitFor()
    expect(await violationsOf(page)).toEqual([])
  }, 180_000)

  test('by keyboard alone: past the header, to search, over the tree, into a block; nothing is out of reach', async () => {
    const { fox } = await forked()
    const { page } = await visit(fox.address)
    await page.getByRole('link', { name: 'Block 2, beside the chain, by fox, empty' }).waitFor()
    await page.keyboard.press('Tab')
    expect(await focus(page)).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.tagName')).toBe('MAIN')
    expect(page.url()).toBe(`${fox.url}/`)
    await page.keyboard.press('/')
    expect(await focus(page)).toBe('Search')

    // From stone to stone: the tip, two back, down to the branch that lost, to its start and the block that it left.
    await page.evaluate("document.querySelector('main').focus()")
    await page.keyboard.press('Tab')
    const walk: [string, RegExp][] = [
      ['ArrowLeft', /^Block 4, by owl/], ['ArrowRight', /^Block 5, the tip/], ['Home', /^Block 0: genesis/], ['End', /^Block 5, the tip/],
      ['ArrowDown', /^Block 2, beside the chain, by fox/], ['ArrowLeft', /^Block 1, beside the chain/], ['ArrowLeft', /^Block 0: genesis/],
      ['ArrowRight', /^Block 1, by owl/],
    ]
    expect(await focus(page)).toMatch(/^Block 5, the tip/)
    for (const [key, stone] of walk) {
      await page.keyboard.press(key)
      expect(await focus(page), key).toMatch(stone)
    }
    // Tab leaves the tree, and comes back to where one stood.
    await page.keyboard.press('Tab')
    expect(await focus(page)).toMatch(/^Mine the next block/)
    await page.keyboard.press('Shift+Tab')
    expect(await focus(page)).toMatch(/^Block 1, by owl/)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Block 1', level: 2 }).waitFor()
    expect(await focus(page)).toBe('Block 1')

    // Round the whole page: each stop can be seen, and there is one for all that can be used.
    await page.goto(`${fox.url}/#/`)
    await page.locator('.stone').first().waitFor()
    await page.evaluate('(document.activeElement.blur(), scrollTo(0, 0))')
    const stops = new Set<string>()
    const unseen: string[] = []
    const usable = await page.locator('a[href]:not([tabindex="-1"]), button:enabled, input:enabled, summary, pre[tabindex="0"]').count()
    while (stops.size < usable) {
      await page.keyboard.press('Tab')
      const stop = await page.evaluate<{ name: string; seen: boolean }>(`(() => {
        const at = document.activeElement
        if (at === document.body) return { name: 'none', seen: true }
        const { outlineStyle, outlineWidth } = getComputedStyle(at)
        const name = [...document.querySelectorAll('*')].indexOf(at) + ' ' + at.outerHTML.slice(0, 80)
        return { name, seen: (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || at.matches('.skip') }
      })()`)
      if (stops.has(stop.name)) break // once round
      if (stop.name === 'none') continue // the browser's own
      stops.add(stop.name)
      if (!stop.seen) unseen.push(stop.name)
    }
    expect(unseen).toEqual([])
    expect(stops.size).toBe(usable)
  })

  test('a stone that moves out of sight under the keyboard hands it to the oldest that is drawn', async () => {
    const fox = await start({ name: 'fox' })
    await fox.node.mine(30)
    const { page } = await visit(fox.address)
    await page.getByRole('link', { name: /^Block 30, the tip/ }).focus()
    await page.keyboard.press('Home')
    const oldest = Number(/^Block (\d+)/.exec(await focus(page))?.[1])
    expect(oldest).toBeGreaterThan(10)
    await fox.node.mine(3)
    await tileShows(page, 'Height', '33')
    await expect.poll(() => focus(page)).toMatch(new RegExp(`^Block ${oldest + 3}, by fox`))
  })

  test('a screen reader is told of what matters, and of no block in particular', async () => {
    const fox = await start({ name: 'fox' })
    const { page } = await visit(fox.address)
    await tileShows(page, 'Height', '0')
    await page.getByText('No peers yet').waitFor()
    await page.evaluate(`
      window.told = []
      for (const region of document.querySelectorAll('[role=status], [role=alert], [aria-live]')) {
        let said = region.textContent
        new MutationObserver(() => {
          if (region.textContent !== said) window.told.push(said = region.textContent)
        }).observe(region, { childList: true, characterData: true, subtree: true })
      }
    `)
    for (let height = 1; height <= 3; height += 1) {
      await fox.node.mine(1)
      await tileShows(page, 'Height', String(height))
    }
    expect(await page.evaluate('window.told')).toEqual([])
    await fox.unserve()
    await page.getByRole('alert').getByText('does not answer').waitFor()
    const told = await page.evaluate<string[]>('window.told')
    expect(new Set(told)).toEqual(new Set(['node not reachable', expect.stringMatching(/^This node does not answer/)]))
  })

  test('the wall: big, nothing to click, still there after a reload and when the node is back', async () => {
    const { fox, owl } = await forked()
    const { page, complaints } = await visit(`${fox.address}&/wall`)
    await tileShows(page, 'Height', '5')
    expect(await page.locator('a, button, input').allInnerTexts()).toEqual(['Full screen', 'Leave'])
    const height = (selector: string) => page.locator(selector).first().evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize))
    expect(await height('.tiles dd')).toBeGreaterThan(40)
    expect(await height('.news li')).toBeGreaterThan(20)
    expect((await page.locator('.ring').boundingBox())?.width).toBeGreaterThan(110)
    await owl.node.mine(1)
    await tileShows(page, 'Height', '6')
    await page.locator('.news').getByText('owl mined block 6, empty').waitFor()
    expect(await page.evaluate('[document.documentElement.scrollWidth, document.documentElement.scrollHeight]')).toEqual([1440, 900])
    await page.screenshot({ path: `${ARTEFACTS}wall.png` })
    await page.reload()
    await tileShows(page, 'Height', '6')
    expect(page.url()).toBe(`${fox.url}/#/wall`)
    await page.getByRole('button', { name: 'Full screen' }).click()
    await expect.poll(() => page.evaluate('document.fullscreenElement !== null')).toBe(true)
    await page.getByRole('button', { name: 'Full screen' }).waitFor({ state: 'detached' })
    await page.evaluate('document.exitFullscreen()')
    await page.getByRole('button', { name: 'Full screen' }).waitFor()
    expect(complaints).toEqual([])
    await fox.unserve()
    await page.getByRole('alert').getByText('goes on by itself').waitFor()
    await fox.serve()
    await page.locator('.news').getByText(/this node answers again, after \d+ s/).waitFor()
    await page.getByRole('alert').waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.getByRole('navigation', { name: 'Views' }).waitFor()
  })

  test('a switch of branches is seen: blocks leave in turn, others come; without motion at once', async () => {
    const record = `
      window.moved = []
      addEventListener('animationstart', (event) => window.moved.push(event.animationName + ' ' + event.target.closest('.stone')?.className))
    `
    const pages: Page[] = []
    await forked('local', async (fox) => {
      for (const reducedMotion of ['no-preference', 'reduce'] as const) {
        const { page } = await visit(fox.address, { reducedMotion })
        await tileShows(page, 'Height', '2')
        await page.evaluate(record)
        pages.push(page)
      }
    })
    const [moving, still] = pages
    for (const page of pages) {
      await page.getByText(/which has more work: 2 blocks out/).waitFor()
      expect(await page.locator('.stone.left.side').evaluateAll((stones) => stones.map((stone) => (stone as HTMLElement).style.getPropertyValue('--order')))).toEqual(['1', '0']) // of HTML, as the page makes them
      expect(await page.locator('.stone.entered').count()).toBeGreaterThanOrEqual(3)
    }
    await expect.poll(() => moving?.evaluate<string[]>('window.moved')).toEqual(
      expect.arrayContaining(['flash stone side left', expect.stringMatching(/^flash stone entered/), expect.stringMatching(/^settle stone entered/)]),
    )
    expect(await still?.evaluate('[window.moved, document.getAnimations().length]')).toEqual([[], 0])
  })

  test('ten thousand blocks: as much is drawn as of thirty, and it goes on', async () => {
    const data = await mkdtemp(join(tmpdir(), 'cairn-long-'))
    onTestFinished(() => rm(data, { recursive: true })) // after its node has stopped
    copyFileSync(headersFile(10_000), join(data, 'chain.sqlite'))
    const fox = await start({ name: 'fox', dataDir: data })
    const { page, complaints } = await visit(fox.address)
    await tileShows(page, 'Height', '10\u202f000')
    await page.getByText(/^9\u202f9\d\d earlier$/).waitFor()
    expect(await page.locator('.stone').count()).toBeLessThan(30)
    await page.getByRole('searchbox', { name: 'Search' }).fill('1234')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Block 1\u202f234', level: 2 }).waitFor()
    await page.getByText('8\u202f766 blocks on top').waitFor()
    await page.goBack()
    await fox.node.mine(40)
    await tileShows(page, 'Height', '10\u202f040')
    expect(await page.locator('.stone').count()).toBeLessThan(30)
    expect(await page.evaluate("document.querySelectorAll('*').length")).toBeLessThan(1_000)
    expect(complaints).toEqual([])
  })
})
