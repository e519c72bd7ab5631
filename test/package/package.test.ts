/**
 * The package: what `npm pack` makes is installed into an empty project and used there, on the Node that it asks for at
 * least and on the newest: as a library, as a client, as a program, and by the TypeScript compiler.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { install, installNode, makeFolder, pack, type Project, remove } from './installed.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const NEWEST = 26
/** Options of a node that only this machine can reach. */
const ALONE = ['--no-mdns', '--http', '127.0.0.1:0', '--listen', '/ip4/127.0.0.1/tcp/0']
/** Largest package, bytes: it is downloaded by everybody. */
const MAX_BYTES = 800_000

// In CI an unreachable registry is a failure; at home, on a boat, it is none.
const isReachable = process.env.CI !== undefined || spawnSync('npm', ['ping'], { timeout: 20_000 }).status === 0
const NAME = isReachable ? 'the package' : 'the package (NOT RUN: the npm registry does not answer)'

describe.skipIf(!isReachable)(NAME, { timeout: 240_000 }, () => {
  let folder: string
  let packed: string
  let project: Project
  let newest: string
  let fetching: Promise<string> | undefined
  /** Names of the files in the package, sorted, with forward slashes. */
  let files: string[]
  const inPackage = (name: string): string => join(project.folder, 'node_modules/cairn', name)
  const read = (name: string): string => readFileSync(inPackage(name), 'utf8')

  beforeAll(async () => {
    folder = await makeFolder()
    fetching = installNode(folder, NEWEST)
    fetching.catch(() => undefined) // awaited below, or at the end where packing fails first
    packed = await pack(folder)
    const types = readVersions('@types/node', 'typescript')
    project = await install(folder, packed, ...types)
    newest = await fetching
    files = readdirSync(inPackage(''), { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => statSync(inPackage(name)).isFile())
      .sort()
  }, 480_000)
  afterEach(() => project.stop())
  afterAll(async () => {
    await Promise.allSettled([fetching])
    await remove(folder)
  })

  test('holds what runs, and nothing else', () => {
    expect(files).toEqual(expect.arrayContaining([
      'LICENSE', 'README.md', 'package.json', 'src/cli/cairn.js', 'dist/package.json', 'dist/index.js', 'dist/index.d.ts',
      'dist/http/client.js', 'dist/http/client.d.ts', 'dist/kernel.js', 'dist/mining/worker.js', 'dist/chain/verifier-worker.js',
      'dist/web/index.html',
    ]))
    const expected = [
      /^(LICENSE|README\.md|package\.json|src\/cli\/cairn\.js|dist\/package\.json)$/, /^dist\/.*\.(js|d\.ts)$/,
      /^dist\/web\/.*\.(html|css|svg)$/,
    ]
    const strange = files.filter((name) => !expected.some((pattern) => pattern.test(name)))
    expect(strange, 'neither sources nor maps nor tests').toEqual([])
    expect(files.filter((name) => /(^|[/.])(test|bench|soak|build)[/.]/.test(name))).toEqual([])
    expect(statSync(packed).size).toBeLessThan(MAX_BYTES)
  })

  test('says what is in it, and names no file that is not', () => {
    const { exports, bin, ...rest } = JSON.parse(read('package.json'))
    const { imports } = JSON.parse(read('dist/package.json'))
    for (const target of leaves([exports, bin])) expect(files).toContain(join(target).replaceAll('\\', '/'))
    for (const target of leaves(imports)) expect(files).toContain(join('dist', target).replaceAll('\\', '/'))
    expect(rest).toMatchObject({ license: 'MIT', engines: { node: '>=24' }, type: 'module' })
    expect(rest.private).toBeUndefined()

    const isThere = (name: string): boolean =>
      [name, name.replace(/\.js$/, '.d.ts')].some((path) => files.includes(path)) || name === 'dist/web/'
    const code = files.filter((name) => /\.(js|d\.ts)$/.test(name) && !name.startsWith('dist/web/'))
    const named = code.flatMap((name) =>
      [...read(name).matchAll(/(?:from |import\(|new URL\()['"](\.[^'"]+)['"]/g)]
        .map(([, target = '']) => target)
        .filter((target) => !isThere(join(name, '..', target).replaceAll('\\', '/')))
        .map((target) => `${name} names ${target}`),
    )
    // The program looks whether the source of a checkout stands beside it, and where compiled code may be kept.
    const looked = ['./main.ts', '../../node_modules/.cache/cairn']
    expect(named).toEqual(looked.map((name) => `src/cli/cairn.js names ${name}`))
  })

  test('needs no script of any package to be run', () => {
    const modules = join(project.folder, 'node_modules')
    const manifests = readdirSync(modules, { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => /(^|node_modules\/)(@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(name))
    expect(manifests.length).toBeGreaterThan(150)
    const building = manifests.filter((name) => {
      const { scripts = {} } = JSON.parse(readFileSync(join(modules, name), 'utf8'))
      return ['preinstall', 'install', 'postinstall'].some((script) => scripts[script] !== undefined)
    })
    expect(building).toEqual([])
    const onlyForCheckouts = /^(node|vite|vitest|assemblyscript|preact|playwright-core)\/package\.json$/
    expect(manifests.filter((name) => onlyForCheckouts.test(name))).toEqual([])
  })

  test('its types hold in a strict program, those of all that it builds on too', async () => {
    const compile = () => project.node(process.execPath, 'node_modules/typescript/bin/tsc')
    await project.write('program.ts', PROGRAM_TS)
    const options = { strict: true, skipLibCheck: false, noEmit: true, target: 'es2024', types: ['node'] }
    for (const way of [{ module: 'nodenext' }, { module: 'esnext', moduleResolution: 'bundler' }]) {
      await project.write('tsconfig.json', JSON.stringify({ compilerOptions: { ...options, ...way }, files: ['program.ts'] }))
      expect(await compile()).toMatchObject({ stdout: '', status: 0 })
    }
    await project.write('program.ts', PROGRAM_TS.replace('height.toFixed()', 'height.toUpperCase()'))
    expect((await compile()).stdout).toContain("'toUpperCase' does not exist")
  })

  test('the client’s types hold on a strict page, where there is nothing of Node', async () => {
    await project.write('page.ts', PAGE_TS)
    const compilerOptions = {
      strict: true, skipLibCheck: false, noEmit: true, target: 'es2024', module: 'esnext', moduleResolution: 'bundler', types: [],
    }
    await project.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['page.ts'] }))
    const tsc = await project.node(process.execPath, 'node_modules/typescript/bin/tsc')
    expect(tsc).toMatchObject({ stdout: '', status: 0 })
  })

  test('its client can be bundled for a browser: a few kilobytes, and nothing of Node', async () => {
    const builtins: string[] = []
    await project.write('page.js', "export { createClient } from 'cairn/client'\n")
    const built = await build({
      root: project.folder,
      configFile: false,
      logLevel: 'silent',
      plugins: [{ name: 'note-builtins', enforce: 'pre', resolveId: (id) => void (isBuiltin(id) && builtins.push(id)) }],
      build: { write: false, lib: { entry: join(project.folder, 'page.js'), formats: ['es'], fileName: 'page' } },
    })
    if (!Array.isArray(built)) throw new Error('a library build gives a list of outputs')
    const [bundle] = built[0]!.output
    expect([...bundle.imports, ...bundle.dynamicImports, ...builtins]).toEqual([])
    expect(bundle.moduleIds.map((id) => id.replace(/^.*\/node_modules\//, ''))).toContain('cairn/dist/http/client.js')
    expect(bundle.code.length).toBeLessThan(12_000)
  })

  const NODES = [['least', () => process.execPath], ['newest', () => newest]] as const
  describe.each(NODES)('on the %s Node that it is for', (which, nodeOf) => {
    test('is the version that is meant', async () => {
      const { stdout } = await project.node(nodeOf(), '--version')
      expect(stdout).toMatch(which === 'least' ? /^v24\./ : new RegExp(`^v${NEWEST}\\.`))
    })

    test('a library whose nodes mine, pay and agree', async () => {
      await project.write('library.js', LIBRARY_JS)
      expect(await project.node(nodeOf(), 'library.js')).toEqual({ status: 0, stdout: 'height 3, the second has 7\n', stderr: '' })
    })

    test('a program: version, help, a wrong word', async () => {
      const { version } = JSON.parse(read('package.json'))
      expect(await project.cairn(nodeOf(), '--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
      expect((await project.cairn(nodeOf(), 'help', 'start')).stdout).toContain('--no-mdns')
      expect(await project.cairn(nodeOf(), 'sttus')).toMatchObject({ status: 2, stdout: '' })
    })

    test('a node with its page, which mines by the fast kernel and answers commands and clients', async () => {
      const data = join(folder, `data-${which}`)
      const own = ['--network', 'local', '--data', data]
      const { ready, end } = await project.start(nodeOf(), ...own, ...ALONE)

      const page = await fetch(`${ready.http}/`)
      expect(page.headers.get('content-type')).toContain('text/html')
      const [, script = ''] = /<script[^>]* src="([^"]+)"/.exec(await page.text()) ?? []
      const loaded = await fetch(new URL(script, `${ready.http}/`))
      expect([loaded.status, loaded.headers.get('content-type')]).toEqual([200, expect.stringContaining('javascript')])
      expect((await loaded.text()).length).toBeGreaterThan(10_000)

      const mined = await project.cairn(nodeOf(), 'mine', '2', '--json', ...own)
      expect(mined).toMatchObject({ status: 0, stderr: '' })
      expect(JSON.parse(mined.stdout).blocks).toMatchObject([{ height: 1 }, { height: 2 }])
      await project.write('client.js', CLIENT_JS)
      expect(await project.node(nodeOf(), 'client.js', ready.http, join(data, 'token'))).toEqual({
        status: 0,
        stdout: 'mined 3, heard of 3; no-such-block: block-not-found\n',
        stderr: '',
      })
      expect(JSON.parse((await project.cairn(nodeOf(), 'status', '--json', ...own)).stdout)).toMatchObject({ height: 3 })
      expect(await end()).not.toContain('slow kernel')
      expect(await project.cairn(nodeOf(), 'verify', '--json', ...own)).toMatchObject({ status: 0 })
    })
  })

  test('without the built kernel a node says that it mines slowly: so the others had it', async () => {
    renameSync(inPackage('dist/kernel.js'), inPackage('dist/kernel.gone'))
    try {
      const { end } = await project.start(process.execPath, '--network', 'local', '--data', join(folder, 'data-slow'), ...ALONE)
      expect(await end()).toContain('slow kernel')
    } finally {
      renameSync(inPackage('dist/kernel.gone'), inPackage('dist/kernel.js'))
    }
  })
})

/** The texts in a value of JSON, however deep. */
const leaves = (value: unknown): string[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [String(value)]

/** Packages by the version that this project has: `typescript@7.0.2`. */
function readVersions(...names: string[]): string[] {
  return names.map((name) => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'))
    return `${name}@${version}`
  })
}

const LIBRARY_JS = `
  import { createSwarm, NodeError, toAddress } from 'cairn'

  await using swarm = await createSwarm({ nodes: 2, network: 'local' })
  const [first, second] = swarm.nodes
  await first.mine(2)
  first.send({ recipient: second.wallet.default.account, amount: 7, fee: 1 })
  await first.mine(1)
  await swarm.converged()
  const { balance } = second.chain.account(second.wallet.default.account)
  if (!toAddress(second.wallet.default.account).startsWith('cairn1')) throw new Error('no address')
  if (!(new NodeError('a-code', 'why') instanceof Error)) throw new Error('no error')
  console.log(\`height \${second.chain.tip.height}, the second has \${balance}\`)
`

const CLIENT_JS = `
  import { readFileSync } from 'node:fs'
  import { ApiFailure, createClient } from 'cairn/client'

  const [url, token] = process.argv.slice(2)
  const client = createClient({ url, token: readFileSync(token, 'utf8') })
  const listening = Promise.withResolvers()
  const hearing = (async () => {
    for await (const { event, data } of client.follow({ onOpen: listening.resolve }))
      if (event === 'block:connected') return data.height
  })()
  await listening.promise
  const { blocks: [block] } = await client.mineBlocks(1)
  const refused = await client.block('ff'.repeat(32)).catch((error) => error)
  if (!(refused instanceof ApiFailure)) throw refused
  console.log(\`mined \${block.height}, heard of \${await hearing}; no-such-block: \${refused.code}\`)
`

const PAGE_TS = `
  import { createClient, type Proof } from 'cairn/client'

  const client = createClient({ url: '' })
  for await (const { event, data } of client.follow()) if (event === 'block:connected') document.title = data.minerName ?? data.miner
  const proof: Proof = await client.proof('00'.repeat(32))
  console.log(proof.header.bits.length)
`

const PROGRAM_TS = `
  import { createNode, createSwarm, NodeError, type Node, type NodeOptions, type Swarm } from 'cairn'
  import { ApiFailure, type BlockSummary, type Client, createClient, type Status } from 'cairn/client'

  const options: NodeOptions = { network: 'local', transport: 'memory' }
  const node: Node = createNode(options)
  node.chain.events.on('block:connected', ({ height, hash }) => console.log(height.toFixed(), hash.toUpperCase()))
  const blocks: { height: number; hash: string }[] = await node.mine(1)
  const swarm: Swarm = await createSwarm({ nodes: 2 })
  const client: Client = createClient({ url: 'http://127.0.0.1:5050' })
  const status: Status = await client.status()
  const newest: BlockSummary | undefined = (await client.blocks({ limit: 1 })).blocks[0]
  for await (const { event, data } of client.follow()) if (event === 'block:connected') console.log(data.miner, status, newest)
  console.log(ApiFailure, NodeError, blocks, swarm)
`
