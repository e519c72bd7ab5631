/**
 * Makes of the source what the package runs: `npm run build:code`, which `npm install` and `npm pack` do too.
 *
 * Two ways to run the same house. A checkout runs its TypeScript as it is, so that there is no build to be out of date:
 * `npm start` and `npx cairn` take src/, the examples say `cairn` and mean src/ (see their package.json), tests name files
 * of src/. But Node strips no types of a package that is installed, so the package runs JavaScript: dist/, which holds each
 * file of src/ that the library, the client, the command line and their threads reach, in the same place and of the same
 * name, beside the kernel and the page. src/cli/cairn.js, the program, is in both and runs whichever is there. (A file at
 * the top of a checkout that says `cairn` gets dist/ as it was built last.)
 *
 * In order: yesterday's code leaves dist/ → `tsc` writes today's, with its types → names of files that `tsc` leaves as
 * they are become those of JavaScript: threads' (`new URL('./worker.ts', …)`) and those in types → dist/package.json says
 * what `#kernel` and `#sodium` are among built files, since in package.json those names are the source's. Fails with what
 * `tsc` finds, or where a name of TypeScript is left.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const DIST = join(ROOT, 'dist')
/** What other builds put there. */
const KEPT = ['kernel.js', 'web']

mkdirSync(DIST, { recursive: true })
for (const name of readdirSync(DIST)) if (!KEPT.includes(name)) rmSync(join(DIST, name), { recursive: true })

const tsc = join(fileURLToPath(import.meta.resolve('typescript/package.json')), '../bin/tsc')
try {
  execFileSync(process.execPath, [tsc, '--project', join(ROOT, 'src/package')], { stdio: 'inherit' })
} catch {
  console.error('the package’s code does not compile: see above, and mend it in src')
  process.exit(1)
}

/** A name of TypeScript where a module, a type or a thread is named. */
const NAMED = /(?<=(?:from |import |import\(|new URL\()['"]\.[^'"]*\.)ts(?=['"])/g
/** The same anywhere but in a comment. */
const LEFT = /^(?! *(?:\*|\/\/|\/\*)).*['"]\.[^'"]*\.ts['"].*/m

for (const name of readdirSync(DIST, { recursive: true, encoding: 'utf8' })) {
  if (!/\.(js|d\.ts)$/.test(name) || KEPT.some((kept) => name.startsWith(kept))) continue
  const path = join(DIST, name)
  const code = readFileSync(path, 'utf8').replaceAll(NAMED, 'js')
  const left = LEFT.exec(code)
  if (left !== null) {
    console.error(`dist/${name} names a file of TypeScript, which the package does not have: ${left[0].trim()}`)
    process.exit(1)
  }
  writeFileSync(path, code)
}

/** Where a file of the source or of a build is, seen from dist/. */
const built = (target: string): string => target.replace(/^\.\/(src|dist)\//, './').replace(/\.ts$/, '.js')
/** Private names, and what each is by condition. */
type Imports = Record<string, Record<string, string>>
const { imports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { imports: Imports } // this project's own
const names = Object.entries(imports).map(([name, targets]) => [
  name,
  Object.fromEntries(
    // No declaration that others see speaks of a private name.
    Object.entries(targets).flatMap(([condition, target]) => (condition === 'types' ? [] : [[condition, built(target)]])),
  ),
])
const manifest = { type: 'module', imports: Object.fromEntries(names) }
writeFileSync(join(DIST, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
