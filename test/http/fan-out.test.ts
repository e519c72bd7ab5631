/** What many listeners are told, and that nobody waits for all of them. */
import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { FanOut, type Listener } from '../../src/http/fan-out.ts'

/** Takes everything, and keeps it. */
class Kept extends EventEmitter implements Omit<Listener, 'write' | 'end' | 'destroy' | 'once'> {
  readonly socket = null
  writableLength = 0
  heard = ''
  ended = false

  write(bytes: Uint8Array): boolean {
    this.heard += new TextDecoder().decode(bytes)
    return true
  }

  end(): void {
    this.ended = true
  }

  destroy(): void {
    this.emit('close')
  }
}

const asListener = (kept: Kept): Listener => kept as unknown as ServerResponse // as much of one as is used

function listening(count: number) {
  const fanOut = new FanOut(1_000)
  const all = Array.from({ length: count }, () => new Kept())
  for (const kept of all) fanOut.add(asListener(kept))
  const tell = (text: string): void => fanOut.send(Buffer.from(text))
  return { fanOut, all, tell, heard: () => all.map((kept) => kept.heard) }
}

/** Until every turn that was begun has ended. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn()
}

test('a few listeners are told within the call', () => {
  const { tell, heard } = listening(8)
  tell('a')
  expect(heard()).toEqual(Array(8).fill('a'))
})

test('of many, no more than eight in a turn, and each hears all of it in order', async () => {
  const { tell, all, heard } = listening(20)
  const told = (): number => all.filter((kept) => kept.heard !== '').length
  tell('a')
  tell('b')
  expect(told()).toBe(8)
  await turn()
  expect(told()).toBe(16)
  await turns(3)
  expect(heard()).toEqual(Array(20).fill('ab'))
})

test('whoever begins to listen meanwhile hears only what comes after', async () => {
  const { fanOut, tell, heard } = listening(20)
  tell('a')
  const late = new Kept()
  fanOut.add(asListener(late))
  tell('b')
  await turns(4)
  expect(late.heard).toBe('b')
  expect(heard()).toEqual(Array(20).fill('ab'))
})

test('whoever leaves is told no more; whoever does not read is dropped', async () => {
  const { fanOut, tell, all } = listening(20)
  tell('a')
  const [first, last] = [all[0]!, all[19]!]
  last.emit('close')
  first.writableLength = 1_001
  tell('b')
  await turns(4)
  expect(first.heard).toBe('a')
  expect(last.heard).toBe('')
  expect(all[18]!.heard).toBe('ab')
  expect(fanOut.size).toBe(18)
})

test('at the end everybody has heard everything', async () => {
  const { fanOut, tell, all, heard } = listening(20)
  tell('a')
  fanOut.end()
  expect(heard()).toEqual(Array(20).fill('a'))
  expect(all.every(({ ended }) => ended)).toBe(true)
  await turns(3)
  expect(heard(), 'and hears it once').toEqual(Array(20).fill('a'))
})
