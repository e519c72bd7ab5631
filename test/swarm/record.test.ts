import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { csvOf } from '../../src/swarm/record-csv.ts'
import { Record } from '../../src/swarm/record.ts'
import type { Swarm } from '../../src/swarm/swarm.ts'
import type { SwarmEvents } from '../../src/swarm/swarm-events.ts'
import { treeSvg } from '../../src/swarm/tree-svg.ts'

const hashOf = (name: string): string => Buffer.from(name).toString('hex').padStart(64, '0')
const nameOf = (hash: string): string => Buffer.from(hash.replace(/^0+/, ''), 'hex').toString()

/**
 * A record of blocks written as `name<parent@node+time`, in the order in which they are found, of four nodes.
 *
 *        a ─ b ─ c ─ d
 *          └ x ─ y
 *          └ z
 */
function recordOf(found: string, tips: string) {
  const events = new EventEmitter<SwarmEvents>()
  // The name of one has what CSV and SVG must not take for their own.
  const nodes = ['otter', 'he said "<ox> & co", twice', 'fox', 'owl'].map((name) => ({ running: true, name }))
  const record = new Record({ events, nodes, running: [0, 1, 2, 3] } as unknown as Pick<Swarm, 'events' | 'nodes' | 'running'>) // what it looks at
  const heights = new Map([['', 0]])
  for (const text of found.match(/\S+/g) ?? []) {
    const [, name = '', parent = '', node = '', time = ''] = /^(\w+)<(\w*)@(\d)\+(\d+)$/.exec(text) ?? []
    const height = (heights.get(parent) ?? 0) + 1
    heights.set(name, height)
    events.emit('block:found', {
      at: 1_700_000_000_000 + Number(time), node: Number(node), hash: hashOf(name), parent: hashOf(parent), height,
      miner: '07'.repeat(32), transactions: Number(node), difficulty: 1_000,
    })
  }
  tips.split('').forEach((tip, node) => events.emit('tip:changed', { at: 0, node, hash: hashOf(tip), height: heights.get(tip) ?? 0, left: 0 }))
  const arrive = (name: string, time: number, node = 1): void =>
    void events.emit('block:received', { at: 1_700_000_000_000 + time, node, hash: hashOf(name), height: heights.get(name) ?? 0, isBest: true })
  return { record, arrive }
}

const FORK = 'a<@0+0 b<a@1+2000 x<a@2+2100 z<a@3+2200 y<x@2+2500 c<b@0+4000 d<c@1+6000'

describe('a record', () => {
  test('the best chain is the one that most nodes are on; of two with as many, the higher', () => {
    const best = (tips: string): string => [...recordOf(FORK, tips).record.best()].map(nameOf).sort().join('')
    expect(best('dddy')).toBe('abcd')
    expect(best('yyyd')).toBe('axy')
    expect(best('ddyy')).toBe('abcd')
    expect(recordOf('', '').record.best().size).toBe(0)
  })

  test('a block has reached a share of the nodes when so many have it, its finder too', () => {
    const { record, arrive } = recordOf(FORK, 'dddd')
    const [a] = record.blocks
    expect([0.25, 0.5, 0.95].map((share) => record.reachedMs(a!, share))).toEqual([0, undefined, undefined])
    arrive('a', 30)
    arrive('a', 40)
    arrive('a', 250)
    arrive('nobody', 1)
    expect([0.25, 0.5, 0.75, 0.95, 1].map((share) => record.reachedMs(a!, share))).toEqual([0, 30, 40, 250, 250])
  })
})

describe('as CSV', () => {
  test('a row a block, with what is not known left empty and what is quoted in quotes', () => {
    const { record, arrive } = recordOf(FORK, 'dddd')
    arrive('b', 2_012)
    const lines = csvOf(record).split('\r\n')
    expect(lines[0]).toBe('time,node,name,height,hash,parent,difficulty,miner,transactions,best,reached_50_ms,reached_95_ms,reached_100_ms')
    expect(lines).toHaveLength(1 + 7 + 1)
    expect(lines[2]).toBe(
      `2023-11-14T22:13:22.000Z,1,"he said ""<ox> & co"", twice",2,${hashOf('b')},${hashOf('a')},1000,` +
        'cairn1qurswpc8qurswpc8qurswpc8qurswpc8qurswpc8qurswpc8qurs3npph4,1,1,12,,',
    )
    expect(lines[3]).toMatch(/,2,0,,,$/) // beside the chain
  })

  test('of a run without a block it is its head', () => {
    expect(csvOf(recordOf('', '').record)).toMatch(/^time,[\w,]+\r\n$/)
  })
})

describe('as a picture', () => {
  const placesIn = (svg: string) =>
    Object.fromEntries([...svg.matchAll(/<ellipse class="stone( lost)?" cx="([\d.]+)" cy="([\d.]+)"[^>]*><title>block (\d+) {2}(\w+)/g)]
      .map(([, lost, x, y, height, hash]) => [nameOf(hash!), { lost: lost !== undefined, x: Number(x), y: Number(y), height: Number(height) }]))

  test('the chain lies in one line, each branch in a line of its own below, and height goes to the right', () => {
    const places = placesIn(treeSvg(recordOf(FORK, 'dddd').record))
    expect(Object.keys(places).sort().join('')).toBe('abcdxyz')
    const top = places.a!.y
    for (const name of 'abcd') expect(places[name]).toMatchObject({ y: top, lost: false })
    for (const name of 'xyz') expect(places[name]!.lost).toBe(true)
    expect(places.x!.y).toBe(places.y!.y)
    expect(new Set([top, places.x!.y, places.z!.y]).size).toBe(3)
    expect(places.b!.x).toBe(places.x!.x)
    expect(places.c!.x - places.b!.x).toBeCloseTo(places.b!.x - places.a!.x)
  })

  test('no two stones lie on each other, however the branches go', () => {
    const tangle = 'a<@0+0 b<a@1+1 c<a@1+2 d<b@0+3 e<b@0+4 f<c@0+5 g<c@0+6 h<d@0+7 i<e@0+8 j<f@0+9 k<f@1+9 l<k@1+9 m<h@1+9'
    const places = Object.values(placesIn(treeSvg(recordOf(tangle, 'mmmm').record)))
    expect(places).toHaveLength(13)
    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(13)
  })

  test('says who found what, and takes no name for its own', () => {
    const svg = treeSvg(recordOf(FORK, 'dddd').record)
    expect(svg).toContain('4 blocks in the chain, 3 beside it')
    expect(svg).toContain('mined by node 1, he said &quot;&lt;ox&gt; &amp; co&quot;, twice, at 2023-11-14T22:13:22.000Z')
    expect(svg).not.toContain('<ox>')
    expect(svg.match(/<svg /g)).toHaveLength(1)
  })

  test('of a run without a block there is a picture too', () => {
    expect(treeSvg(recordOf('', '').record)).toContain('no block was found')
  })
})
