/**
 * From the command to a network: how long until a node serves, finds a peer by mDNS, and has the other's block.
 * Real processes in network namespaces of their own (Linux, as root): on a LAN of hosts with a cable each
 * (lan/start-times.ts), and beside each other on one host (the story test/lan/two-machines.ts).
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { inNamespaces } from '../support/lan.ts'
import { type Benchmark, figureOf } from './figure.ts'
import type { StartTimes } from './lan/start-times.ts'

const RUNS = 5

interface Chapter {
  chapter: string
  ok: boolean
  ms: number
  startedInMs?: number[]
  afterTheLastBlockMs?: number
  error?: string
}

export const benchmark: Benchmark = async (report) => {
  const seconds = (ms: number): number => ms / 1000
  const starts = measureStarts()
  const start = (name: string, runs: number[], atMost?: number): void =>
    report(figureOf({ name, unit: 's', runs: runs.map(seconds), atMost }))
  start('process start → serving', starts.serving, 1)
  start('process start → first peer over mDNS', starts.firstPeer, 2)
  start('process start → serving, no compile cache yet', starts.coldServing)
  start('npm start → serving', starts.npmServing)
  start('eight hosts at once: start → the last serves', starts.eightServing)
  start('eight hosts at once: start → each has a peer', starts.eightFirstPeer)
  start('eight hosts at once: start → each has three peers', starts.eightThreePeers)

  const stories = Array.from({ length: RUNS }, tell)
  const of = (text: string): Chapter[] => stories.map((story) => find(story, text))
  report(figureOf({
    name: 'npm start → ready, two at once',
    unit: 's',
    runs: of('npm start').flatMap(({ startedInMs = [] }) => startedInMs.map(seconds)),
    atMost: 2,
  }))
  report(figureOf({ name: 'both ready → both have a peer, by mDNS', unit: 's', runs: of('mDNS').map(({ ms }) => seconds(ms)), atMost: 5 }))
  report(figureOf({
    name: 'third of three blocks mined → on the other node',
    unit: 's',
    runs: of('three blocks').map(({ afterTheLastBlockMs = Number.NaN }) => seconds(afterTheLastBlockMs)),
    atMost: 3,
  }))
  report(figureOf({ name: 'a third node: start → same tip', unit: 's', runs: of('third node').map(({ ms }) => seconds(ms)) }))
}

function measureStarts(): StartTimes {
  const story = fileURLToPath(new URL('lan/start-times.ts', import.meta.url))
  const output = execFileSync('unshare', [...inNamespaces, process.execPath, story], { encoding: 'utf8' })
  return JSON.parse(output) as StartTimes // the line that it prints
}

function tell(): Chapter[] {
  const story = fileURLToPath(new URL('../lan/two-machines.ts', import.meta.url))
  const output = execFileSync('unshare', ['-n', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"', process.execPath, story], { encoding: 'utf8' })
  return output.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Chapter)
}

function find(story: Chapter[], text: string): Chapter {
  const chapter = story.find((one) => one.chapter.includes(text))
  if (chapter?.ok !== true) throw new Error(`the story failed at "${text}": ${chapter?.error ?? 'it never came to it'}`)
  return chapter
}
