#!/usr/bin/env node
// The program `cairn`. Plain JavaScript that any Node from 12 on parses, so that an old one gets a sentence that says
// what to do rather than a syntax error. Everything else is TypeScript, which Node 24 runs as it is; in the package, where
// no TypeScript stands beside this file, it is the JavaScript that was made of it (src/package/build.ts).
import fs from 'fs'
import module from 'module'
import url from 'url'

var least = 24
var version = process.versions.node
var source = new URL('./main.ts', import.meta.url)

if (parseInt(version, 10) < least) {
  console.error(
    'cairn needs Node.js ' + least + ' or later; this is ' + version +
      '. Install it from nodejs.org, or run it by npm (npm start), which brings its own.'
  )
  process.exitCode = 1
} else {
  // Compiled code is kept beside the packages it is made of, where only who installed them can write: a command starts
  // in half the time. Where the folder is not writable, Node goes on without. Threads ask the environment for it: without
  // it each of them would load a compiler of TypeScript, 10 MB of memory.
  var cache = url.fileURLToPath(new URL('../../node_modules/.cache/cairn', import.meta.url))
  module.enableCompileCache(cache)
  process.env.NODE_COMPILE_CACHE = cache
  import(fs.existsSync(source) ? source.href : '../../dist/cli/main.js').then(
    function (main) {
      return main.run(process.argv.slice(2))
    },
    function (error) {
      console.error('cairn: a part of the program is missing (' + error.message.split('\n')[0] + '): run npm install')
      process.exitCode = 1
    }
  )
}
