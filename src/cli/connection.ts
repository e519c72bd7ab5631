/**
 * Finds the running node that a command is for, by its data folder: `--data`, else `CAIRN_DATA`, else `~/.cairn/NETWORK`.
 *
 * In order: read where the node says it is (`node.json`) → ask there who answers → make sure that it is this folder's
 * node. A `node.json` that a killed node left behind is not taken for a running one: nothing answers at its address, or
 * another node that took the port since does, with another peer id.
 *
 * Fails with `Refusal`: no node is running there.
 */
import { resolve } from 'node:path'
import { ApiFailure, type Client, createClient } from '../http/client.ts'
import type { Status } from '../http/api.ts'
import { DataFolder } from '../node/data-folder.ts'
import type { Context, GlobalOptions } from './context.ts'
import { Refusal } from './failure.ts'

/** Name of the network that is meant where none is named; the same as the node's own default. */
const DEFAULT_NETWORK = 'lan'

export interface Connection {
  /** Address of its HTTP interface. */
  url: string
  client: Client
  /** What the node answered when it was found. */
  status: Status
}

/** No node is there to ask; the line says how to start one. */
export class NotRunning extends Refusal {
  /** Which node is not running. */
  readonly what: string
  /** The command that starts it. */
  readonly start: string

  constructor(what: string, start: string) {
    super(`${what}: start one with ${start}`)
    this.what = what
    this.start = start
  }
}

/** The same, or undefined where no node is running. */
export async function connectIfRunning(context: Pick<Context, 'options' | 'signal'>): Promise<Connection | undefined> {
  try {
    return await connect(context)
  } catch (error) {
    if (error instanceof NotRunning) return undefined
    throw error
  }
}

/** Connects to the node of the context's data folder. */
export async function connect({ options, signal }: Pick<Context, 'options' | 'signal'>): Promise<Connection> {
  const folder = await dataFolder(options)
  const notRunning = (why = ''): NotRunning =>
    new NotRunning(`no node is running on ${folder}${why}`, startCommand(options))

  const found = await askNode(folder, signal)
  if (typeof found === 'string') throw notRunning(found)
  return found
}

/**
 * Asks the node of a folder who it is.
 * @returns why none runs, where none does: '' or words to put behind that
 */
export async function askNode(folder: string, signal: AbortSignal): Promise<Connection | string> {
  const running = DataFolder.read(folder)
  if (running === undefined) return ''
  let status: Status
  try {
    // Without the token: it is for this folder's node alone, and who answers is not known yet.
    status = await createClient({ url: running.http }).status({ signal })
  } catch (error) {
    if (error instanceof ApiFailure && error.code === 'node-unreachable') return ' (the last one was killed)'
    throw error
  }
  if (running.peerId !== status.peerId) return ` (the last one was killed, and ${status.name} answers at its address)`
  return { url: running.http, client: createClient({ url: running.http, token: running.token }), status }
}

/** The data folder that the options mean, absolute. */
export async function dataFolder({ data, network }: Pick<GlobalOptions, 'data' | 'network'>): Promise<string> {
  if (data !== undefined) return resolve(data)
  return resolve(DataFolder.defaultPath(network === undefined ? DEFAULT_NETWORK : await networkName(network)))
}

/** Whether `--network` names a file rather than a network: a network's name has no slash and no `.json` at its end. */
export const isNetworkFile = (network: string): boolean => /[/\\]|\.json$/i.test(network)

async function networkName(network: string): Promise<string> {
  // Loaded only when it is needed: it brings the rules with it.
  const { networkParams } = await import('../consensus/params.ts')
  if (!isNetworkFile(network)) return networkParams(network).name
  const { readNetworkFile } = await import('../node/options.ts')
  return readNetworkFile(network).name
}

function startCommand({ data, network }: GlobalOptions): string {
  const word = (text: string): string => (/^[\w./~@:+-]+$/.test(text) ? text : JSON.stringify(text))
  return ['cairn start', ...(network ? ['--network', word(network)] : []), ...(data ? ['--data', word(data)] : [])].join(' ')
}
