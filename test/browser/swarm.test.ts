/** A swarm's page in a real browser, on real nodes. */
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { TOKEN } from '../http/serve.ts'
import { serveSwarm, type ServedSwarm } from '../swarm-http/serve.ts'
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
})
