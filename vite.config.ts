/**
 * Builds the pages: src/web to dist/web. A node serves the one of `index.html` at `/`, a swarm that of `swarm.html`. Nothing
 * in them asks anything of another server.
 */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'src/web',
  base: './',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    rolldownOptions: { input: ['index', 'swarm'].map((name) => fileURLToPath(new URL(`src/web/${name}.html`, import.meta.url))) },
    // The server's Content-Security-Policy allows files of its own and no data: or inline ones.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})
