/** The views of one thing in a real browser, on two real nodes: their addresses, what they show, how one comes to them. */
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import type { PeerList } from '../../src/http/api.ts'
import { readQr, tileShows, TOKEN } from './page.ts'
import type { ServedNode } from './page.ts'
import { ARTEFACTS, onStage } from './stage.ts'

onStage('the views', (stage) => {
  const { start, visit } = stage
  let fox: ServedNode
  let owl: ServedNode
  /** Two nodes that know each other; fox mined three blocks. */
  const pair = async (): Promise<void> => {
    fox = await start({ name: 'fox' })
    owl = await start({ name: 'owl' })
    await owl.node.network.dial(fox.node.network.addresses[0] ?? '')
    await fox.node.mine(3)
    await owl.node.untilBlock(fox.node.chain.tip.hash)
  }
  const accountOf = ({ node }: ServedNode): string => toAddress(node.wallet.default.account)
  /** Fox pays owl in a block of its own, with others beside it. */
  const pay = async (amounts: number[]): Promise<string[]> => {
    const sent = amounts.map((amount) => fox.node.send({ recipient: owl.node.wallet.default.account, amount, fee: 2, memo: `no. ${amount}` }))
    await fox.node.mine(1)
    await owl.node.untilBlock(fox.node.chain.tip.hash)
    return sent.map(({ transaction }) => toHex(transactionId(transaction)))
  }
  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name, level: 2 })
  const fact = (page: Page, term: string) =>
    page.locator('.fields > div', { has: page.getByRole('button', { name: term, exact: true }) }).locator('dd')
  /** A row's cells with plain spaces. */
  const plain = (text: string): string => text.replace(/\s+/g, ' ').trim()
  const search = async (page: Page, what: string): Promise<void> => {
    await page.getByRole('searchbox', { name: 'Search' }).fill(what)
    await page.keyboard.press('Enter')
  }

  test('a stone leads to its block: hash against target, fields with meanings, transactions; back and forward', async () => {
    await pair()
    const [id = ''] = await pay([7, 5])
    const { page, complaints } = await visit(fox.address)
    await page.getByRole('link', { name: /^Block 4, the tip/ }).click()
    await heading(page, 'Block 4').waitFor()
    const hash = fox.node.chain.hashAt(4)
    expect(page.url()).toBe(`${fox.url}/#/block/${hash}`)
    const lines = page.locator('.against .hash')
    expect((await lines.first().innerText()).trim()).toBe(hash)
    const target = (await lines.nth(1).innerText()).trim()
    expect(target).toMatch(/^7fffff0{58}$/) // of the network for tests: half of all hashes do
    expect(hash! <= target).toBe(true)
    await page.getByText('the tip of the chain').waitFor()
    // The meaning of a field, by the pointer and by the keyboard.
    const nonce = page.getByRole('button', { name: 'Nonce', exact: true })
    const meaning = page.getByRole('tooltip').filter({ hasText: 'number that the miner varied' })
    expect(await meaning.isVisible()).toBe(false)
    await nonce.hover()
    await meaning.waitFor()
    await page.mouse.move(0, 0)
    await meaning.waitFor({ state: 'hidden' })
    await nonce.focus()
    await meaning.waitFor()
    await page.keyboard.press('Escape')
    await meaning.waitFor({ state: 'hidden' })

    await page.getByRole('link', { name: /no\. 7/ }).click()
    await heading(page, 'fox → owl: 7').waitFor()
    expect(page.url()).toBe(`${fox.url}/#/transaction/${id}`)
    await page.goBack()
    await heading(page, 'Block 4').waitFor()
    await page.getByRole('link', { name: '← Older' }).click()
    await heading(page, 'Block 3').waitFor()
    await page.getByText('1 block on top').waitFor()
    await page.getByRole('link', { name: 'Newer →' }).click()
    await heading(page, 'Block 4').waitFor()
    await page.goBack()
    await heading(page, 'Block 3').waitFor()
    await page.goForward()
    await heading(page, 'Block 4').waitFor()
    await page.getByRole('link', { name: 'Overview' }).click()
    await tileShows(page, 'Height', '4')
    expect(complaints).toEqual([])
  })

  test('back is not overtaken by a view that gives itself another address when its answer comes', async () => {
    await pair()
    const { page, complaints } = await visit(`${fox.url}/#/network`)
    for (const [address, shown] of [['#/block/2', 'Block 2'], ['#/search/2', /Looking for/]] as const) {
      await heading(page, 'Network').waitFor()
      // As in a browser that has much to do: what is due after the drawing happens between the change of the address and the
      // event that tells of it.
      await page.route('**/api/v1/blocks/2', async (route) => {
        await page.evaluate(() => {
          const { requestAnimationFrame, setTimeout } = window
          const late: (() => void)[] = []
          window.requestAnimationFrame = (callback) => late.push(() => callback(performance.now()))
          const postpone = (callback: () => void, ms = 0): number => (ms < 100 ? late.push(callback) : Number(setTimeout(callback, ms)))
          Object.assign(window, { setTimeout: postpone })
          addEventListener('popstate', () => {
            for (const each of late) each() // and what those ask for
            Object.assign(window, { requestAnimationFrame, setTimeout })
          }, { once: true })
        })
        await route.continue()
      }, { times: 1 })
      const answered = page.waitForResponse('**/api/v1/blocks/2')
      await page.evaluate((to) => { location.hash = to }, address)
      await (await answered).finished()
      await heading(page, shown).waitFor()
      await page.evaluate(() => history.back())
      await heading(page, 'Network').waitFor()
      await expect.poll(() => page.url()).toBe(`${fox.url}/#/network`)
    }
    expect(complaints).toEqual([])
  })

  test('a question that did not get through is asked again, and one that the node refuses is not', async () => {
    await pair()
    const { page } = await visit(`${fox.url}/#/network`)
    await page.route('**/api/v1/blocks/2', (route) => route.abort('connectionreset'), { times: 1 })
    await page.evaluate(() => { location.hash = '#/block/2' })
    await heading(page, 'Block 2').waitFor()
    let asked = 0
    page.on('request', (request) => { if (request.url().endsWith('/blocks/77')) asked += 1 })
    await page.clock.install()
    await page.evaluate(() => { location.hash = '#/block/77' })
    await page.locator('.failed').waitFor()
    await page.clock.runFor(10_000)
    expect(asked).toBe(1)
  })

  test('a link opens the same view on another node, without a token; the token beside a view is taken out', async () => {
    await pair()
    const { page } = await visit(`${fox.url}/#token=${TOKEN}&/block/2`)
    await heading(page, 'Block 2').waitFor()
    const address = `${fox.url}/#/block/${fox.node.chain.hashAt(2)}`
    await page.waitForURL(address)
    await page.goto(`${fox.url}/#/`)
    await page.getByRole('button', { name: 'Mine a block' }).waitFor()
    const classmate = await visit(address.replace(fox.url, owl.url))
    await heading(classmate.page, 'Block 2').waitFor()
    await classmate.page.reload()
    await heading(classmate.page, 'Block 2').waitFor()
    expect(classmate.complaints).toEqual([])
  })

  test('a transaction: pending with its expected time, then in a block with its Merkle path, which the page works out', async () => {
    await pair()
    const { transaction } = fox.node.send({ recipient: owl.node.wallet.default.account, amount: 9, fee: 1, memo: 'for the climb' })
    const id = toHex(transactionId(transaction))
    const { page, complaints } = await visit(fox.address)
    await page.locator('.pending').getByRole('link', { name: /9, fee 1/ }).click()
    await heading(page, 'fox → owl: 9').waitFor()
    await page.getByText(/pending: in a block in about \d/).waitFor()
    expect((await fact(page, 'Id').innerText()).trim()).toBe(id)
    await fact(page, 'Memo').getByText('for the climb').waitFor()
    await fox.node.mine(1)
    await page.getByText('in block 4, 1 confirmation').waitFor()
    await page.getByRole('img', { name: /^Merkle path: 18 steps/ }).waitFor()
    await page.getByText('The way leads to the body root in the header.').waitFor()
    expect(await page.locator('.checks .holds').count()).toBe(3)
    await fox.node.mine(1)
    await page.getByText('in block 4, 2 confirmations').waitFor()
    await page.getByText('JSON, as the node gives it').click()
    const json = page.locator('.as-json pre')
    expect(JSON.parse(await json.innerText())).toEqual(await (await fetch(`${fox.url}/api/v1/transactions/${id}`)).json())
    expect(complaints).toEqual([])
  })

  test('an account: what it has, a QR code of it that reads back, its history with the balance after each, in pages', async () => {
    await pair()
    for (const _ of ['once', 'again']) await pay(Array.from({ length: 11 }, () => 1))
    await owl.node.mine(2) // 100 that no transaction explains
    await fox.node.untilBlock(owl.node.chain.tip.hash)
    owl.node.send({ recipient: fox.node.wallet.default.account, amount: 40, fee: 1 })
    const { page, complaints } = await visit(`${owl.url}/#/account/${accountOf(owl)}`)
    await heading(page, 'owl').waitFor()
    await page.getByText('this node’s account').waitFor()
    expect(await fact(page, 'Balance').innerText()).toBe('122')
    expect(await fact(page, 'Spendable').innerText()).toBe('81')
    expect(await readQr(page)).toBe(accountOf(owl))
    const rows = page.locator('.history tbody tr')
    expect((await rows.allInnerTexts()).slice(0, 3).map(plain)).toEqual([
      'pending to fox · fee 1 − 41', 'mined since + 100 122', expect.stringMatching(/^\d+ (s|min) from fox no\. 1 \+ 1 22$/),
    ])
    expect(await rows.count()).toBe(22)
    await page.getByRole('button', { name: 'Show more' }).click()
    await expect.poll(() => rows.count()).toBe(24)
    expect(plain((await rows.last().innerText()))).toMatch(/from fox no\. 1 \+ 1 1$/)
    await owl.node.mine(1) // its own payment, and 51 for mining it
    await rows.first().getByText('mined since').waitFor()
    expect((await rows.allInnerTexts()).slice(0, 3).map(plain)).toEqual([
      'mined since + 51 132', expect.stringMatching(/to fox · fee 1 − 41 81$/), 'mined in between + 100 122',
    ])
    expect(complaints).toEqual([])
  })

  test('blocks that come faster than the node answers are one question more', async () => {
    await pair()
    const { page } = await visit(`${fox.url}/#/`)
    const gate = Promise.withResolvers<void>()
    let asked = 0
    await page.route('**/accounts/*/transactions*', async (route) => {
      asked += 1
      if (asked === 1) await gate.promise
      await route.continue()
    })
    await page.goto(`${fox.url}/#/account/${accountOf(fox)}`)
    await expect.poll(() => asked).toBe(1)
    for (const height of [4, 5, 6]) {
      await fox.node.mine(1)
      await expect.poll(() => page.title()).toContain(` ${height} `)
    }
    expect(asked).toBe(1)
    gate.resolve()
    await fact(page, 'Balance').getByText('300', { exact: true }).waitFor()
    expect(asked).toBe(2)
  })

  test('search: height, hash, transaction, account, name; and what is not there', async () => {
    await pair()
    const [id = ''] = await pay([3])
    const { page, complaints } = await visit(fox.address)
    const found: [string, string | RegExp][] = [
      ['2', 'Block 2'],
      [fox.node.chain.hashAt(3) ?? '', 'Block 3'],
      [id.toUpperCase(), 'fox → owl: 3'],
      [accountOf(owl), 'owl'],
      ['fox', 'fox'],
      [(fox.node.chain.hashAt(1) ?? '').slice(0, 12), 'Block 1'],
    ]
    for (const [what, name] of found) {
      await search(page, what)
      await heading(page, name).waitFor()
    }
    const missing: [string, string][] = [
      ['99', 'The chain ends at block 4.'],
      ['f'.repeat(64), 'this node knows no block and no transaction by it'],
      [`${accountOf(owl).slice(0, -1)}${accountOf(owl).endsWith('q') ? 'p' : 'q'}`, 'a character is wrong'],
      ['badger', 'none of what can be looked up'],
      ['50 % of <b>all</b>/#?', 'none of what can be looked up'],
    ]
    for (const [what, says] of missing) {
      await search(page, what)
      await heading(page, `Nothing found for “${what}”`).waitFor()
      await page.getByText(says).waitFor()
    }
    await page.goBack()
    await heading(page, 'Nothing found for “badger”').waitFor()
    await page.goto(`${fox.url}/#/block/${'e'.repeat(64)}`)
    await page.getByText('there is no block').waitFor()
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.keyboard.press('/')
    await page.keyboard.type('1')
    await page.keyboard.press('Enter')
    await heading(page, 'Block 1').waitFor()
    // The node's answers that there is no such thing are what a browser reports.
    expect(complaints.filter((complaint) => !complaint.includes('404'))).toEqual([])
  })

  test('the network: a drawing and a table of the peers; a line and a QR code to join', async () => {
    await pair()
    const { page, complaints } = await visit(fox.address)
    await page.getByRole('link', { name: 'Network', exact: true }).click()
    await page.waitForURL(`${fox.url}/#/network`)
    await page.getByRole('group', { name: 'This node in the middle, and around it 1 peer' }).waitFor()
    await page.getByRole('link', { name: /^owl, 3 · .* ms, same tip, in$/ }).waitFor()
    const row = page.locator('.peers-table tbody tr')
    for (const says of ['owl', '3', 'same tip', 'in', '0']) await row.getByText(says, { exact: true }).first().waitFor()
    const line = page.locator('.line-to-copy code')
    expect(await line.innerText()).toBe(`npx cairn start --network local --peer ${fox.node.network.addresses[0]}`)
    expect(await readQr(page)).toBe(await line.innerText())
    await page.getByText('This node listens on this machine alone').waitFor()
    await page.getByRole('link', { name: /^owl, 3/ }).click()
    await heading(page, 'owl').waitFor()
    await page.goBack()
    await owl.node.network.stop()
    await page.getByText('This node is alone so far.').waitFor()
    expect(complaints).toEqual([])
  })

  test('a peer on another branch, one whose score is bad, and who is refused, are told apart', async () => {
    await pair()
    const context = await stage.browser.newContext()
    onTestFinished(() => context.close())
    const page = await context.newPage()
    // Two nodes in touch agree within a moment, so what the node says of its peer is changed on the way to the page.
    await page.route('**/api/v1/peers', async (route) => {
      const answer = await route.fetch()
      const { peers, banned } = (await answer.json()) as PeerList // as its route gives it
      const changed = peers.map((peer) => ({ ...peer, tip: 'e'.repeat(64), height: 2, score: -12 }))
      await route.fulfill({ json: { peers: changed, banned: [...banned, { peerId: '12D3KooWbad', code: 'block-bad-pow', until: Date.now() + 60_000 }] } })
    })
    await page.goto(`${fox.url}/#/network`)
    await page.getByRole('link', { name: /^owl, 2 · .*on another branch, in$/ }).waitFor()
    await page.locator('.legend').getByText('on another branch').waitFor()
    await page.locator('.peers-table .score.failed').getByText('-12').waitFor()
    await page.getByText(/^block-bad-pow, until /).waitFor()
    await page.getByText('JSON, as the node gives it').click()
    expect(JSON.parse(await page.locator('.as-json pre').innerText())).toMatchObject({ peers: [{ name: 'owl', score: -12 }], banned: [{ code: 'block-bad-pow' }] })
  })

  test('alone: what is wrong and what to do; a peer is added by its address, and a wrong one is told', async () => {
    fox = await start({ name: 'fox' })
    owl = await start({ name: 'owl' })
    const { page, complaints } = await visit(`${fox.url}/#token=${TOKEN}&/network`)
    await page.getByText('started with --no-mdns and knows no address').waitFor()
    const form = page.getByRole('form', { name: 'Add a peer' })
    const connect = form.getByRole('button')
    await form.getByLabel('Its address').fill('192.168.1.20:5051')
    await form.getByText('An address looks like /ip4/').waitFor()
    expect(await connect.isDisabled()).toBe(true)
    await form.getByLabel('Its address').fill('/ip4/127.0.0.1/tcp/1')
    await connect.click()
    await form.locator('.failed').waitFor()
    await form.getByLabel('Its address').fill(owl.node.network.addresses[0] ?? '')
    await connect.click()
    await form.getByText('Connected to owl.').waitFor()
    await page.getByRole('group', { name: /around it 1 peer/ }).waitFor()
    // The refusal is what a browser reports.
    expect(complaints.filter((complaint) => !/ 4\d\d| 50\d/.test(complaint))).toEqual([])
    const reading = await visit(`${owl.url}/#/network`)
    await reading.page.getByText('open the address that cairn start printed').last().waitFor()
  })

  test('each view fits the screen: wide and narrow, light and dark', async () => {
    await pair()
    const [id = ''] = await pay([7, 5, 3])
    await owl.node.mine(1)
    await fox.node.untilBlock(owl.node.chain.tip.hash)
    const views = {
      block: `/block/${fox.node.chain.hashAt(4)}`, transaction: `/transaction/${id}`, account: `/account/${accountOf(owl)}`,
      network: '/network', nothing: '/search/badger',
    }
    for (const [screen, width, height] of [['desk', 1440, 900], ['phone', 390, 844]] as const) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, complaints } = await visit(fox.address, { width, height, colorScheme, reducedMotion: 'reduce' })
        for (const [name, view] of Object.entries(views)) {
          await page.goto(`${fox.url}/#${view}`)
          await page.locator('.view .as-json, .view .line-to-copy, .view .kinds').first().waitFor()
          if (name === 'transaction') await page.locator('.merkle').waitFor()
          expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBe(width)
          await page.screenshot({ path: `${ARTEFACTS}${name}-${screen}-${colorScheme}.png`, fullPage: true })
        }
        expect(complaints).toEqual([])
      }
    }
  })
})
