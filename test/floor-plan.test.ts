/**
 * The house as a drawing, and a test that draws the real arrows over it: who may import whom, no cycles, no Node in the
 * rules, no file that is too long to read. Every way to name another file counts: imports, re-exports, types,
 * `import()`, `import('…').Type` and workers' `new URL('./file.ts', import.meta.url)`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'vite'
import { describe, expect, test } from 'vitest'

/**
 * The drawing: each room, and what it may import. A room stands for all its files, a path for that file alone.
 *
 *   cli        web              the ways in; web knows only the JSON that is served to it, and rules that hash nothing
 *   swarm-http                  a swarm's page and routes: of the swarm, behind the doors of http
 *   swarm      http
 *   node                        wires what is below
 *   network    storage          network: libp2p over chain and mempool; storage: what chain declares
 *   chain      mempool   mining   wallet
 *   consensus                   the rules, which know nobody
 */
const FLOOR_PLAN: Record<string, readonly string[]> = {
  consensus: [],
  chain: ['consensus'],
  storage: ['chain/store.ts', 'consensus'],
  mempool: ['consensus'],
  mining: ['consensus', '../dist/kernel.js'],
  wallet: ['consensus'],
  network: ['chain', 'mempool', 'consensus'],
  node: ['chain', 'storage', 'mempool', 'mining', 'wallet', 'network', 'consensus'],
  // Node's own seams: time, and what carries its connections, which a swarm bends.
  swarm: ['node', 'chain/clock.ts', 'network/cairn-libp2p.ts', 'network/libp2p.ts', 'consensus'],
  http: ['node', 'chain', 'storage', 'mempool', 'mining', 'wallet', 'network', 'consensus'],
  // A room of its own: http knows one node and no swarm, and a swarm is a library's too, which serves nothing.
  'swarm-http': ['swarm', 'http', 'node', 'consensus'],
  // The JSON that they speak, and the clients that speak it; none knows a node. And the rules of a header, to try by
  // hand: those that hash nothing, for what hashes is WebAssembly, which the page's Content-Security-Policy forbids.
  web: [
    'http/api.ts', 'http/client.ts', 'swarm-http/api.ts', 'swarm-http/client.ts', 'consensus/account.ts',
    'consensus/difficulty.ts', 'consensus/errors.ts', 'consensus/header-rules.ts', 'consensus/hex.ts', 'consensus/target.ts',
  ],
  cli: ['node', 'swarm', 'swarm-http', 'http', 'wallet', 'consensus'],
  // Makes the package of all of them, and knows none.
  package: [],
  // The public interface may show anything but the page and the command line.
  'index.ts': ['consensus', 'chain', 'storage', 'mempool', 'mining', 'wallet', 'network', 'node', 'swarm', 'http'],
}

/** All that src may import from outside it: the package's own words, and the one module that is built. */
const OUTSIDE = ['../package.json', '../dist/kernel.js']

/** A file that is longer is two files. */
const MAX_LINES = 300

const SRC = fileURLToPath(new URL('../src', import.meta.url))
const CODE = /\.(ts|tsx|js|mjs)$/

/** What each private name of package.json stands for, as paths inside src. */
const privateNames = Object.entries(
  // The shape of the file beside this one: names to targets by condition.
  (JSON.parse(readFileSync(join(SRC, '../package.json'), 'utf8')) as { imports: Record<string, Record<string, string>> }).imports,
).map(([name, targets]): [string, string[]] => [name, Object.values(targets).map((target) => posix.relative('./src', target))])

/** Paths of the code under src, relative to it, with forward slashes. */
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => CODE.test(path))
  .sort()

/** Everything that a source names: `./x.ts`, `node:fs`, `libp2p`. */
function namesIn(path: string, source: string): string[] {
  const names: string[] = []
  // Every node here that names a module holds it as a string literal; anything computed would name nothing.
  const literal = (node: { type: string; value?: unknown } | null | undefined): void => {
    if (node?.type === 'Literal' && typeof node.value === 'string') names.push(node.value)
  }
  const { program, errors } = parseSync(path, source)
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]!.message}`)
  new Visitor({
    ImportDeclaration: (node) => literal(node.source),
    ExportNamedDeclaration: (node) => literal(node.source),
    ExportAllDeclaration: (node) => literal(node.source),
    ImportExpression: (node) => literal(node.source),
    TSImportType: (node) => literal(node.source),
    NewExpression(node) {
      const [target, base] = node.arguments
      const isUrl = node.callee.type === 'Identifier' && node.callee.name === 'URL' && base?.type === 'MemberExpression'
      if (isUrl && target?.type === 'Literal' && CODE.test(String(target.value))) literal(target)
    },
  }).visit(program)
  return names
}

/** The files of src that a file names; what it names outside src is not here. */
function targetsOf(path: string, names: string[]): string[] {
  return names.flatMap((name) => {
    if (name.startsWith('.')) return [posix.join(posix.dirname(path), name)]
    return privateNames.find(([known]) => known === name)?.[1] ?? []
  })
}

/** The room that a path is in; a file at the top is its own. */
const roomOf = (path: string): string => path.split('/')[0]!

const isAllowed = (from: string, to: string): boolean =>
  roomOf(from) === roomOf(to) || (FLOOR_PLAN[roomOf(from)] ?? []).some((allowed) => allowed === roomOf(to) || allowed === to)

const named = new Map(files.map((path) => [path, namesIn(path, readFileSync(join(SRC, path), 'utf8'))]))
const arrows = new Map([...named].map(([path, names]) => [path, targetsOf(path, names)]))

describe('the floor plan', () => {
  test('every room is drawn', () => {
    const undrawn = new Set(files.map(roomOf).filter((room) => FLOOR_PLAN[room] === undefined))
    expect([...undrawn], 'rooms of src that FLOOR_PLAN does not have').toEqual([])
  })

  test.each(Object.keys(FLOOR_PLAN))('%s imports only what it stands on', (room) => {
    const allowed = FLOOR_PLAN[room]!.join(', ') || 'nothing'
    const forbidden = [...arrows]
      .filter(([from]) => roomOf(from) === room)
      .flatMap(([from, targets]) => targets.filter((to) => !isAllowed(from, to)).map((to) => `${from} → ${to}`))
    expect(forbidden.map((arrow) => `${arrow}: ${room} may import ${allowed}`)).toEqual([])
  })

  test('every file that is named exists', () => {
    const known = new Set(readdirSync(SRC, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/')))
    const missing = [...arrows].flatMap(([from, targets]) =>
      targets.filter((to) => !to.startsWith('../') && !known.has(to)).map((to) => `${from} → ${to}: no such file`),
    )
    expect(missing).toEqual([])
  })

  test('nothing in src imports a test, an example or a build but the hash kernel', () => {
    const outside = [...arrows].flatMap(([from, targets]) =>
      targets.filter((to) => to.startsWith('../') && !OUTSIDE.includes(to)).map((to) => `${from} → ${to}: outside src`),
    )
    expect(outside).toEqual([])
  })

  test('no file reaches itself through what it imports', () => {
    expect(cyclesIn(arrows).map((cycle) => cycle.join(' → '))).toEqual([])
  })
})

test('the rules and the page need nothing of Node', () => {
  const nodes = [...named].flatMap(([path, names]) =>
    names
      .filter((name) => ['consensus', 'web'].includes(roomOf(path)) && isBuiltin(name))
      .map((name) => `${path} imports ${name}: ${roomOf(path)} runs in a browser as it is`),
  )
  expect(nodes).toEqual([])
})

// V8 aborts the whole process where a thread is ended while a module that awaits something is being loaded.
test('no module of a thread awaits anything while it is loaded', () => {
  const threads = files.filter((path) => path.endsWith('worker.ts'))
  expect(threads.length).toBeGreaterThan(1)
  const reached = new Set(threads)
  for (const path of reached) for (const target of arrows.get(path) ?? []) reached.add(target)
  reached.delete('consensus/sodium-browser.ts') // which no thread of Node's loads
  const waiting = [...reached].filter((path) => named.has(path) && awaitsAtTop(path, readFileSync(join(SRC, path), 'utf8')))
  expect(waiting).toEqual([])
})

/** Whether a module awaits outside of its functions. */
function awaitsAtTop(path: string, source: string): boolean {
  let [depth, found] = [0, false]
  const enter = (): void => void (depth += 1)
  const leave = (): void => void (depth -= 1)
  new Visitor({
    FunctionDeclaration: enter, 'FunctionDeclaration:exit': leave,
    FunctionExpression: enter, 'FunctionExpression:exit': leave,
    ArrowFunctionExpression: enter, 'ArrowFunctionExpression:exit': leave,
    AwaitExpression: () => void (found ||= depth === 0),
    ForOfStatement: (node) => void (found ||= node.await && depth === 0),
  }).visit(parseSync(path, source).program)
  return found
}

test(`no file is longer than ${MAX_LINES} lines`, () => {
  const long = files
    .map((path) => ({ path, lines: readFileSync(join(SRC, path), 'utf8').trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => `${path} has ${lines} lines, at most ${MAX_LINES}: split it along a seam`)
  expect(long).toEqual([])
})

/** Every way round, once each: found depth first, told from its alphabetically first file. */
function cyclesIn(graph: Map<string, string[]>): string[][] {
  const cycles = new Map<string, string[]>()
  const done = new Set<string>()
  const walk = (path: string, trail: string[]): void => {
    const at = trail.indexOf(path)
    if (at >= 0) {
      const round = trail.slice(at)
      const first = round.indexOf([...round].sort()[0]!)
      const cycle = [...round.slice(first), ...round.slice(0, first)]
      cycles.set(cycle.join(), [...cycle, cycle[0]!])
    } else if (!done.has(path)) {
      for (const next of graph.get(path) ?? []) walk(next, [...trail, path])
      done.add(path)
    }
  }
  for (const path of graph.keys()) walk(path, [])
  return [...cycles.values()]
}

describe('this test', () => {
  test('sees every way to name a file, and none in a comment or a text', () => {
    const source = `
      import a from './a.ts'
      import type { B } from './b.ts'
      import './c.ts'
      export { d } from './d.ts'
      export * from './e.ts'
      export type { F } from './f.ts'
      const g = await import('./g.ts')
      type H = import('./h.ts').H
      const i = new Worker(new URL('./i.ts', import.meta.url))
      // import j from './j.ts'
      const k = "import k from './k.ts'"
      const l = new URL('../dist/web/', import.meta.url)
      const m = new URL('./m.ts', 'http://localhost')
    `
    expect(namesIn('x.ts', source)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name) => `./${name}.ts`))
  })

  test('resolves them', () => {
    const names = ['./store.ts', '../consensus/hex.ts', 'pino', 'node:fs', '#sodium']
    expect(targetsOf('chain/chain.ts', names)).toEqual([
      'chain/store.ts',
      'consensus/hex.ts',
      'consensus/sodium-browser.ts',
      'consensus/sodium-native.ts',
    ])
  })

  test('tells a forbidden arrow from an allowed one', () => {
    expect(isAllowed('chain/chain.ts', 'consensus/block.ts')).toBe(true)
    expect(isAllowed('chain/chain.ts', 'chain/store.ts')).toBe(true)
    expect(isAllowed('storage/schema.ts', 'chain/store.ts')).toBe(true)
    expect(isAllowed('storage/schema.ts', 'chain/chain.ts')).toBe(false)
    expect(isAllowed('consensus/block.ts', 'chain/chain.ts')).toBe(false)
    expect(isAllowed('web/live.ts', 'http/server.ts')).toBe(false)
    expect(isAllowed('web/live.ts', 'http/api.ts')).toBe(true)
    expect(isAllowed('web/draft-rules.ts', 'consensus/header-rules.ts')).toBe(true)
    expect(isAllowed('web/draft-rules.ts', 'consensus/hash.ts')).toBe(false)
    expect(isAllowed('index.ts', 'cli/main.ts')).toBe(false)
    expect(isAllowed('mining/kernel.ts', '../dist/kernel.js')).toBe(true)
    expect(isAllowed('consensus/hash.ts', '../dist/kernel.js')).toBe(false)
    expect(isAllowed('cellar/x.ts', 'consensus/block.ts')).toBe(false)
  })

  test('sees an await at the top of a module, and none in its functions', () => {
    const waits = (source: string) => awaitsAtTop('x.ts', source)
    for (const source of ['await 1', 'const a = await f()', 'if (x) { await y }', 'for await (const a of b) c(a)']) {
      expect(waits(source), source).toBe(true)
    }
    const within = ['async function f() { await 1 }', 'const f = async () => await 1', 'class A { async f() { for await (const a of b) a } }']
    for (const source of within) expect(waits(source), source).toBe(false)
  })

  test('finds cycles', () => {
    const graph = (lines: string) =>
      new Map(lines.split(' ').map((line): [string, string[]] => [line[0]!, line.slice(2).split('')]))
    expect(cyclesIn(graph('a:bc b:c c:'))).toEqual([])
    expect(cyclesIn(graph('b:c c:a a:b d:a'))).toEqual([['a', 'b', 'c', 'a']])
    expect(cyclesIn(graph('a:a'))).toEqual([['a', 'a']])
    expect(cyclesIn(graph('a:b b:ac c:b'))).toEqual([['a', 'b', 'a'], ['b', 'c', 'b']])
  })
})
