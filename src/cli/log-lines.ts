/**
 * The node's log: JSON lines in a pipe, for programs; on a terminal, one short line each, for people. Each thing that happens
 * is one line, and everything it says is said once: `msg` is a sentence that never changes, the facts are fields, `code` is
 * the word that HTTP, the page and peers' scores have for it, `reason` what was found.
 *
 *   14:03:12  ■ found block 12  0000…9c21
 *   14:03:15  refused block  code block-bad-pow, peer flint-otter
 *
 * A record with an `event` is one that `narrate` wrote, and its message says everything in it. Of any other, the fields
 * follow the message. Names in it come from other machines: what is not visible is taken out.
 */
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import { formatAddress } from './format.ts'
import { createProgressLine, type ProgressLine } from './progress.ts'
import { type Paint, painter, type Style } from './output.ts'
import { cutMiddle, stripControls } from './text.ts'

/** What each event is called where programs read. */
const SENTENCES = {
  'node:stopping': 'the node stops',
  'block:connected': 'a block joined the best chain',
  'chain:reorg': 'the best chain moved to the branch with more work',
  'peer:connected': 'a peer joined',
  'peer:disconnected': 'a peer left',
  'sync:progress': 'catching up began or ended',
}

export type LoggedEvent = keyof typeof SENTENCES

export interface Logs {
  /**
   * Writes down one thing that happened. People read `text`; programs the sentence of the event, which is always the same
   * one, and the fields.
   */
  tell: (event: LoggedEvent, fields: Record<string, unknown>, text: string) => void
  /** For the node's parts. */
  parts: Logger
  /** Below the log on a terminal, and nowhere else. */
  line: ProgressLine
}

/**
 * The log of this process on standard error.
 *
 * On a terminal at `info`, people read sentences: what the parts write is then heard from `warn` on, since what they
 * write at `info` is what `narrate` and the banner tell. Programs, and `--log debug`, get all of it.
 * @param level the least important that is written
 */
export function createLogs(level: string): Logs {
  const { stderr } = process
  const people = stderr.isTTY
  const line = createProgressLine(stderr)
  const stream: DestinationStream = people ? humanStream(line, painter(stderr)) : { write: (line) => void stderr.write(line) }
  const formatters = { level: (label: string) => ({ level: label }) }
  const told = pino({ level, base: null, timestamp: stdTimeFunctions.isoTime, formatters }, stream)
  const tell: Logs['tell'] = (event, fields, text) => told.info({ event, ...fields }, people ? text : SENTENCES[event])
  return { tell, parts: people && level === 'info' ? told.child({}, { level: 'warn' }) : told, line }
}

const humanStream = (line: ProgressLine, paint: Paint): DestinationStream => ({
  write: (record) => line.print(formatLogLine(record, paint)),
})

const LEVELS: Record<string, Style> = { fatal: 'red', error: 'red', warn: 'yellow', debug: 'dim' }

/** Fields that the line shows otherwise, or not at all: which part wrote it tells people nothing. */
const SHOWN_OTHERWISE = new Set(['level', 'time', 'msg', 'part', 'event', 'err'])

interface LogRecord extends Record<string, unknown> {
  level: string
  /** ISO 8601. */
  time: string
  msg?: string
  err?: { message?: string }
}

/** One record, as pino writes it, to one line for people. */
export function formatLogLine(line: string, paint: Paint): string {
  const record = JSON.parse(line) as LogRecord // pino wrote it
  const style = LEVELS[record.level]
  const message = `${markOf(record, paint)}${stripControls(record.msg ?? '')}`
  const rest = record.event === undefined ? Object.entries(record).filter(([name]) => !SHOWN_OTHERWISE.has(name)) : []
  const fields = rest.map(formatField)
  if (record.err?.message !== undefined) fields.push(stripControls(record.err.message.replace(/\s*\n\s*/g, ' ')))
  return [paint('dim', clockOf(record.time)), style ? paint(style, message) : message, fields.length > 0 ? paint('dim', fields.join(', ')) : '']
    .filter((part) => part !== '')
    .join('  ')
}

/** What kind of thing happened, to be seen from the back of a room: a stone for a block, a dot for a peer. */
function markOf({ event, origin }: Record<string, unknown>, paint: Paint): string {
  if (event === 'block:connected') return `${paint(origin === 'local' ? 'green' : 'cyan', '■')} `
  if (event === 'chain:reorg') return `${paint('yellow', '■')} `
  if (event === 'peer:connected' || event === 'peer:disconnected') return `${paint('magenta', '●')} `
  return ''
}

function formatField([name, value]: [string, unknown]): string {
  const text = formatAddress(stripControls(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')))
  return `${name} ${/^([0-9a-f]{64}|cairn1\w+|12D3KooW\w+)$/.test(text) ? cutMiddle(text, 15) : text}`
}

/** The local time of day of an ISO time. */
const clockOf = (iso: string): string => {
  const time = new Date(iso)
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':')
}
