/**
 * A node with its page in a browser: everything real, in this process, but for the browser (the system's Chromium,
 * headless). Whatever a page writes to the console as an error, and whatever it asks of another address, is collected.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { type Browser, chromium, type Page } from 'playwright-core'
import { decodeQR } from 'qr/decode.js'
import { build } from 'vite'
import { createServer } from '../../src/http/server.ts'
import { createNode, type Node } from '../../src/node/node.ts'
import type { NodeOptions } from '../../src/node/options.ts'

export const TOKEN = 'ab'.repeat(32)

const BROWSERS = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
/** The browser that is there, if any. */
export const browserPath = BROWSERS.find((path) => path !== undefined && existsSync(path))

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: browserPath,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  })

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** The page built from what is in src/web now, in a folder of its own. */
export async function buildPage(): Promise<AsyncDisposable & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-page-'))
  const configFile = join(ROOT, 'vite.config.ts')
  await build({ configFile, root: join(ROOT, 'src/web'), logLevel: 'error', build: { outDir: folder } })
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

export interface ServedNode {
  node: Node
  /** `http://127.0.0.1:PORT` */
  url: string
  /** What `cairn start` prints. */
  address: string
  /** Ends the HTTP server alone; `serve` brings it back at the same address. */
  unserve(): Promise<void>
  serve(): Promise<void>
  stop(): Promise<void>
}

/** A node that keeps everything in memory, connected to nobody, and its page. */
export async function serveNode(pageFolder: string, options: NodeOptions): Promise<ServedNode> {
  const node = createNode({ network: 'local', listen: ['/ip4/127.0.0.1/tcp/0'], mdns: false, threads: 1, ...options })
  await node.start()
  const start = async (port: number) => {
    const log = pino({ level: 'silent' })
    const server = await createServer(node, { host: '127.0.0.1', port, explicitPort: port > 0, token: TOKEN, log, pageFolder })
    await server.start()
    return server
  }
  let server = await start(0)
  const { url } = server
  return {
    node,
    url,
    address: `${url}/#token=${TOKEN}`,
    unserve: () => server.stop(),
    async serve() {
      server = await start(Number(new URL(url).port))
    },
    async stop() {
      await server.stop()
      await node.stop()
    },
  }
}

export interface WatchedPage {
  page: Page
  /** Console errors, uncaught exceptions, and requests to other addresses than the node's. */
  complaints: string[]
}

export interface View {
  width?: number
  height?: number
  colorScheme?: 'light' | 'dark'
  reducedMotion?: 'reduce' | 'no-preference'
  /** Whether one points by finger, as on a phone. @default false */
  touch?: boolean
  /** The browser's language. @default 'en-US' */
  locale?: string
}

/** Opens an address in a tab without any history. */
export async function open(browser: Browser, address: string, view: View = {}): Promise<WatchedPage> {
  const { width = 1440, height = 900, colorScheme = 'light', reducedMotion = 'no-preference', touch = false, locale = 'en-US' } = view
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion, locale, hasTouch: touch, isMobile: touch })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  const { origin } = new URL(address)
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) complaints.push(`asked ${request.url()}`)
  })
  await page.goto(address)
  await page.locator('.stone, .view h2').first().waitFor()
  return { page, complaints }
}

/** Resolves when the tile of that name shows the value. */
export const tileShows = (page: Page, name: string, value: string): Promise<void> =>
  page
    .locator('.tiles > div', { has: page.getByText(name, { exact: true }) })
    .locator('dd')
    .filter({ hasText: new RegExp(`^${value}\\b`) })
    .waitFor()

/** What a reader finds in the code that is on the screen. */
export async function readQr(page: Page): Promise<string> {
  const size = 352
  // A digit for each pixel: half a million numbers would take the browser seconds to hand over.
  const pixels = await page.locator('svg.qr').evaluate(async (svg, size) => {
    const copy = svg.cloneNode(true) as SVGElement // of an SVG element
    copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
    for (const path of copy.children) path.setAttribute('fill', getComputedStyle(svg.children[[...copy.children].indexOf(path)]!).fill)
    const image = new Image(size, size)
    image.src = `data:image/svg+xml,${encodeURIComponent(copy.outerHTML)}`
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size })
    const context = canvas.getContext('2d')!
    context.drawImage(image, 0, 0, size, size)
    const { data } = context.getImageData(0, 0, size, size)
    return Array.from({ length: size * size }, (_, at) => (data[at * 4]! > 127 ? 1 : 0)).join('')
  }, size)
  return decodeQR({ width: size, height: size, data: Uint8Array.from([...pixels].flatMap((light) => Array(4).fill(light === '1' ? 255 : 0))) })
}
