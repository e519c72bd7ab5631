/**
 * A page at `/`: the files that Vite built from src/web, which holds a node's page and a swarm's. Those under `assets/`
 * have the hash of their content in their name and are kept by browsers for ever; the others are asked for again each
 * time (304 where nothing changed).
 */
import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Where `npm run build:page` puts the pages. */
export const PAGE_FOLDER = fileURLToPath(new URL('../../dist/web/', import.meta.url))

/** Of each page, its first file: what a server serves at `/`; it has none of the others. */
const PAGES = { node: 'index.html', swarm: 'swarm.html' }

const notBuilt = (what: string): string =>
  '<!doctype html><meta charset="utf-8"><title>Cairn</title>' +
  `<p>This ${what} runs, but its page is not built: run <code>npm run build:page</code> and start it again.\n`

/**
 * @param folder holds the pages, once they are built
 * @param what whose page it is. @default 'node'
 */
export async function servePage(
  app: FastifyInstance,
  { folder, what = 'node' }: { folder: string; what?: keyof typeof PAGES },
): Promise<void> {
  if (!existsSync(join(folder, PAGES[what]))) {
    app.get('/', { config: { access: 'open' }, schema: { hide: true } }, (_request, reply) => {
      reply.type('text/html; charset=utf-8')
      return notBuilt(what)
    })
    return
  }
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, access: 'open' }
  })
  await app.register(fastifyStatic, {
    root: folder,
    index: PAGES[what],
    wildcard: false, // a route for each file that is there, so that all else stays a plain 404
    globIgnore: Object.values(PAGES).filter((file) => file !== PAGES[what]),
    cacheControl: false,
    setHeaders(reply, path) {
      const isHashed = path.includes(`${sep}assets${sep}`)
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}
