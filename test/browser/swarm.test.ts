/** A swarm's page in a real browser, on real nodes. */
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { createSwarmServer } from '../../src/swarm-http/server.ts'
import { TOKEN } from '../http/serve.ts'
import { serveSwarm, type ServedSwarm } from '../swarm-http/serve.ts'
import { violationsOf } from './axe.ts'
import { ARTEFACTS, onStage } from './stage.ts'

onStage('a swarm’s page', (stage) => {
  const start = async (nodes: number): Promise<ServedSwarm> => {
    const served = await serveSwarm({ nodes }, { pageFolder: stage.pageFolder })
    onTestFinished(() => served[Symbol.asyncDispose]())
    return served
  }
  const { visit } = stage
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  /** The colours that the network shows now. */
  const colours = (page: Page): Promise<number> =>
    page.locator('.member:not(.off)').evaluateAll((all) => new Set(all.map((node) => (node as unknown as { style: CSSStyleDeclaration }).style.getPropertyValue('--hue'))).size) // an SVG element has a style
  const story = (page: Page, says: RegExp) => page.locator('.story').filter({ hasText: says }).waitFor()

  test('a fork and its end: part by a line, mine on both sides, see two colours, heal, see one', async () => {
    const { server, swarm } = await start(4)
    const { page, complaints } = await visit(`${server.url}/#token=${TOKEN}`)
    await story(page, /All agree on genesis/)
    expect(page.url()).toBe(`${server.url}/`)
    const [fox, owl, elk, hare] = swarm.nodes.map(({ name }) => name)
    await button(page, 'Mine a block').click()
    await story(page, /All agree on block 1\./)
    expect(await colours(page)).toBe(1)

    // Above lies the first node, then clockwise: a level line a little below the middle has three above it.
    const box = (await page.locator('.network svg').boundingBox())!
    await page.mouse.move(box.x + 20, box.y + box.height * 0.7)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width - 20, box.y + box.height * 0.7, { steps: 3 })
    await page.locator('.stroke text').getByText('parts it into').waitFor()
    await page.mouse.up()
    const unbroken = (name = ''): string => name.replace('-', '\u2011')
    await story(page, new RegExp(`parted: ${[fox, owl, hare].map(unbroken).join(', ')} \\| ${unbroken(elk)}\\. All still agree on block 1`))
    expect(await page.locator('.edge.cut').count()).toBe(3)

    const row = (name = '') => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) })
    const reaches = (name: string | undefined, height: number) => row(name).locator('.block').filter({ hasText: new RegExp(`^\\s*${height} `) }).waitFor()
    await row(elk).getByRole('button', { name: 'Mine one' }).click()
    await reaches(elk, 2)
    for (const height of [2, 3]) {
      await row(owl).getByRole('button', { name: 'Mine one' }).click()
      await reaches(hare, height)
      await reaches(fox, height)
    }
    await story(page, /2 branches since block 1\./)
    expect(await colours(page)).toBe(2)
    expect(await page.locator('.caption.here').allInnerTexts()).toEqual(expect.arrayContaining(['3 nodes', elk]))
    await page.screenshot({ path: `${ARTEFACTS}swarm-parted.png` })

    await button(page, 'Heal the network').click()
    await story(page, /All agree again, on block 3: 1 block left, 2 entered\./)
    expect(await colours(page)).toBe(1)
    await page.getByText('nobody’s any more').waitFor()
    expect(await page.locator('.edge.cut').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('chosen nodes are parted, killed and started again, one joins, latency is set, and mining goes on and on', async () => {
    const { server, swarm } = await start(3)
    const { page, complaints } = await visit(`${server.url}/#token=${TOKEN}`)
    const [fox, owl] = swarm.nodes.map(({ name }) => name)
    await page.getByRole('checkbox', { name: `choose ${owl}` }).check()
    await page.getByText(`Chosen: ${owl}`).waitFor()
    await button(page, 'Part from the others').click()
    await story(page, /parted/)
    expect(swarm.links.isCut(0, 1) && swarm.links.isCut(1, 2) && !swarm.links.isCut(0, 2)).toBe(true)
    await button(page, 'Heal the network').click()
    await story(page, /All agree on genesis/)

    await page.locator(`.member[data-node="${fox}"] .initial`).click()
    await button(page, 'Kill').click()
    await page.locator(`.member.off[data-node="${fox}"]`).waitFor()
    expect(swarm.running).toEqual([1, 2])
    await button(page, 'Restart').click()
    await page.locator(`.member:not(.off)[data-node="${fox}"]`).waitFor()
    await button(page, 'Choose none').click()

    await button(page, 'Add a node').click()
    await page.getByRole('banner').getByText('4 nodes').waitFor()
    const latency = page.getByRole('slider', { name: 'Latency' })
    await latency.focus()
    await latency.press('ArrowRight')
    await page.locator('output').getByText('10 ms').waitFor()
    await button(page, 'Mine on and on').click()
    await page.locator('.member.busy').first().waitFor()
    await page.locator('.stone').nth(3).waitFor()
    await button(page, 'Stop mining').click()
    await page.locator('.member.busy').first().waitFor({ state: 'detached' })
    expect(swarm.links.between(0, 1).latencyMs).toBe(10)
    expect(complaints).toEqual([])
  })

  test('without the token it reads only, and says how to get it; the node’s page is not there', async () => {
    const { server, swarm } = await start(2)
    const { page, complaints } = await visit(server.url)
    await page.getByRole('alert').getByText('open the address that cairn swarm printed').waitFor()
    await swarm.nodes[1]!.mine(1)
    await story(page, /All agree on block 1/)
    expect(await page.locator('main').getByRole('button').count()).toBe(0)
    expect(await page.getByRole('switch').count()).toBe(0)
    expect(complaints).toEqual([])
    expect((await fetch(`${server.url}/index.html`)).status).toBe(404)
    await page.goto(`${server.url}/#token=${'0'.repeat(64)}`)
    await page.getByRole('alert').getByText('not this swarm’s').waitFor()
  })

  test('a single link by click: cut, healed, slow, as the others again; by keyboard too; and payments as many as are asked for', async () => {
    const { server, swarm } = await start(3)
    const { page, complaints } = await visit(`${server.url}/#token=${TOKEN}`)
    const [fox, owl, elk] = swarm.nodes.map(({ name }) => name)
    const menu = (one = '', other = '') => page.getByRole('group', { name: `Link between ${one} and ${other}`, exact: true })
    // Above lies the first node, the second to the right of it below: halfway between them lies nothing else.
    const near = (await page.locator('[data-link="0-1"]').boundingBox())!
    await page.mouse.click(near.x + near.width / 2, near.y + near.height / 2)
    const first = menu(fox, owl)
    await first.getByText('connected', { exact: true }).waitFor()
    await first.getByRole('button', { name: 'Cut this link' }).click()
    await first.getByText('cut: nothing passes').waitFor()
    expect([swarm.links.isCut(0, 1), swarm.links.isCut(1, 2)]).toEqual([true, false])
    expect(await page.locator('.edge.cut').count()).toBe(1)
    await story(page, /All agree on genesis/)
    await first.getByRole('button', { name: 'Heal this link' }).click()
    await first.getByText('connected', { exact: true }).waitFor()
    const latency = first.getByRole('slider', { name: 'Latency' })
    await latency.focus()
    await latency.press('ArrowRight')
    await page.locator('text.own').getByText('10 ms').waitFor()
    expect([swarm.links.between(1, 0).latencyMs, swarm.links.between(1, 2).latencyMs]).toEqual([10, 0])
    await first.getByRole('button', { name: 'As every link' }).click()
    await page.locator('text.own').waitFor({ state: 'detached' })
    expect(swarm.links.between(0, 1).latencyMs).toBe(0)

    await page.keyboard.press('Escape')
    await first.waitFor({ state: 'detached' })
    for (const name of [owl, elk]) await page.getByRole('checkbox', { name: `choose ${name}` }).press('Space')
    await button(page, 'The link between them').press('Enter')
    await page.keyboard.press('Tab') // the menu has the keyboard
    await page.keyboard.press('ArrowRight')
    await page.locator('text.own').getByText('10 ms').waitFor()
    await page.keyboard.press('Escape')
    await menu(owl, elk).waitFor({ state: 'detached' })
    expect(await page.evaluate('document.activeElement.textContent')).toBe('The link between them')

    await button(page, 'Choose none').click()
    const payments = page.getByRole('slider', { name: 'Payments' })
    await payments.focus()
    await payments.press('End')
    await page.locator('output').getByText('240 / min').waitFor()
    await button(page, 'Mine a block').click()
    await page.getByText(/^\d+ payments? so far/).waitFor()
    const paid = page.locator('.stone[title*=" payment"]')
    for (let height = 2; (await paid.count()) === 0; height++) { // whom the lot names may not have heard of a payment yet
      await button(page, 'Mine a block').click()
      await story(page, new RegExp(`All agree on block ${height}\\.`))
    }
    expect(complaints).toEqual([])
  })

  test('on a phone: a line drawn sideways by finger parts the network, one drawn down scrolls the page', async () => {
    const { server, swarm } = await start(4)
    const { page, complaints } = await visit(`${server.url}/#token=${TOKEN}`, { width: 390, height: 844, touch: true })
    await page.getByText('A line drawn sideways through the network parts it.').waitFor()
    const box = (await page.locator('.network svg').boundingBox())!
    const cdp = await page.context().newCDPSession(page)
    const swipe = async (from: [number, number], to: [number, number]): Promise<void> => {
      const steps = [0, 0.1, 0.2, 0.4, 0.6, 0.8, 1]
      for (const [at, share] of steps.entries()) {
        const touchPoints = [{ x: from[0] + (to[0] - from[0]) * share, y: from[1] + (to[1] - from[1]) * share }]
        await cdp.send('Input.dispatchTouchEvent', { type: at === 0 ? 'touchStart' : 'touchMove', touchPoints })
      }
      await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    }
    const level = box.y + box.height * 0.7
    await swipe([box.x + 10, level], [box.x + box.width - 10, level + 5])
    await story(page, /The network is parted/)
    expect([swarm.links.isCut(0, 1), swarm.links.isCut(0, 2), swarm.links.isCut(1, 3)]).toEqual([false, true, false])
    expect(await page.evaluate('scrollY')).toBe(0)
    await page.locator('[data-link="0-2"]').dispatchEvent('click')
    await page.getByRole('button', { name: 'Heal this link' }).click()
    await story(page, /All agree on genesis/)
    await button(page, 'Heal the network').click()
    await expect.poll(() => swarm.edges.some(([a, b]) => swarm.links.isCut(a, b))).toBe(false)
    await page.evaluate('scrollTo(0, 0)')
    await swipe([box.x + 30, level], [box.x + 30, level - 250])
    await expect.poll(() => page.evaluate('scrollY')).toBeGreaterThan(100)
    expect(swarm.edges.some(([a, b]) => swarm.links.isCut(a, b))).toBe(false)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    expect(complaints).toEqual([])
  })

  test('axe finds nothing: a menu open, nodes chosen, one killed, parted; without the token; all dead; the swarm gone', async () => {
    const { server, swarm } = await start(4)
    const { page } = await visit(`${server.url}/#token=${TOKEN}`, { reducedMotion: 'reduce' })
    await swarm.nodes[0]!.mine(2)
    const clean = async (what: string): Promise<void> => {
      for (const [colorScheme, width, height] of [['light', 1440, 900], ['dark', 390, 844]] as const) {
        await page.setViewportSize({ width, height })
        await page.emulateMedia({ colorScheme })
        expect(await violationsOf(page), `${what}, ${width} px, ${colorScheme}`).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth'), what).toBe(width)
      }
    }
    await story(page, /All agree on block 2/)
    await page.locator('[data-link="0-1"]').dispatchEvent('click')
    await page.getByRole('button', { name: 'Cut this link' }).waitFor()
    await clean('a menu')
    await page.getByRole('checkbox', { name: `choose ${swarm.nodes[1]!.name}` }).check()
    await page.getByRole('checkbox', { name: `choose ${swarm.nodes[2]!.name}` }).check()
    await swarm.partition([[0, 1], [2, 3]])
    await swarm.kill(3)
    await page.locator('.member.off').waitFor()
    await clean('parted, chosen, killed')
    for (const at of swarm.running) await swarm.kill(at)
    await story(page, /No node runs/)
    expect(await violationsOf(page)).toEqual([])
    await server.stop()
    await page.getByRole('alert').getByText('goes on by itself').waitFor()
    await clean('gone')
    expect(await page.locator('main').getByRole('button').count()).toBe(0)

    // Another server at the same address, for the same swarm.
    await swarm.restart(0)
    const { log } = swarm.nodes[0]!
    const back = await createSwarmServer(swarm, { host: '127.0.0.1', port: Number(new URL(server.url).port), explicitPort: true, token: TOKEN, log, pageFolder: stage.pageFolder })
    onTestFinished(() => back.stop())
    await back.start()
    await button(page, 'Choose none').click()
    await button(page, 'Add a node').waitFor()
    await page.getByRole('alert').getByText('goes on by itself').waitFor({ state: 'detached' })
    const { page: reading } = await visit(server.url, { reducedMotion: 'reduce' })
    await reading.getByRole('alert').getByText('Reading only').waitFor()
    expect(await violationsOf(reading)).toEqual([])
  })
})
