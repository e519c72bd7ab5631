/**
 * `cairn swarm N`: N real nodes in one process, some of which mine, on a network that can be made as bad as one likes.
 *
 * In order: every option is checked → the nodes start and are connected → their page is served → the miners begin → what
 * happens is shown, until the time is over or Ctrl-C → page and nodes stop → the files are written, each whole or not at all.
 *
 * On a terminal it is a table that stays in its place; in a pipe a line for each thing that happens; with --json one
 * document a line: `ready` first, then the swarm's events by their names, `ended` last.
 */
import { randomBytes } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { pino } from 'pino'
import { genesisOf } from '../../consensus/genesis.ts'
import { toHex } from '../../consensus/hex.ts'
import { createSwarmServer } from '../../swarm-http/server.ts'
import { NotConnectedError } from '../../swarm/cabling.ts'
import { createSwarm } from '../../swarm/create-swarm.ts'
import { csvOf } from '../../swarm/record-csv.ts'
import { Record } from '../../swarm/record.ts'
import type { SwarmEvents } from '../../swarm/swarm-events.ts'
import type { Swarm } from '../../swarm/swarm.ts'
import { treeSvg } from '../../swarm/tree-svg.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../failure.ts'
import { formatCount, formatCountOf } from '../format.ts'
import { examples } from '../help.ts'
import { createProgressLine } from '../progress.ts'
import { parseSwarmRun, type SwarmCommandOptions, type SwarmRun } from '../swarm-options.ts'
import { type SwarmFacts, SwarmTable } from '../swarm-table.ts'
import { cutMiddle } from '../text.ts'

export function configure(command: Command, context: Context): void {
  command
    .argument('<N>', 'how many nodes, 1 to 200')
    .option('--mine <K>', 'so many of them mine (default: 3)')
    .option('--topology <SHAPE>', 'full, ring, line, star, random[:DEGREE], small-world[:DEGREE:SHARE], or edges like 0-1,1-2 (default: full up to 8 nodes, random above)')
    .option('--latency <MS>', 'how long each message is on its way, ms (default: 0)')
    .option('--jitter <MS>', 'it takes up to so much longer, ms (default: 0)')
    .option('--loss <P>', 'share of packets that are lost and sent again: 0.01 or 1% (default: 0)')
    .option('--bandwidth <BITS>', 'bits a second of each link, like 500k or 10M (default: no limit)')
    .option('--seed <S>', 'keys, names, topology and losses follow from it (default: another each time)')
    .option('--block-time <S>', 'seconds between blocks that difficulty aims at (default: 3)')
    .option('--payments <N>', 'so many small payments a minute by nodes that own coins, 0 to 600 (default: 30)')
    .option('--transport <KIND>', 'memory, or tcp on 127.0.0.1 (default: memory)')
    .option('--for <S>', 'ends after so many seconds (default: Ctrl-C ends it)')
    .option('--http <HOST:PORT>', 'where its page is (default: 127.0.0.1:5050 or the next free port)')
    .option('--csv <FILE>', 'writes a row for each block at the end')
    .option('--svg <FILE>', 'draws the block tree at the end')
    .addHelpText('after', '\nThe nodes are real and mine for real; the cables between them are modelled.\nWith --data each keeps a folder there.')
    .addHelpText('after', examples(
      'cairn swarm 10',
      'cairn swarm 20 --mine 5 --topology ring --latency 50 --loss 1% --seed 7',
      'cairn swarm 8 --latency 150 --for 60 --csv run.csv --svg run.svg',
    ))
    .action((count: string, options: SwarmCommandOptions) => run(parseSwarmRun(count, options, context.options), context))
}

async function run(wanted: SwarmRun, context: Context): Promise<void> {
  const { options: { json }, output, signal } = context
  await using swarm = await start(wanted, signal)
  const record = new Record(swarm)
  const token = randomBytes(32).toString('hex')
  await using started = new AsyncDisposableStack()
  const server = await createSwarmServer(swarm, { ...wanted.http, token, log: pino({ level: 'silent' }) })
  started.defer(() => server.stop())
  await server.start()
  const page = `${server.url}/#${token}`
  if (json) tellReady(swarm, page, wanted, context)
  else {
    output.line(`${formatCountOf(swarm.nodes.length, 'node runs', 'nodes run')}, ${formatCountOf(swarm.edges.length, 'connection')}, seed ${swarm.seed}; Ctrl-C ends it`)
    output.line(`page ${output.paint('cyan', page)}`)
  }
  const table = new SwarmTable(process.stdout, () => factsOf(swarm, record))
  if (json) tellEvents(swarm, (event, fields) => output.json({ event, ...fields }))
  else if (process.stdout.isTTY) table.start()
  else narrate(swarm, (line) => output.line(line))

  for (const node of swarm.nodes.slice(0, wanted.miners)) node.miner.run(node.wallet.default.account)
  await over(wanted.durationMs, signal)
  await started.disposeAsync()
  await Promise.all(swarm.running.map((at) => swarm.nodes[at]?.miner.pause()))
  table.stop()
  const facts = factsOf(swarm, record)
  swarm.events.removeAllListeners() // that its nodes stop now is no part of the run
  await swarm.stop()
  const files = [
    ...(wanted.csv === undefined ? [] : [write(wanted.csv, csvOf(record))]),
    ...(wanted.svg === undefined ? [] : [write(wanted.svg, treeSvg(record))]),
  ]
  if (json) {
    const { blocks, best, payments, reachedMs } = facts
    return output.json({ event: 'ended', blocks, best, payments, reached95Ms: reachedMs ?? null, files })
  }
  for (const file of files) output.line(`wrote ${file}`)
}

async function start({ options }: SwarmRun, signal: AbortSignal): Promise<Swarm> {
  const progress = createProgressLine(process.stderr)
  progress.show(`starting ${formatCountOf(options.nodes, 'node')} …`)
  try {
    return await createSwarm({ ...options, signal })
  } catch (error) {
    // What the swarm finds wrong with its options when it comes to use them, and nodes that cannot connect.
    if (error instanceof RangeError || error instanceof NotConnectedError) throw new Refusal(error.message)
    throw error
  } finally {
    progress.clear()
  }
}

function tellReady(swarm: Swarm, page: string, { params, miners, options }: SwarmRun, { output }: Context): void {
  const { latencyMs = 0, jitterMs = 0, loss = 0, bytesPerSecond, paymentsPerMinute = 0 } = options
  output.json({
    event: 'ready', page, network: params.name, genesis: toHex(genesisOf(params).hash), seed: swarm.seed, miners, paymentsPerMinute,
    conditions: { latencyMs, jitterMs, loss, bytesPerSecond: bytesPerSecond ?? null },
    nodes: swarm.nodes.map(({ name, network: { peerId }, wallet }, node) => ({ node, name, peerId, account: wallet.default.address })),
    edges: swarm.edges,
  })
}

type Told = keyof SwarmEvents

const TOLD: readonly Told[] = [
  'node:started', 'node:stopped', 'nodes:connected', 'nodes:disconnected', 'links:changed', 'payment:sent',
  'block:found', 'block:received', 'tip:changed',
]

/** As they come, until the swarm stops. */
function tellEvents(swarm: Swarm, tell: (event: Told, fields: object) => void): void {
  for (const name of TOLD) swarm.events.on(name, (fields: object) => tell(name, fields))
}

/** A line for each thing that people want to know. */
function narrate(swarm: Swarm, tell: (line: string) => void): void {
  const who = (at: number): string => `node ${at}${swarm.nodes[at]?.running ? `, ${swarm.nodes[at].name},` : ''}`
  swarm.events.on('block:found', ({ node, height, hash, transactions }) => {
    tell(`${who(node)} found block ${formatCount(height)}  ${cutMiddle(hash, 17)}${transactions === 0 ? '' : `  ${formatCountOf(transactions, 'transaction')}`}`)
  })
  swarm.events.on('tip:changed', ({ node, height, left }) => {
    if (left > 0) tell(`${who(node)} switched to the branch with more work: left ${formatCountOf(left, 'block')}, is at height ${formatCount(height)}`)
  })
  swarm.events.on('nodes:disconnected', ({ nodes: [a, b] }) => tell(`nodes ${a} and ${b} are disconnected`))
}

function factsOf(swarm: Swarm, record: Record): SwarmFacts {
  const { blocks } = record
  const best = record.best()
  const found = Map.groupBy(blocks, ({ node }) => node)
  const reached = blocks.flatMap((block) => record.reachedMs(block, 0.95) ?? []).sort((a, b) => a - b)
  return {
    rows: swarm.nodes.map((node, at) => ({
      node: at,
      name: node.running ? node.name : '',
      mines: node.running && node.miner.progress().running,
      standing: node.running ? { height: node.chain.tip.height, tip: node.chain.tip.hash, peers: node.network.peers().length } : undefined,
      found: found.get(at)?.length ?? 0,
    })),
    blocks: blocks.length,
    best: best.size,
    payments: { sent: swarm.payments.sent, mined: blocks.reduce((sum, { hash, transactions }) => sum + (best.has(hash) ? transactions : 0), 0) },
    lastAt: blocks.at(-1)?.foundAt,
    reachedMs: reached[reached.length >> 1],
    now: Date.now(),
  }
}

/** Resolves when the time is over, or at Ctrl-C. */
function over(durationMs: number | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = durationMs === undefined ? undefined : setTimeout(resolve, durationMs)
    const end = (): void => {
      clearTimeout(timer)
      resolve()
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

/** Writes a file so that it is there whole or not at all. */
function write(file: string, content: string): string {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, content, { flag: 'wx', flush: true })
    renameSync(temporary, file)
    return file
  } catch (error) {
    rmSync(temporary, { force: true })
    throw new Refusal(`${file} cannot be written (${(error as Error).message}): name another place`)
  }
}
