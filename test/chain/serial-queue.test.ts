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

test('the next few jobs in line are prepared while one is in hand, each once, and run with what they prepared', async () => {
  const queue = new SerialQueue(() => new Error('closed'), 2)
  queue.open()
  const trace: string[] = []
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const jobs = ['a', 'b', 'c', 'd'].map((name) =>
    queue.runPrepared(
      () => {
        trace.push(`prepare ${name}`)
        return name.toUpperCase()
      },
      async (prepared) => {
        trace.push(`run ${prepared}`)
        await gate
      },
    ),
  )
  expect(trace).toEqual(['prepare a', 'prepare b'])
  await Promise.resolve()
  expect(trace.splice(0)).toEqual(['prepare a', 'prepare b', 'prepare c', 'run A'])
  open()
  await Promise.all(jobs)
  expect(trace).toEqual(['prepare d', 'run B', 'run C', 'run D'])
})

test('a job that fails to prepare fails in its turn, and stops no other', async () => {
  const queue = new SerialQueue(() => new Error('closed'), 2)
  queue.open()
  const settled: string[] = []
  const first = queue.run(() => {}).then(() => settled.push('first'))
  const failing = queue.runPrepared(
    () => { throw new Error('broken') },
    () => settled.push('never'),
  ).catch((error: Error) => settled.push(error.message))
  await Promise.all([first, failing, queue.run(() => {}).then(() => settled.push('last'))])
  expect(settled).toEqual(['first', 'broken', 'last'])
})

test('a queue that prepares nothing ahead prepares a job when its turn has come', async () => {
  const queue = openQueue()
  const trace: string[] = []
  const job = (name: string) => queue.runPrepared(() => trace.push(`prepare ${name}`), () => trace.push(`run ${name}`))
  const both = [job('a'), job('b')]
  expect(trace).toEqual([])
  await Promise.all(both)
  expect(trace).toEqual(['prepare a', 'run a', 'prepare b', 'run b'])
})

test('a queue that was closed with jobs in line prepares those that come after it is opened again', async () => {
  const queue = new SerialQueue(() => new Error('closed'), 1)
  queue.open()
  const refused = [1, 2, 3].map(() => queue.runPrepared(() => {}, () => {}).catch((error: Error) => error.message))
  await queue.close()
  expect(await Promise.all(refused)).toEqual(['closed', 'closed', 'closed'])
  queue.open()
  expect(await queue.runPrepared(() => 7, (prepared) => prepared)).toBe(7)
})
