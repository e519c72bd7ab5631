/**
 * Reads `GET /chain` block by block as it arrives, and stops when it has seen enough: the answer holds the whole chain,
 * which may be far more than a browser wants to hold, let alone show.
 *
 *   { "chain": [ {…}, {…}, … ], "length": 1285 }
 *
 * It finds where each block of the array ends by counting braces outside of strings; what lies between is plain JSON.
 */

/** A block as the lab showed it. */
export type LabBlock = Record<string, unknown>

/**
 * The blocks of the `chain` array, in order.
 * @param chunks the answer's body, decoded text in pieces of any size
 * @throws SyntaxError where the text is not JSON
 */
export async function* labBlocks(chunks: AsyncIterable<string>): AsyncGenerator<LabBlock> {
  let depth = 0
  let inString = false
  let escaped = false
  let block = '' // text of the block begun, if any
  for await (const chunk of chunks) {
    let start = 0
    for (let at = 0; at < chunk.length; at += 1) {
      const character = chunk[at]
      if (inString) {
        if (escaped) escaped = false
        else if (character === '\\') escaped = true
        else if (character === '"') inString = false
      } else if (character === '"') {
        inString = true
      } else if (character === '{' || character === '[') {
        depth += 1
        if (depth === 3) start = at // 1 is the answer, 2 the array, 3 a block
      } else if (character === '}' || character === ']') {
        if (depth === 3) {
          yield JSON.parse(block + chunk.slice(start, at + 1)) as LabBlock // an object: it began with a brace
          block = ''
        }
        depth -= 1
      }
    }
    if (depth >= 3) block += chunk.slice(start)
  }
}

/** A response's body as text, piece by piece; leaving the loop early ends the transfer. */
export async function* textOf(response: Response): AsyncGenerator<string> {
  if (response.body === null) return
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value
  } finally {
    await reader.cancel()
  }
}
