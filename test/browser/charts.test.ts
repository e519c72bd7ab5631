/** The charts in a real browser, over a chain of hours that was made at once: the node's clock stands where it ends. */
import type { Locator, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src/chain/clock.ts'
import type { Block } from '../../src/consensus/types.ts'
import { groupStart } from '../../src/http/series/groups.ts'
import { violationsOf } from './axe.ts'
import { type Hours, makeHours } from './hours.ts'
import type { ServedNode } from './page.ts'
import { ARTEFACTS, onStage } from './stage.ts'

const HOUR_MS = 3_600_000

onStage('the charts', ({ start, visit }) => {
  let hours: Hours
  let fox: ServedNode
  let offsetMs = 0

  beforeAll(() => {
    hours = makeHours([[40, 3.2], [25, 0.8], [15, 12], [40, 3.2]])
  })

  /** A node that has these blocks, at a time after the last of them. */
  const serve = async (chain: readonly Block[], afterMs = 2_000): Promise<void> => {
    offsetMs = hours.endsAt + afterMs - Date.now()
    const clock = { ...systemClock, now: () => Date.now() + offsetMs }
    fox = await start({ name: 'fox', network: hours.blocks.params, clock })
    for (const block of chain) await fox.node.chain.add(block, 'sync')
  }
  const eventually = <Value>(of: () => Value) => expect.poll(of, { timeout: 20_000 })
  const plain = (text: string): string => text.replaceAll(/[\s\u202f]+/g, ' ').trim()
  const chart = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true })
  const plot = (page: Page, name: string): Locator => chart(page, name).getByRole('application')
  const reading = async (page: Page, name: string): Promise<string> => plain(await chart(page, name).locator('.reading').innerText())
  const blocksShown = async (page: Page): Promise<number> => Number(plain(await page.locator('.says').innerText()).replace(/ block.*/, '').replaceAll(' ', ''))
  const shows = (page: Page, blocks: number) => eventually(() => blocksShown(page)).toBe(blocks)
  /** Pixels of a chart that something is drawn on. */
  const drawnOn = (page: Page, name: string): Promise<number> =>
    chart(page, name).locator('canvas').evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement // it is one
      const pixels = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height).data
      return pixels.filter((value, at) => at % 4 === 3 && value > 0).length
    })
  /** How light what is drawn is, on average. */
  const lightnessOf = (canvas: Locator): Promise<number> => canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement // it is one
    const pixels = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height).data
    const drawn = [...pixels.keys()].filter((at) => at % 4 === 3 && pixels[at]! > 200)
    return drawn.reduce((sum, at) => sum + pixels[at - 2]!, 0) / drawn.length
  })
  const intervals = (chain: readonly Block[]): number[] =>
    chain.slice(1).map(({ header }, at) => header.timestamp - chain[at]!.header.timestamp)

  test('the last hour, day and all; a new block and another branch; zoom by pointer and keyboard; a table; nothing before it is opened', async () => {
    const { chain, blocks } = hours
    await serve(chain)
    const { page, complaints } = await visit(`${fox.url}/#/`)
    const files: string[] = []
    page.on('request', (request) => files.push(request.url()))
    expect(await page.locator('script, link[rel=stylesheet]').count()).toBe(2)
    await page.getByRole('link', { name: 'Charts', exact: true }).click()
    await page.getByRole('heading', { name: 'Charts', level: 2 }).waitFor()
    await plot(page, 'Block interval').waitFor()
    expect(files.some((file) => /Charts-.*\.js/.test(file))).toBe(true)

    // What is said is what the blocks say.
    const since = hours.endsAt - HOUR_MS
    const inHour = await blocksShown(page)
    const lastHour = chain.filter(({ header }) => header.timestamp > since)
    expect(Math.abs(inHour - lastHour.length), 'but for what left the hour meanwhile').toBeLessThanOrEqual(3)
    await page.getByRole('button', { name: 'All' }).click()
    await shows(page, chain.length)
    const mean = intervals(chain).reduce((sum, each) => sum + each) / (chain.length - 1)
    expect(await reading(page, 'Block interval')).toContain(`; mean ${(mean / 1_000).toFixed(1).replace('.0', '')} s; target 10 s.`)
    const paid = chain.reduce((sum, { body }) => sum + body.transactions.length, 0)
    expect(await reading(page, 'Transactions a block')).toContain(`; ${paid} in all.`)
    expect(plain(await plot(page, 'Difficulty').getAttribute('aria-label') ?? '')).toMatch(/^Difficulty\. Median .* hashes, from .* to .* hashes\.$/)
    await chart(page, 'Propagation').getByText('No block shown here came from another node').waitFor()
    for (const name of ['Block interval', 'Difficulty', 'Network hash rate', 'Transactions a block', 'Fees a block']) {
      expect(await drawnOn(page, name), name).toBeGreaterThan(1_000)
    }

    // Another branch: one block leaves, two come by gossip, with a fee that no other has.
    const last = chain.length
    const payment = { from: 'alice', to: 'bob', amount: 1, fee: 77, nonce: paid - chain.at(-1)!.body.transactions.length }
    const time = chain.at(-1)!.header.timestamp
    const fork = [blocks.block('fork 1', `h${last - 1}`, { timestamp: time + 1, transactions: [payment] }), blocks.block('fork 2', 'fork 1', { timestamp: time + 2 })]
    for (const { block } of fork) await fox.node.chain.add(block, 'gossip')
    await shows(page, last + 1)
    await eventually(() => reading(page, 'Fees a block')).toContain('to 77;')
    expect(await reading(page, 'Propagation')).toMatch(/^(Median .* s, from .* to .* s|.* s throughout)\.$/)
    // One more, at once.
    await fox.node.mine(1)
    await shows(page, last + 2)
    const table = chart(page, 'Block interval').locator('details')
    await table.getByText('As a table').click()
    await table.getByRole('row').nth(1).getByRole('link').waitFor()
    expect(plain(await table.getByRole('row').nth(1).getByRole('rowheader').innerText())).toMatch(new RegExp(`${last + 2}$`))
    await table.getByRole('button', { name: 'Show more' }).click()
    expect(await table.getByRole('row').count()).toBe(101)
    await table.getByText('As a table').click()

    await page.getByText('Each point stands for 2 blocks').waitFor()

    // By the pointer: a drag, a look, a double click.
    const over = chart(page, 'Difficulty').locator('.u-over')
    const { x, y, width } = (await over.boundingBox())!
    await page.mouse.move(x + width * 0.25, y + 60)
    await page.mouse.down()
    await page.mouse.move(x + width * 0.5, y + 70, { steps: 4 })
    await page.mouse.up()
    await eventually(() => blocksShown(page)).toBeLessThan(last * 0.6)
    await page.getByText('Each dot is a block').waitFor()
    expect(await blocksShown(page)).toBeGreaterThan(0)
    await page.mouse.move(x + width * 0.7, y + 60)
    await eventually(() => reading(page, 'Block interval')).toMatch(/^Block \d+, .*: .* (ms|s|min)$/)
    expect(await reading(page, 'Fees a block'), 'all charts are at the same block').toMatch(/^Block \d+, .*: \d+$/)
    await over.dblclick({ position: { x: 40, y: 60 } })
    await shows(page, last + 2)

    // By the keyboard.
    await plot(page, 'Block interval').focus()
    await page.keyboard.press('+')
    await eventually(() => blocksShown(page)).toBeLessThan(last + 2)
    const says = await page.locator('.says').innerText()
    await page.keyboard.press('Shift+ArrowRight')
    await eventually(() => page.locator('.says').innerText()).not.toBe(says)
    await page.keyboard.press('-')
    await page.keyboard.press('-')
    await shows(page, last + 2)
    await page.keyboard.press('End')
    await eventually(() => reading(page, 'Block interval')).toMatch(new RegExp(`^Blocks? .*${last + 2}, `))
    await page.keyboard.press('ArrowLeft')
    const before = groupStart(last + 2, 2) - 1
    await eventually(() => reading(page, 'Block interval')).toMatch(new RegExp(`^Blocks ${before - 1} to ${before}, `))
    await page.keyboard.press('Escape')
    await eventually(() => reading(page, 'Block interval')).toMatch(/^Median/)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: `Block ${last + 2}`, level: 2 }).waitFor()
    await page.goBack()
    await plot(page, 'Block interval').waitFor()
    await page.getByRole('button', { name: 'Last day' }).click()
    await shows(page, last + 2)
    // A name and its meaning.
    await page.getByRole('button', { name: 'Network hash rate' }).hover()
    await page.getByRole('tooltip').filter({ hasText: 'added up, divided by the time' }).waitFor()
    expect(complaints).toEqual([])
  })

  test('too few blocks, and none in the last hour: what to do; charts begin with the second block', async () => {
    await serve([])
    const { page, complaints } = await visit(`${fox.url}/#/charts`)
    await page.getByText('Charts begin with the second block').waitFor()
    await page.getByRole('link', { name: 'To the overview' }).waitFor()
    await fox.node.mine(1)
    await page.getByText('Charts begin with the second block').waitFor()
    await fox.node.mine(1)
    await shows(page, 2)
    expect(await reading(page, 'Block interval')).toMatch(/ throughout; target 10 s\.$/)
    offsetMs += 3 * HOUR_MS
    await page.reload()
    await page.getByText(/^No block in this time\. The newest is 3 h old/).waitFor()
    await page.getByRole('button', { name: 'Last day' }).click()
    await shows(page, 2)
    expect(complaints).toEqual([])
  })

  test('fits the screen: wide and narrow, light and dark; drawn in the colours of the moment', async () => {
    await serve(hours.chain.slice(0, -40))
    for (const block of hours.chain.slice(-40)) {
      offsetMs = block.header.timestamp + 200 + (block.header.nonce % 300) - Date.now()
      await fox.node.chain.add(block, 'gossip')
    }
    const { page, complaints } = await visit(`${fox.url}/#/charts`, { reducedMotion: 'reduce' })
    await plot(page, 'Propagation').waitFor()
    for (const [screen, width, height] of [['desk', 1440, 900], ['phone', 390, 844]] as const) {
      await page.setViewportSize({ width, height })
      const room = await plot(page, 'Difficulty').evaluate((box) => box.clientWidth)
      const canvas = chart(page, 'Difficulty').locator('canvas')
      await eventually(async () => Math.abs((await canvas.boundingBox())!.width - room)).toBeLessThan(2)
      let light = 0
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        if (colorScheme === 'light') light = await lightnessOf(canvas)
        else await eventually(() => lightnessOf(canvas)).not.toBe(light)
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
        await page.screenshot({ path: `${ARTEFACTS}charts-${screen}-${colorScheme}.png`, fullPage: true })
      }
    }
    await chart(page, 'Propagation').getByText('As a table').click()
    await chart(page, 'Propagation').getByRole('table').waitFor()
    expect(await violationsOf(page)).toEqual([])
    expect(complaints).toEqual([])
  })
})
