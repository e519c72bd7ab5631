/** The wallet in a real browser, on real nodes: what it owns, paying and being paid, its lock, and what it shows strangers. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { type NetworkParams, networkParams } from '../../src/consensus/params.ts'
import { readQr, TOKEN } from './page.ts'
import type { ServedNode, WatchedPage } from './page.ts'
import { ARTEFACTS, onStage } from './stage.ts'

const PASSPHRASE = 'correct horse battery staple'

onStage('the wallet', (stage) => {
  const start = (name: string, network?: NetworkParams): Promise<ServedNode> => stage.start({ name, ...(network && { network }) })
  const { visit } = stage
  /** Two nodes that know each other; fox mined three blocks. */
  const pair = async (): Promise<[ServedNode, ServedNode]> => {
    const [fox, owl] = [await start('fox'), await start('owl')]
    await owl.node.network.dial(fox.node.network.addresses[0] ?? '')
    await fox.node.mine(3)
    await owl.node.untilBlock(fox.node.chain.tip.hash)
    return [fox, owl]
  }
  const wallet = ({ url }: ServedNode): Promise<WatchedPage> => visit(`${url}/#token=${TOKEN}&/wallet`)
  const accountOf = ({ node }: ServedNode): string => toAddress(node.wallet.default.account)
  const formTo = (page: Page, name: string) => page.getByRole('form', { name, exact: true })
  /** Texts with plain spaces. */
  const plain = (texts: string[]): string[] => texts.map((text) => text.replace(/\s+/g, ' ').trim())
  const balances = async (page: Page): Promise<string[]> => plain(await page.locator('.accounts tbody td').allInnerTexts())
  const payments = async (page: Page): Promise<string[]> => plain(await page.locator('.payments > li').allInnerTexts())

  test('accounts: the default, a new one, its name checked as one types; paid, to be paid by its QR code, and in the search', async () => {
    const fox = await start('fox')
    const { page, complaints } = await visit(fox.address)
    await page.getByRole('link', { name: 'Wallet', exact: true }).click()
    await page.waitForURL(`${fox.url}/#/wallet`)
    await expect.poll(() => page.title()).toBe('Wallet · 0 · local · Cairn')
    await page.getByText('Nothing here yet: mine a block').waitFor()
    await page.getByText('None yet. What you send').waitFor()
    await page.getByText('default: mining pays it').waitFor()
    await page.getByText('cairn wallet encrypt').waitFor()
    expect(await page.getByLabel('Into').count()).toBe(0)

    await page.getByText('Make a new account').click()
    const form = formTo(page, 'Make a new account')
    const make = form.getByRole('button')
    expect(await make.isDisabled()).toBe(true)
    for (const [name, says] of Object.entries({ main: 'of that name already', cairn1x: 'taken for an account', ['x'.repeat(33)]: '32 characters' })) {
      await form.getByLabel('Its name').fill(name)
      await form.getByText(says).waitFor()
      expect(await make.isDisabled(), name).toBe(true)
    }
    await form.getByLabel('Its name').fill('savings')
    await make.click()
    await form.getByRole('status').getByText('Made savings.').waitFor()
    const savings = fox.node.wallet.find('savings')
    expect(savings?.path).toBe("m/44'/6513001'/1'")

    await page.getByLabel('Into').selectOption('savings')
    await page.locator('.receive code', { hasText: savings?.address }).waitFor()
    expect(await readQr(page)).toBe(savings?.address)
    fox.node.wallet.addAccount('club') // elsewhere
    await fox.node.mine(1)
    await expect.poll(() => balances(page)).toEqual(['50', '–', '50', '0', '–', '0', '0', '–', '0'])
    await page.getByText('Together').waitFor()
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByRole('link', { name: '2 accounts more in the wallet, with 0 to spend' }).waitFor()
    await page.getByRole('searchbox').fill('savings')
    await page.keyboard.press('Enter')
    await page.getByText('an account of this node’s wallet').waitFor()
    await expect.poll(() => page.title()).toBe('Account savings · 1 · local · Cairn')
    expect(complaints).toEqual([])
  })

  test('a payment: which account pays, its problems, what it will do, then pending, in a block, and confirmed', async () => {
    const [fox, owl] = await pair()
    fox.node.wallet.addAccount('savings for the class trip to X')
    const { page, complaints } = await wallet(fox)
    const form = formTo(page, 'Send')
    const send = form.getByRole('button', { name: /^Send/ })
    await form.getByText(/^in a block in about [\d.]+ \S+$/).waitFor() // with the fee that is proposed
    await form.getByLabel('From').selectOption('savings for the class trip to X: 0 to spend')
    await form.getByLabel('To', { exact: true }).fill(accountOf(owl))
    await form.getByLabel('Amount').fill('30')
    await form.getByText('More than you have to spend: 0.').waitFor()
    await form.getByLabel('From').selectOption({ index: 0 })
    await form.getByText('More than you have').waitFor({ state: 'detached' })
    await form.getByLabel('Memo').fill('ü'.repeat(129))
    await form.getByText('Too long by 2 bytes: 256 fit.').waitFor()
    expect(await send.isDisabled()).toBe(true)
    await form.getByLabel('Memo').fill('für das Eis')
    await form.getByText('12 of 256 bytes').waitFor()
    await form.getByLabel('Fee').fill('4')
    await form.getByText(/^4, in a block in about /).waitFor()
    await form.getByRole('button', { name: 'Enough for the next block: 1' }).click()
    expect(await form.getByLabel('Fee').inputValue()).toBe('1')
    const preview = form.locator('.preview > div')
    await expect.poll(async () => plain(await preview.allInnerTexts())).toEqual([
      expect.stringMatching(/^Pays 30 to owl cairn1\S+…\S{4}$/), expect.stringMatching(/^Fee 1, in a block in about [\d.]+ \S+$/), 'Left to spend 119',
    ])
    await send.click()
    await form.getByRole('status').getByText('Sent 30 to owl').waitFor()
    const row = page.locator('.payments > li')
    await row.getByText(/pending: in a block in about/).waitFor()
    expect((await payments(page))[0]).toMatch(/^to owl für das Eis pending: in a block in about \S+ \S+ − 31$/)
    await expect.poll(() => balances(page)).toEqual(['150', '− 31', '119', '0', '–', '0'])
    // The next one is in its turn behind it.
    await form.getByLabel('Amount').fill('5')
    await form.getByLabel('Fee').fill('7')
    await form.getByText('after your pending payment that pays 1').waitFor()

    await owl.node.mine(1)
    await row.getByText('in block 4, 1 confirmation').waitFor()
    await form.getByRole('status').getByText('Sent 30 to owl: a block has taken it.').waitFor()
    await owl.node.mine(1)
    await row.getByText('in block 4, 2 confirmations').waitFor()
    // A payment to it, seen before its block and in it.
    owl.node.send({ recipient: fox.node.wallet.default.account, amount: 8, fee: 1 })
    await row.getByText('from owl').waitFor()
    await fox.node.mine(1)
    await row.getByText('in block 6, 1 confirmation').waitFor()
    expect(await payments(page)).toEqual(['from owl in block 6, 1 confirmation + 8', 'to owl für das Eis in block 4, 3 confirmations − 31'])
    // It all fits, wide and narrow, light and dark.
    fox.node.send({ recipient: owl.node.wallet.default.account, amount: 1, fee: 1, memo: 'x'.repeat(256) })
    await row.getByText('xxx').waitFor()
    for (const [screen, width, colorScheme] of [['desk', 1440, 'light'], ['desk', 1440, 'dark'], ['phone', 390, 'light'], ['phone', 390, 'dark']] as const) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      await page.screenshot({ path: `${ARTEFACTS}wallet-${screen}-${colorScheme}.png`, fullPage: true })
    }
    await row.getByText('für das Eis').click()
    await page.getByRole('heading', { name: 'fox → owl: 30' }).waitFor()
    expect(complaints).toEqual([])
  })

  test('where blocks are full the fee is proposed; a payment that another one replaces is dropped, with why', async () => {
    // Three plain payments fill a block.
    const fox = await start('fox', { ...networkParams('local'), maxBlockBytes: 700 })
    await fox.node.mine(3)
    const savings = fox.node.wallet.addAccount('savings')
    const { page, complaints } = await wallet(fox)
    const form = formTo(page, 'Send')
    await form.getByLabel('To', { exact: true }).fill('savings') // its name will do
    await form.getByLabel('Amount').fill('30')
    await form.getByText(/^1, in a block in about [\d.]+ \S+$/).waitFor()
    await form.getByLabel('Amount').fill('')
    const { account: sender } = fox.node.wallet.default
    const fees = [4, 4, 4]
    for (const fee of fees) fox.node.send({ recipient: savings.account, amount: 1, fee })
    await expect.poll(() => form.getByLabel('Fee').inputValue()).toBe('5')
    await form.getByLabel('Amount').fill('30')
    await form.getByLabel('Fee').fill('2')
    await form.getByText(/^2, in a block in about .*, 2 blocks from now$/).waitFor()
    await fox.node.mine(1)
    await form.getByLabel('Fee').fill('1')
    await form.getByRole('button', { name: 'Send 30' }).click()
    await page.locator('.payments').getByText('main → savings: 30').waitFor()
    const { genesis } = fox.node.chain
    const better = { sender, recipient: savings.account, amount: 20, fee: 9, nonce: fees.length, memo: new Uint8Array() }
    await fox.node.submit(fox.node.wallet.sign(better, genesis.hash))
    await page.locator('.payments').getByText('dropped, nothing was paid: another payment with the same nonce took its place').waitFor()
    await form.getByRole('status').getByText('Sent 30 to savings: dropped, nothing was paid.').waitFor()
    await fox.node.mine(1)
    await page.locator('.payments').getByText('in block 5, 1 confirmation').waitFor()
    expect((await payments(page)).slice(0, 2).toSorted()).toEqual([
      'main → savings: 20 in block 5, 1 confirmation − 9', expect.stringMatching(/^main → savings: 30 dropped, .* − 1$/),
    ])
    expect(complaints).toEqual([])
  })

  test('a locked wallet shows everything, says what to do, and is unlocked and locked on the page', async () => {
    const [fox, owl] = await pair()
    await fox.node.wallet.encrypt(PASSPHRASE)
    const { page, complaints } = await wallet(fox)
    await page.getByText('The wallet is locked: it shows everything and pays nobody.').waitFor()
    expect(await balances(page)).toEqual(['150', '–', '150'])
    const form = formTo(page, 'Send')
    await form.getByLabel('To', { exact: true }).fill(accountOf(owl))
    await form.getByLabel('Amount').fill('30')
    await form.getByText('Unlock it above.').waitFor()
    expect(await form.getByRole('button', { name: 'Send 30' }).isDisabled()).toBe(true)
    await page.getByText('Make a new account').click()
    await page.getByText('The wallet is locked: unlock it first.').waitFor()

    const unlock = formTo(page, 'Unlock the wallet')
    await unlock.getByLabel('Passphrase').fill('wrong')
    await unlock.getByRole('button').click()
    await unlock.getByText('that is not the passphrase of this wallet').waitFor()
    expect(await unlock.getByLabel('Passphrase').inputValue()).toBe('')
    await unlock.getByLabel('Passphrase').fill(PASSPHRASE)
    await page.keyboard.press('Enter')
    await page.getByText(/The wallet is unlocked\. It locks itself at \d/).waitFor()
    await form.getByRole('button', { name: 'Send 30' }).click()
    await form.getByRole('status').getByText('Sent 30 to owl').waitFor()
    await page.getByRole('button', { name: 'Lock it now' }).click()
    await unlock.waitFor()
    expect(fox.node.wallet.locked).toBe(true)
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByRole('link', { name: 'Unlock it' }).click()
    await unlock.waitFor()
    // The wrong passphrase is what a browser reports.
    expect(complaints.filter((complaint) => !complaint.includes('422'))).toEqual([])

    // Where somebody could listen on the way, no passphrase is asked for.
    await page.addInitScript("Object.defineProperty(window, 'isSecureContext', { value: false })")
    await page.reload()
    await page.getByText('unlock it on the node’s own machine: cairn wallet unlock').waitFor()
    expect(await page.getByLabel('Passphrase').count()).toBe(0)
  })

  test('without the token it shows what anybody may see, and says how to get it; a node that goes away is told', async () => {
    const [fox, owl] = await pair()
    fox.node.wallet.addAccount('savings')
    fox.node.send({ recipient: owl.node.wallet.default.account, amount: 12, fee: 1 })
    const { page, complaints } = await visit(`${fox.url}/#/wallet`)
    await page.getByText('Without the token, this is the account that mining pays.').waitFor()
    await page.getByText('Paying needs the token. Open the address that cairn start printed').waitFor()
    expect(await balances(page)).toEqual(['150', '− 13', '137'])
    await page.locator('.payments').getByText('pending: in a block in about').waitFor()
    expect(await page.locator('.accounts tbody tr').count()).toBe(1)
    expect(await page.getByText('savings').count()).toBe(0)
    expect(await page.locator('form:not([role=search])').count()).toBe(0)
    expect(complaints).toEqual([])
    await page.goto(`${fox.url}/#token=${TOKEN}&/wallet`)
    await page.locator('.accounts').getByText('savings').waitFor()
    await formTo(page, 'Send').waitFor()
    await fox.unserve()
    await page.getByRole('alert').getByText('does not answer').waitFor()
    await fox.node.mine(1)
    await fox.serve()
    await page.locator('.payments').getByText('in block 4, 1 confirmation').waitFor()
  })
})
