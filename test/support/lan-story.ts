/**
 * Stories of a LAN: a program that tells chapter by chapter what real nodes did, and the test that runs it.
 *
 * A story runs in namespaces of its own (lan.ts) and prints a line of JSON a chapter: `{ "chapter", "ok", "ms", … }`;
 * its test looks at those. Each chapter goes on from where the one before it ended.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { inNamespaces } from './lan.ts'
import type { RealNode } from './real-node.ts'

export interface Chapter {
  chapter: string
  ok: boolean
  ms: number
  /** With its stack, where it is not ok. */
  error?: string
  /** What it found out on the way. */
  [found: string]: unknown
}

/** Tells a chapter. One that fails is said to, and makes the process end with status 1. */
export async function chapter(name: string, tell: () => Promise<object | void>): Promise<void> {
  const began = performance.now()
  const told = (rest: object): void => {
    console.log(JSON.stringify({ chapter: name, ...rest, ms: Math.round(performance.now() - began) }))
  }
  try {
    told({ ok: true, ...(await tell()) })
  } catch (error) {
    process.exitCode = 1
    told({ ok: false, error: String(error instanceof Error ? error.stack : error) })
  }
}

/**
 * Runs a story.
 * @param limitMs killed after so long, with all that it started
 */
export async function runStory(file: URL, limitMs: number): Promise<Map<string, Chapter>> {
  const output = await new Promise<string>((resolve) => {
    const args = [...inNamespaces, process.execPath, fileURLToPath(file)]
    execFile('unshare', args, { timeout: limitMs, killSignal: 'SIGKILL' }, (_, stdout, stderr) => {
      if (stderr !== '') console.error(stderr)
      resolve(stdout)
    })
  })
  const lines = output.split('\n').filter((line) => line.startsWith('{'))
  return new Map(lines.map((line) => JSON.parse(line) as Chapter).map((told) => [told.chapter, told]))
}

/** Waits until every node's status holds. */
export async function all(nodes: readonly RealNode[], what: string, holds: Parameters<RealNode['until']>[1]): Promise<void> {
  await Promise.all(nodes.map((node) => node.until(what, holds)))
}

/** Waits until every node is on one's tip; resolves with how long that took, ms. */
export async function allOnTheTipOf(nodes: readonly RealNode[], of: RealNode): Promise<number> {
  const began = performance.now()
  const { tip, height } = await of.client.status()
  await all(nodes, `it is on the tip of height ${height}`, (status) => status.tip === tip)
  return Math.round(performance.now() - began)
}

/** Mines one block after the other; resolves when the node has them. */
export async function mine(node: RealNode, count: number): Promise<void> {
  await node.client.mineBlocks(count)
}

export const balanceOf = async (account: RealNode, at: RealNode): Promise<number> =>
  (await at.client.account(account.ready.account)).balance
