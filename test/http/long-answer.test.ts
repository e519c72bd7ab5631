/** Answers that outlast a client's patience, on a clock that only the test moves. */
import fastify from 'fastify'
import { expect, test } from 'vitest'
import type { Clock } from '../../src/chain/clock.ts'
import { answerWhenDone } from '../../src/http/long-answer.ts'
import { handClock } from './hand-clock.ts'

async function served(work: () => Promise<unknown>, clock: Clock) {
  const app = fastify()
  app.get('/', (_request, reply): Promise<unknown> => answerWhenDone(reply, work(), clock))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, [Symbol.asyncDispose]: () => app.close() }
}

test('what is done in time is a plain answer, and no timer is left', async () => {
  const { clock, waiting } = handClock()
  await using server = await served(async () => ({ done: true }), clock)
  const response = await fetch(server.url)
  expect(await response.text()).toBe('{"done":true}')
  expect(waiting()).toBe(0)
})

test('what fails in time has its own status', async () => {
  const { clock, waiting } = handClock()
  await using server = await served(() => Promise.reject(Object.assign(new Error('no'), { statusCode: 409 })), clock)
  expect((await fetch(server.url)).status).toBe(409)
  expect(waiting()).toBe(0)
})

test('what takes long is JSON after spaces', async () => {
  const { clock, pass, waiting } = handClock()
  const work = Promise.withResolvers<unknown>()
  await using server = await served(() => work.promise, clock)
  const answer = fetch(server.url)
  await pass()
  const response = await answer
  expect(response.status, 'the headers are there before the work is done').toBe(200)
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
  await pass()
  await pass()
  work.resolve({ done: true })
  const text = await response.text()
  expect(text).toMatch(/^ {3}\{"done":true\}$/)
  expect(waiting()).toBe(0)
})

test('what fails after the answer began cuts the connection', async () => {
  const { clock, pass } = handClock()
  const work = Promise.withResolvers<unknown>()
  await using server = await served(() => work.promise, clock)
  const answer = fetch(server.url)
  await pass()
  const response = await answer
  work.reject(new Error('the miner stopped'))
  await expect(response.text()).rejects.toThrow()
})
