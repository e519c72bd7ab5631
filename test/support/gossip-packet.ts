/**
 * Packets of gossipsub as bytes, so that a test can send what gossipsub itself never would: the same message twice,
 * a million of them, or half of one.
 *
 *   RPC      { repeated Message publish = 2 }          Message { bytes data = 2, string topic = 4 }
 */

/** A packet with such messages of a topic. */
export function gossipPacket(topic: string, ...messages: readonly Uint8Array[]): Uint8Array {
  const name = new TextEncoder().encode(topic)
  return joined(messages.map((data) => field(2, joined([field(2, data), field(4, name)]))))
}

/** A protobuf field of bytes: tag, length, bytes. */
function field(number: number, bytes: Uint8Array): Uint8Array {
  const head = [(number << 3) | 2]
  let rest = bytes.length
  for (; rest > 0x7f; rest >>>= 7) head.push((rest & 0x7f) | 0x80)
  head.push(rest)
  return joined([Uint8Array.from(head), bytes])
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
