/**
 * The page at `/`: the files that Vite built from src/web. Those under `assets/` have the hash of their content in
 * their name and are kept by browsers for ever; the others are asked for again each time (304 where nothing changed).
 */
import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Where `npm run build:page` puts the page. */
export const PAGE_FOLDER = fileURLToPath(new URL('../../dist/web/', import.meta.url))

const NOT_BUILT =
  '<!doctype html><meta charset="utf-8"><title>Cairn</title>' +
  '<p>This node runs, but its page is not built: run <code>npm run build:page</code> and start it again.\n'

/** @param folder holds `index.html`, once it is built */
export async function servePage(app: FastifyInstance, { folder }: { folder: string }): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/', { config: { access: 'open' }, schema: { hide: true } }, (_request, reply) => {
      reply.type('text/html; charset=utf-8')
      return NOT_BUILT
    })
    return
  }
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, access: 'open' }
  })
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false, // a route for each file that is there, so that all else stays a plain 404
    cacheControl: false,
    setHeaders(reply, path) {
      const isHashed = path.includes(`${sep}assets${sep}`)
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}
