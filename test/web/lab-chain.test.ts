import { expect, test } from 'vitest'
import { labBlocks, textOf } from '../../src/web/lab-chain.ts'

const CHAIN = {
  chain: [
    { index: 1, transactions: [], note: 'brackets ]}{[ and "quotes" \\ in text' },
    { index: 2, transactions: [{ amount: 30, list: [1, [2]] }, { amount: 1 }] },
    { index: 3, transactions: [] },
  ],
  length: 3,
}

async function* inPieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

test.each([1, 2, 7, 1000])('finds every block, whatever pieces of %d characters the answer comes in', async (size) => {
  for (const text of [JSON.stringify(CHAIN), JSON.stringify(CHAIN, null, 2)]) {
    const blocks = []
    for await (const block of labBlocks(inPieces(text, size))) blocks.push(block)
    expect(blocks).toEqual(CHAIN.chain)
  }
})

test('stops reading when no more is wanted', async () => {
  let cancelled = false
  const endless = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"chain":[')),
    pull: (controller) => controller.enqueue(new TextEncoder().encode('{"index":1},')),
    cancel: () => { cancelled = true },
  })
  let seen = 0
  for await (const _ of labBlocks(textOf(new Response(endless)))) {
    seen += 1
    if (seen === 5) break
  }
  expect(seen).toBe(5)
  expect(cancelled).toBe(true)
})
