/** The page in a real browser, on real nodes. */
import { expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { networkParams } from '../../src/consensus/params.ts'
import { tileShows, TOKEN } from './page.ts'
import type { ServedNode } from './page.ts'
import { ARTEFACTS, onStage } from './stage.ts'

onStage('the page', ({ start, visit }) => {
  /** Two nodes that know each other. */
  const pair = async (): Promise<[ServedNode, ServedNode]> => {
    const [fox, owl] = [await start({ name: 'fox' }), await start({ name: 'owl' })]
    await owl.node.network.dial(fox.node.network.addresses[0] ?? '')
    return [fox, owl]
  }
  const picture = (name: string) => ({ path: `${ARTEFACTS}${name}.png` })

  test('at height 0 with 0 peers it says what to do, and a click mines the first block', async () => {
    const fox = await start({ name: 'fox' })
    const { page, complaints } = await visit(fox.address)
    await tileShows(page, 'Height', '0')
    await tileShows(page, 'Peers', '0')
    await page.getByText('Only genesis so far').waitFor()
    await page.getByText('No peers yet').waitFor()
    await page.getByText('mine a block, or let somebody pay').waitFor()
    await page.screenshot(picture('height-0'))
    await page.getByRole('button', { name: 'Mine the next block' }).click()
    await tileShows(page, 'Height', '1')
    await page.getByRole('link', { name: 'Block 1, the tip, by fox, empty' }).waitFor()
    await page.locator('.big').filter({ hasText: /^50$/ }).waitFor()
    expect(fox.node.chain.tip.height).toBe(1)
    expect(complaints).toEqual([])
  })

  test('the token leaves the address bar and lasts as long as the tab', async () => {
    const fox = await start({ name: 'fox' })
    const { page } = await visit(fox.address)
    await page.getByRole('button', { name: 'Mine a block' }).waitFor()
    expect(page.url()).toBe(`${fox.url}/`)
    await page.reload()
    await page.getByRole('button', { name: 'Mine a block' }).waitFor()
    const bare = await visit(`${fox.url}/#${TOKEN}`)
    await bare.page.getByRole('button', { name: 'Mine a block' }).waitFor()
  })

  test('without the token it reads only and says how to get it; pasting it later works', async () => {
    const fox = await start({ name: 'fox' })
    await fox.node.mine(2)
    const { page, complaints } = await visit(fox.url)
    await tileShows(page, 'Height', '2')
    await page.getByRole('alert').getByText('open the address that cairn start printed').waitFor()
    expect(await page.getByRole('button', { name: 'Mine block', exact: true }).isDisabled()).toBe(true)
    expect(await page.getByRole('button', { name: 'Mine the next block' }).count()).toBe(0)
    expect(await page.getByRole('form', { name: 'Send' }).count()).toBe(0)
    await page.getByRole('button', { name: 'View blockchain' }).click()
    await page.getByText('"length": 3').waitFor()
    expect(complaints).toEqual([])
    await page.goto(fox.address) // only what follows the # differs: the page stays
    await page.getByRole('button', { name: 'Mine a block' }).waitFor()
  })

  test('a wrong token is told', async () => {
    const fox = await start({ name: 'fox' })
    const { page } = await visit(`${fox.url}/#token=${'0'.repeat(64)}`)
    await page.getByRole('alert').getByText('not this node’s').waitFor()
    await tileShows(page, 'Height', '0')
    await page.reload()
    await page.getByRole('alert').getByText('Reading only').waitFor()
  })

  test('a payment is checked as one types, sent, pending, and then mined', async () => {
    const [fox, owl] = await pair()
    await fox.node.mine(1)
    await owl.node.mine(1)
    await fox.node.untilBlock(owl.node.chain.tip.hash)
    const { page, complaints } = await visit(fox.address)
    const owls = toAddress(owl.node.wallet.default.account)
    const form = page.getByRole('form', { name: 'Send' })
    const send = form.getByRole('button', { name: /^Send/ })
    await form.getByLabel('To').fill(`${owls.slice(0, -1)}${owls.endsWith('q') ? 'p' : 'q'}`)
    await form.getByText('a character is wrong').waitFor()
    await form.getByLabel('To').fill(owls)
    const whole = 'A whole number'
    const wrong = { '0': whole, '0.5': whole, '-1': whole, '1e3': whole, '50': 'More than you have' }
    for (const [amount, problem] of Object.entries(wrong)) {
      await form.getByLabel('Amount').fill(amount)
      await form.getByText(problem).waitFor()
      expect(await send.isDisabled(), amount).toBe(true)
    }
    await form.getByLabel('Amount').fill('49')
    await send.click()
    await form.getByRole('status').filter({ hasText: 'Sent 49' }).waitFor()
    await tileShows(page, 'Pending', '1')
    await page.locator('.news').getByText('fox sent 49 to owl, fee 1').waitFor()
    await page.locator('.pending').getByText('49, fee 1').waitFor()
    await page.locator('.big').filter({ hasText: '50 − 50 pending' }).waitFor()
    await owl.node.mine(1)
    await tileShows(page, 'Height', '3')
    await tileShows(page, 'Pending', '0')
    await page.locator('.big').filter({ hasText: /^0$/ }).waitFor()
    await page.locator('.news').getByText('owl mined block 3, with 1 transaction').waitFor()
    expect(complaints).toEqual([])
  })

  test('what another node does shows at once: blocks, the peer itself, its leaving', async () => {
    const [fox, owl] = await pair()
    const { page, complaints } = await visit(fox.address)
    await tileShows(page, 'Peers', '1')
    await page.locator('section', { hasText: 'Peers' }).locator('.who').getByText('owl').waitFor()
    await owl.node.mine(3)
    await tileShows(page, 'Height', '3')
    await page.getByRole('link', { name: /^Block 3, the tip/ }).waitFor()
    await owl.node.network.stop()
    await page.getByText('owl left').waitFor()
    await page.getByText('No peers yet').waitFor()
    expect(complaints).toEqual([])
  })

  test('a reorganisation: stones leave to the lower branch, and the news says why', async () => {
    const [fox, owl] = [await start({ name: 'fox' }), await start({ name: 'owl' })]
    await fox.node.mine(2)
    const { page, complaints } = await visit(fox.address)
    await tileShows(page, 'Height', '2')
    await owl.node.mine(5)
    await owl.node.network.dial(fox.node.network.addresses[0] ?? '')
    await tileShows(page, 'Height', '5')
    await page.getByText(/which has more work: 2 blocks out, [3-5] in/).waitFor() // three are enough to win; two may follow
    expect(await page.getByRole('link', { name: /beside the chain/ }).count()).toBe(2)
    await page.locator('.caption').getByText('branch had more work').waitFor()
    // Whoever comes later learns of the branch by asking.
    const later = await visit(fox.address, { colorScheme: 'dark' })
    await later.page.getByRole('link', { name: /^Block 2, beside the chain/ }).waitFor()
    await later.page.screenshot(picture('fork-dark'))
    expect([...complaints, ...later.complaints]).toEqual([])
  })

  test('the lab’s three cards work and show what the lab showed', async () => {
    const fox = await start({ name: 'fox' })
    const { page, complaints } = await visit(fox.address)
    const answer = page.locator('.lab-result pre')
    await page.getByRole('button', { name: 'Mine block', exact: true }).click()
    await answer.getByText('"previous_hash"').waitFor()
    expect(JSON.parse(await answer.innerText())).toMatchObject({ index: 2, transactions: [], added_by_node: 'fox' })
    const form = page.getByRole('form', { name: 'Create a transaction' })
    await form.getByLabel('Recipient').fill(toAddress(fox.node.wallet.default.account))
    await form.getByLabel('Amount').fill('30')
    await form.getByRole('button').click()
    await answer.getByText('"recipient"').waitFor()
    expect(JSON.parse(await answer.innerText())).toMatchObject({ amount: 30, added_by_node: 'fox' })
    await form.getByLabel('Amount').fill('abc')
    await form.getByRole('button').click()
    await page.locator('.lab-result .failed').waitFor()
    await page.getByRole('button', { name: 'View blockchain' }).click()
    await page.locator('.json').getByText('"length": 2').waitFor()
    const whole = await page.locator('.json').textContent() // its text, painted yet or not
    expect(JSON.parse(whole ?? '')).toMatchObject({ chain: [{ index: 1 }, { index: 2 }], length: 2 })
    // The refusal above is the one thing that a browser reports.
    expect(complaints.filter((complaint) => !complaint.includes('400'))).toEqual([])
  })

  test('a long chain is folded, listed and shown as JSON in parts, and many blocks at once are one line', async () => {
    const fox = await start({ name: 'fox' })
    const { page, complaints } = await visit(fox.address)
    await fox.node.mine(120)
    await tileShows(page, 'Height', '120')
    await page.getByText(/caught up \d+ blocks/).waitFor()
    await page.getByText(/\d+ earlier/).waitFor()
    expect(await page.locator('.stone').count()).toBeLessThan(30)
    await page.getByRole('button', { name: 'View blockchain' }).click()
    await page.getByRole('button', { name: /20 of 121/ }).click()
    await page.getByRole('button', { name: /40 of 121/ }).waitFor()
    expect(await page.locator('.json .element').count()).toBe(40)
    const blocks = page.locator('section', { hasText: 'Latest blocks' }).last()
    await page.reload()
    for (let shown = 8; shown < 121; shown += 20) await blocks.getByRole('button', { name: 'Show more' }).first().click()
    await blocks.getByText('genesis').waitFor()
    expect(complaints).toEqual([])
  })

  test('mining without end: on, tuned, off', async () => {
    // Blocks of about a second, so that the page is seen while one is searched.
    const fox = await start({ name: 'fox', network: networkParams('page') })
    const { page, complaints } = await visit(fox.address)
    const toggle = page.getByRole('switch', { name: 'Mine continuously' })
    await toggle.check()
    await page.getByText(/H\/s, a block about every/).waitFor()
    await page.locator('.next.mining').waitFor()
    // The word, whose ground is the paper's, leaves the outline of the next stone and the ring round the tip to be seen.
    const word = await page.locator('.next.mining .word').boundingBox()
    const next = await page.locator('.next.mining').boundingBox()
    expect(word!.height).toBeLessThan(next!.height / 3)
    expect(Math.abs(word!.y + word!.height / 2 - next!.y - next!.height / 2)).toBeLessThan(3)
    expect(fox.node.miner.progress().running).toBe(true)
    await page.getByLabel('CPU share').fill('30')
    await page.locator('output').filter({ hasText: '30 %' }).waitFor()
    expect(fox.node.miner.progress().cpu).toBe(30)
    await toggle.uncheck()
    await page.getByText('not mining').waitFor()
    expect(fox.node.miner.progress().running).toBe(false)
    expect(complaints).toEqual([])
  })

  test('a node that goes away is told, and the page goes on when it is back', async () => {
    const fox = await start({ name: 'fox' })
    const { page } = await visit(fox.address)
    await page.getByRole('button', { name: 'Mine a block' }).waitFor()
    await fox.unserve()
    await page.getByRole('alert').getByText('does not answer').waitFor()
    expect(await page.getByRole('button', { name: 'Mine a block' }).isDisabled()).toBe(true)
    await page.screenshot(picture('node-gone'))
    await fox.node.mine(2)
    await fox.serve()
    await tileShows(page, 'Height', '2')
    await page.getByRole('alert').getByText('does not answer').waitFor({ state: 'detached' })
    await page.locator('.news').getByText('fox mined block 2').waitFor()
  })

  test('the whole account is copied by one click', async () => {
    const fox = await start({ name: 'fox' })
    const { page } = await visit(fox.address)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('status').getByText('Copied').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(toAddress(fox.node.wallet.default.account))
  })

  test('fits the screen: wide and narrow, light and dark', async () => {
    const [fox, owl] = await pair()
    await fox.node.mine(4)
    await owl.node.untilBlock(fox.node.chain.tip.hash)
    await owl.node.mine(20)
    await fox.node.untilBlock(owl.node.chain.tip.hash)
    fox.node.send({ recipient: owl.node.wallet.default.account, amount: 25, fee: 3 })
    for (const [screen, width, height] of [['desk', 1440, 900], ['phone', 390, 844]] as const) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, complaints } = await visit(fox.address, { width, height, colorScheme, reducedMotion: 'reduce' })
        await tileShows(page, 'Height', '24')
        await tileShows(page, 'Pending', '1')
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
        await page.screenshot({ ...picture(`${screen}-${colorScheme}`), fullPage: true })
        expect(complaints).toEqual([])
      }
    }
  })
})
