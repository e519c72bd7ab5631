/** Builds the page: src/web to dist/web, which a node serves at `/`. Nothing in it asks anything of another server. */
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
    // The server's Content-Security-Policy allows files of its own and no data: or inline ones.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})
