/** Mining and trying it by hand in a real browser, on real nodes. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { type NetworkParams, networkParams } from '../../src/consensus/params.ts'
import { violationsOf } from './axe.ts'
import { TOKEN } from './page.ts'
import type { ServedNode } from './page.ts'
import { ARTEFACTS, onStage } from './stage.ts'

onStage('mining', (stage) => {
  const start = (network: string | NetworkParams = 'local'): Promise<ServedNode> => stage.start({ name: 'fox', network })
  const { visit } = stage
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  const field = (page: Page, label: string) => page.getByRole('form', { name: 'The header' }).getByLabel(label, { exact: true })
  const fact = (page: Page, term: string) =>
    page.locator('.fields > div', { has: page.getByRole('button', { name: term, exact: true }) }).locator('dd')
  const hashOf = async (page: Page): Promise<string> => (await page.locator('.against .hash').first().innerText()).trim()
  const verdict = (page: Page, says: string) => page.locator('.verdict .says').getByText(says)
  /** Rules that are broken, in order. */
  const broken = (page: Page) => page.locator('.verdict .checks .failed > code').allInnerTexts()
  /** Tries nonces until one is small enough. */
  const findNonce = async (page: Page): Promise<void> => {
    await button(page, 'Until one is found').click()
    await page.locator('.hunt .result').getByText(/^Nonce .* does it/).waitFor()
  }

  test('mining: on, drawn as it is measured, off; for whom, how long, what is next, what was mined here', async () => {
    // Blocks of about a second, so that it is seen while one is searched.
    const fox = await start(networkParams('page'))
    const { page, complaints } = await visit(fox.address)
    await page.getByRole('link', { name: 'Mining' }).first().click()
    await page.getByRole('heading', { name: 'Mining', level: 2 }).waitFor()
    await page.getByText('No block so far, by nobody').waitFor()
    await page.getByText('Here its hash rate is drawn').waitFor()
    expect(await fact(page, 'Its next block').innerText()).toBe('never, while it does not mine')
    expect(await fact(page, 'Pays').innerText()).toBe('fox')
    expect(await fact(page, 'New coins').innerText()).toBe('50')
    expect(await fact(page, 'Transactions').innerText()).toBe('0')
    await page.getByLabel('CPU share').fill('50')
    await page.locator('output').filter({ hasText: '50 %' }).waitFor()
    await page.getByRole('switch', { name: 'Mine continuously' }).check()
    await page.getByRole('img', { name: /^Hash rate of this node over the last 60 s: at most .* H\/s|kH\/s|MH\/s/ }).waitFor()
    await fact(page, 'Its next block').getByText(/^in about/).waitFor()
    await page.getByText('Mined here lately').locator('..').getByRole('link').first().waitFor()
    await page.getByRole('switch', { name: 'Mine continuously' }).uncheck()
    await fact(page, 'This node').getByText('not mining').waitFor()
    expect(fox.node.miner.progress()).toMatchObject({ running: false, cpu: 50 })
    fox.node.send({ recipient: new Uint8Array(32).fill(1), amount: 7, fee: 3 })
    await fact(page, 'Fees').getByText('3', { exact: true }).waitFor()
    expect(await fact(page, 'Transactions').innerText()).toBe('1')
    await button(page, 'Mine a block').click()
    await page.getByText(/^Mined block \d+\.$/).waitFor()
    await page.locator('.rows.blocks').getByText('1 transaction').waitFor()
    expect(complaints).toEqual([])
  })

  test('without a token: it says how to get one; a block is mined by hand, and handed in', async () => {
    const fox = await start()
    await fox.node.mine(2)
    const { page, complaints } = await visit(`${fox.url}/#/mining`)
    await page.getByText('it carries the node’s token').waitFor()
    expect(await page.getByRole('switch').count()).toBe(0)
    await page.getByText('Block 3 as this node would mine it now').waitFor()

    // The next nonce: one number more, another hash.
    const [before, nonce] = [await hashOf(page), Number(await field(page, 'Nonce').inputValue())]
    await button(page, 'Next nonce').click()
    await page.locator('.seen').getByText('1 try', { exact: true }).waitFor()
    expect(await field(page, 'Nonce').inputValue()).toBe(String(nonce + 1))
    expect(await hashOf(page)).not.toBe(before)
    expect(await page.locator('.header-bytes mark').allInnerTexts()).toEqual(['01'])

    await findNonce(page)
    await verdict(page, 'It breaks no rule.').waitFor()
    const hash = await hashOf(page)
    await button(page, 'Hand it in').click()
    await page.getByText('You mined block 3 by hand.').waitFor()
    await page.getByText('It pays 50 to fox.').waitFor()
    expect([fox.node.chain.tip.height, fox.node.chain.hashAt(3)]).toEqual([3, hash])

    // Somebody else is quicker while the next one is searched.
    await button(page, 'Take the next one').click()
    await page.getByText('Block 4 as this node would mine it now').waitFor()
    await findNonce(page)
    await fox.node.mine(1)
    await page.getByText('Block 4 has come meanwhile').waitFor()
    await button(page, 'Hand it in').click()
    await page.getByText(/The node says template-stale: .*kept as a side branch/).waitFor()
    await button(page, 'Take the next one').click()
    await page.getByText('Block 5 as this node would mine it now').waitFor()
    // Untouched, it is always the newest by itself.
    await fox.node.mine(1)
    await page.getByText('Block 6 as this node would mine it now').waitFor()
    expect(complaints.filter((complaint) => !complaint.includes('409'))).toEqual([])
  })

  test('whoever cheats is found out: by each rule in turn, in the page as by the node', async () => {
    const fox = await start()
    await fox.node.mine(3)
    fox.node.send({ recipient: new Uint8Array(32).fill(1), amount: 7, fee: 3, memo: 'tea' })
    await fox.node.mine(1)
    fox.node.send({ recipient: new Uint8Array(32).fill(2), amount: 9, fee: 1 })
    const { page, complaints } = await visit(fox.address)
    await page.getByRole('link', { name: /^Block 4, the tip/ }).click()
    await page.getByRole('link', { name: 'Change it by hand' }).click()
    await page.waitForURL(`${fox.url}/#/mining/${fox.node.chain.hashAt(4)}`)
    await verdict(page, 'It breaks no rule: the node has it.').waitFor()
    expect(await hashOf(page)).toBe(fox.node.chain.hashAt(4))
    expect(await button(page, 'Hand it in').count()).toBe(0)

    // A payment changed by hand: the root does not fit; with the root, no work is done; with work, nobody signed it.
    await page.getByLabel(/^Amount, fox to/).fill('70')
    await page.getByText('signed: 7', { exact: true }).waitFor()
    expect(await broken(page)).toEqual(['block-bad-body-root', 'transaction-bad-signature'])
    await button(page, 'Write it into the header').click()
    await findNonce(page)
    expect(await broken(page)).toEqual(['transaction-bad-signature'])
    await button(page, 'Put everything back').click()
    await verdict(page, 'the node has it').waitFor()

    const tip = await fetch(`${fox.url}/api/v1/blocks/3`).then((answer) => answer.json()) as { timestamp: number } // as its route gives it
    const cheats: [label: string, value: string, code: string][] = [
      ['Version', '2', 'block-bad-version'],
      ['Height', '9', 'block-bad-height'],
      ['Parent', 'ab'.repeat(32), 'block-unknown-parent'],
      ['Time', String(tip.timestamp), 'block-time-too-old'],
      ['Time', String(Date.now() + 3_600_000), 'block-too-early'],
      ['Bits', '207ffffe', 'block-bad-bits'],
      ['Bits', '1d00ffff', 'block-bad-pow'],
      ['Bits', '2100ffff', 'block-target-above-limit'],
      ['Bits', '00000000', 'block-malformed-bits'],
      ['Nonce', 'many', 'block-bad-encoding'],
    ]
    for (const [label, value, code] of cheats) {
      await field(page, label).fill(value)
      await page.locator('.verdict .checks .failed > code').getByText(code, { exact: true }).waitFor()
      await page.getByRole('button', { name: `put back (${label})` }).click()
    }
    await verdict(page, 'the node has it').waitFor()

    // The same of the next block: the node’s word is the page’s.
    await page.getByRole('link', { name: 'The next one' }).click()
    await page.getByText('Block 5 as this node would mine it now').waitFor()
    await page.getByLabel('Miner', { exact: true }).fill(toAddress(new Uint8Array(32).fill(5)))
    await button(page, 'Write it into the header').click()
    await page.getByLabel(/^Amount, fox to/).fill('90')
    await findNonce(page)
    await verdict(page, 'A node refuses it: block-bad-body-root').waitFor()
    await button(page, 'Hand it in all the same').click()
    await page.getByText('The node says block-bad-body-root: ').waitFor()
    await page.getByLabel(/^Amount, fox to/).fill('9')
    await findNonce(page)
    await button(page, 'Hand it in').click()
    await page.getByText('You mined block 5 by hand.').waitFor()
    await page.getByText(/It pays 51 to /).waitFor()
    expect(fox.node.chain.tip.height).toBe(5)
    // Unknown parents and refused blocks are what a browser reports.
    expect(complaints.filter((complaint) => !/ 4\d\d /.test(complaint))).toEqual([])
  })

  test('a long search leaves the page quick, and stops', async () => {
    const fox = await start({ ...networkParams('page'), initialBits: 0x1d00_ffff, limitBits: 0x1d00_ffff })
    const { page, complaints } = await visit(`${fox.url}/#/mining`)
    await button(page, 'Try 1 000').click()
    await page.getByText('None of 1 000 nonces was small enough.').waitFor()
    expect(await field(page, 'Nonce').inputValue()).toBe('1000')
    await page.getByRole('img', { name: /the target asks for 32\. 1 000 tries so far/ }).waitFor()
    await button(page, 'Until one is found').click()
    const triesSeen = async (): Promise<number> => Number((await page.locator('.seen span').first().innerText()).replaceAll(/\D/g, ''))
    await expect.poll(triesSeen).toBeGreaterThan(20_000)
    // It hears keys and clicks meanwhile.
    await page.getByRole('searchbox', { name: 'Search' }).fill('fox')
    await button(page, 'Stop').click()
    await page.getByText('Stopped.').waitFor()
    const tries = await page.locator('.seen').innerText()
    await field(page, 'Time').fill('1800000000000')
    await page.locator('.seen').waitFor({ state: 'detached' }) // another header, another search
    await page.getByRole('button', { name: 'put back (Time)' }).click()
    expect(await page.locator('.seen').innerText()).toBe(tries)
    await page.goto(`${fox.url}/#/mining/99`)
    await page.getByText('there is no block of height 99').waitFor()
    await page.goto(`${fox.url}/#/mining/0`)
    await page.getByText('Genesis is what the parameters of the network say').waitFor()
    expect(complaints.filter((complaint) => !complaint.includes('404'))).toEqual([])
  })

  test('it fits the screen, and axe finds nothing: wide and narrow, light and dark', async () => {
    const fox = await start()
    await fox.node.mine(3)
    fox.node.send({ recipient: new Uint8Array(32).fill(1), amount: 7, fee: 3, memo: 'tea' })
    const { page, complaints } = await visit(`${fox.url}/#token=${TOKEN}&/mining`, { reducedMotion: 'reduce' })
    await button(page, 'Try 1 000').click()
    await page.locator('.hunt .result').getByText(/does it/).waitFor()
    await page.getByLabel(/^Amount, fox to/).fill('70')
    await page.getByText('signed: 7', { exact: true }).waitFor()
    for (const [screen, width, height] of [['desk', 1440, 900], ['phone', 390, 844]] as const) {
      await page.setViewportSize({ width, height })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
        expect(await violationsOf(page)).toEqual([])
        await page.screenshot({ path: `${ARTEFACTS}mining-${screen}-${colorScheme}.png`, fullPage: true })
      }
    }
    expect(complaints).toEqual([])
  })
})
