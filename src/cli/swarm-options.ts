/** What `cairn swarm` is told, as its swarm is: every option checked before anything starts. */
import { accessSync, constants, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type NetworkParams, parseParams } from '../consensus/params.ts'
import { miningCpu } from '../swarm/mining-share.ts'
import type { SwarmOptions } from '../swarm/options.ts'
import { MAX_PAYMENTS_PER_MINUTE } from '../swarm/payments.ts'
import { parseTopology, type Topology } from '../swarm/topology.ts'
import { parseWhole } from './amounts.ts'
import { Refusal } from './failure.ts'
import { parseHostPort } from './host-port.ts'
import { askedNetwork } from './network-option.ts'
import { quote } from './text.ts'

/** As commander gives them. */
export interface SwarmCommandOptions {
  mine?: string
  topology?: string
  latency?: string
  jitter?: string
  loss?: string
  bandwidth?: string
  seed?: string
  blockTime?: string
  payments?: string
  transport?: string
  for?: string
  http?: string
  csv?: string
  svg?: string
}

export interface SwarmRun {
  options: SwarmOptions & { nodes: number }
  params: NetworkParams
  /** Nodes 0 to this mine. */
  miners: number
  /** How long it runs; undefined: until Ctrl-C. */
  durationMs: number | undefined
  /** Where its page is served. */
  http: { host: string; port: number; explicitPort: boolean }
  csv: string | undefined
  svg: string | undefined
}

const MAX_NODES = 200
/** Nodes that mine where it is not said. */
const MINERS = 3
/** Long enough to see each block come, short enough to wait for: a lesson's pace. */
const BLOCK_TIME_S = 3
/** A minute, where it is not said: one or two a block. */
const PAYMENTS = 30
const MAX_FOR_S = 7 * 86_400
/** Where its page is where it was not asked for: the next free port from here. */
const HTTP_DEFAULT = { host: '127.0.0.1', port: 5050 }

/** @throws Refusal, ParamsError: what was given, why it will not do and what would */
export function parseSwarmRun(text: string, given: SwarmCommandOptions, { data, network }: { data?: string; network?: string }): SwarmRun {
  const nodes = parseWhole('N', text, 1, MAX_NODES)
  const miners = given.mine === undefined ? Math.min(MINERS, nodes) : parseWhole('--mine', given.mine, 0, nodes)
  const whole = (name: string, value: string | undefined, least: number, most: number): number | undefined =>
    value === undefined ? undefined : parseWhole(name, value, least, most)
  const blockTimeS = whole('--block-time', given.blockTime, 1, 3_600)
  if (blockTimeS !== undefined && network !== undefined) {
    throw new Refusal('--block-time: is of the swarm’s own network; leave it out, or leave out --network')
  }
  const seconds = whole('--for', given.for, 1, MAX_FOR_S)
  for (const [name, file] of [['--csv', given.csv], ['--svg', given.svg]] as const) if (file !== undefined) checkWritable(name, file)
  // Only its time differs from what a name gives: the difficulty follows the hash rate, as in every network.
  const params = askedNetwork(network) ?? parseParams({ name: 'swarm', targetBlockTimeMs: (blockTimeS ?? BLOCK_TIME_S) * 1_000 })
  const options: SwarmRun['options'] = {
    nodes,
    network: params,
    transport: parseTransport(given.transport),
    topology: given.topology === undefined ? undefined : topologyOf(given.topology),
    latencyMs: whole('--latency', given.latency, 0, 60_000),
    jitterMs: whole('--jitter', given.jitter, 0, 60_000),
    loss: given.loss === undefined ? undefined : parseLoss(given.loss),
    bytesPerSecond: given.bandwidth === undefined ? undefined : parseBandwidth(given.bandwidth),
    seed: given.seed,
    paymentsPerMinute: whole('--payments', given.payments, 0, MAX_PAYMENTS_PER_MINUTE) ?? PAYMENTS,
    folder: data && resolve(data),
    cpu: miningCpu(miners),
  }
  const http = { ...(given.http === undefined ? HTTP_DEFAULT : parseHostPort(given.http)), explicitPort: given.http !== undefined }
  return { options, params, miners, durationMs: seconds && seconds * 1_000, http, csv: given.csv, svg: given.svg }
}

function parseTransport(text = 'memory'): 'memory' | 'tcp' {
  if (text === 'memory' || text === 'tcp') return text
  throw new Refusal(`--transport: ${quote(text)} is none; there are memory and tcp`)
}

function topologyOf(text: string): Topology {
  try {
    return parseTopology(text)
  } catch (error) {
    throw new Refusal(`--${(error as Error).message}`) // a RangeError that begins with the option's name
  }
}

/** A share of packets, `0.01`, or percent, `1%`. */
function parseLoss(text: string): number {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? []
  const share = Number(digits) / (percent === '%' ? 100 : 1)
  if (share < 1) return share
  throw new Refusal(`--loss: ${quote(text)} is no share of packets; give a number from 0 to less than 1, such as 0.01, or percent, such as 1%`)
}

const BITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 }

/** Bits a second as lines are sold, `10M`, to bytes. */
function parseBandwidth(text: string): number {
  const [, digits, prefix] = /^(\d+(?:\.\d+)?)([kmg]?)$/i.exec(text) ?? []
  const bits = Number(digits) * (BITS[(prefix ?? '').toLowerCase()] ?? Number.NaN)
  if (bits >= 8_000) return bits / 8
  throw new Refusal(`--bandwidth: ${quote(text)} will not do; give bits a second from 8k, such as 500k, 10M or 1G`)
}

/** A run is long: whether its file can be written is known before. */
function checkWritable(option: string, file: string): void {
  const folder = dirname(resolve(file))
  try {
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw new Refusal(`${option}: nothing can be written in ${folder} (${(error as NodeJS.ErrnoException).code}); name another place`)
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new Refusal(`${option}: ${file} is a folder; name a file`)
}
