import { expect, test } from 'vitest'
import { SerialQueue } from '../../src/chain/serial-queue.ts'

const openQueue = (): SerialQueue => {
  const queue = new SerialQueue(() => new Error('closed'))
  queue.open()
  return queue
}

test('jobs run one after the other, in order, however long each takes', async () => {
  const queue = openQueue()
  const trace: string[] = []
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const first = queue.run(async () => {
    trace.push('first begins')
    await gate
    trace.push('first ends')
    return 1
  })
  const second = queue.run(() => {
    trace.push('second')
    return 2
  })
  open()
  expect(await Promise.all([first, second])).toEqual([1, 2])
  expect(trace).toEqual(['first begins', 'first ends', 'second'])
})

test('a job that is asked for inside another one waits for its turn', async () => {
  const queue = openQueue()
  const trace: string[] = []
  let inner: Promise<unknown> | undefined
  await queue.run(() => {
    inner = queue.run(() => trace.push('inner'))
    trace.push('outer')
  })
  await inner
  expect(trace).toEqual(['outer', 'inner'])
})

test('a job that throws fails its caller and nobody else', async () => {
  const queue = openQueue()
  const failing = queue.run(() => {
    throw new Error('broken')
  })
  const next = queue.run(() => 'fine')
  await expect(failing).rejects.toThrow('broken')
  expect(await next).toBe('fine')
})

test('closing waits for the job in hand and refuses the rest', async () => {
  const queue = openQueue()
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  let done = false
  const inHand = queue.run(async () => {
    begin()
    await gate
    done = true
  })
  await begun
  const waiting = expect(queue.run(() => 'never')).rejects.toThrow('closed')
  const closing = queue.close()
  open()
  await closing
  expect(done).toBe(true)
  await inHand
  await waiting
  await expect(queue.run(() => 'late')).rejects.toThrow('closed')
  await queue.close()
})

test('a queue takes nothing before it is opened', async () => {
  await expect(new SerialQueue(() => new Error('closed')).run(() => 1)).rejects.toThrow('closed')
})
