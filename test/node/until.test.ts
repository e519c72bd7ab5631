import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { until } from '../../src/node/until.ts'

test('resolves at once where the condition holds, and after an event where it comes to hold', async () => {
  const news = new EventEmitter()
  let ready = true
  await until([[news, 'change']], () => ready)
  ready = false
  const waiting = until([[news, 'change']], () => ready)
  news.emit('change')
  ready = true
  news.emit('change')
  await waiting
  expect(news.listenerCount('change')).toBe(0)
})

test('rejects with the signal’s reason, before and while waiting, and stops listening', async () => {
  const news = new EventEmitter()
  const reason = new Error('enough')
  await expect(until([[news, 'change']], () => false, AbortSignal.abort(reason))).rejects.toBe(reason)
  const abort = new AbortController()
  const waiting = until([[news, 'change']], () => false, abort.signal)
  abort.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  expect(news.listenerCount('change')).toBe(0)
})
