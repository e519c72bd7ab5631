import { expect, test } from 'vitest'
import { Emitter } from '../../../src/swarm/virtual/emitter.ts'

interface Events {
  came: number
  went: number
}

test('an event goes to those who listen for it, in the order in which they came', () => {
  const emitter = new Emitter<Events>()
  const heard: string[] = []
  emitter.addEventListener('came', (event) => heard.push(`a ${event}`))
  emitter.addEventListener('went', (event) => heard.push(`b ${event}`))
  emitter.addEventListener('came', (event) => heard.push(`c ${event}`))
  emitter.tell('came', 1)
  emitter.tell('went', 2)
  expect(heard).toEqual(['a 1', 'c 1', 'b 2'])
})

test('who begins to listen in an event hears of the next one, and who ends in it was there', () => {
  const emitter = new Emitter<Events>()
  const heard: string[] = []
  const late = (event: number): void => void heard.push(`late ${event}`)
  const leaving = (event: number): void => void heard.push(`leaving ${event}`)
  emitter.addEventListener('came', (event) => {
    heard.push(`first ${event}`)
    if (event > 1) return
    emitter.removeEventListener('came', leaving)
    emitter.addEventListener('came', late)
  })
  emitter.addEventListener('came', leaving)
  emitter.tell('came', 1)
  emitter.tell('came', 2)
  expect(heard).toEqual(['first 1', 'leaving 1', 'first 2', 'late 2'])
})
